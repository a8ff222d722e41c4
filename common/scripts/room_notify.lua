#!lua
-- room_notify: what a member wants to hear of from a room.
--
-- KEYS  room members notify
-- ARGV  user level
--       level: all, mentions, nothing; "": the usual
-- gives {ok} · {not_found} · {forbidden} as in message_send
local room, members, notify = unpack(KEYS)
local user, level = unpack(ARGV)

-- include refusal

local refused = refusal(user)
if refused then return refused end
if level == '' then
    redis.call('HDEL', notify, user)
else
    redis.call('HSET', notify, user, level)
end
return {'ok'}
