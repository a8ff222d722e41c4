#!lua flags=no-writes
-- hook_list: the webhooks of a room, in no order.
--
-- KEYS  room members hooks
-- ARGV  user all_rooms(0|1)
-- gives {ok, hook, hook_json, ...} · {not_found} · {forbidden} as in hook_open
local room, members, hooks = unpack(KEYS)
local user, all_rooms = unpack(ARGV)

-- include moderator

local refused = why_not(user, all_rooms)
if refused then return {refused} end
return {'ok', unpack(redis.call('HGETALL', hooks))}
