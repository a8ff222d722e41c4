#!lua
-- hook_close: ends a webhook: whoever holds its token can do nothing with it from now on.
--
-- KEYS  room members hooks
-- ARGV  user all_rooms(0|1) hook
-- gives {ok} · {not_found} no such hook either · {forbidden} as in hook_open
local room, members, hooks = unpack(KEYS)
local user, all_rooms, hook = unpack(ARGV)

-- include moderator

local refused = why_not(user, all_rooms)
if refused then return {refused} end
return {redis.call('HDEL', hooks, hook) == 1 and 'ok' or 'not_found'}
