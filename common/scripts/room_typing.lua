-- Without `#!lua`: where Redis may not write for now, the room is still told.
-- room_typing: tells a room that a member is writing, unless he is muted.
--
-- KEYS  mutes
-- ARGV  user channel event
-- gives {ok} · {forbidden} muted
local mutes = KEYS[1]
local user, channel, event = unpack(ARGV)

-- include muted

if is_muted(user) then return {'forbidden'} end
redis.call('PUBLISH', channel, event)
return {'ok'}
