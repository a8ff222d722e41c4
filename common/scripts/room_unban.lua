#!lua
-- room_unban: lets a user join again.
--
-- KEYS  room members bans
-- ARGV  actor admin(0|1) user
-- gives {ok} also when there was no ban · {not_found} · {forbidden} as in room_leave
local room, members, bans = unpack(KEYS)
local actor, admin, user = unpack(ARGV)

-- include roles

local kind, mine = enter_room()
if not kind then return {'not_found'} end
if kind == 'direct' or mine < RANK.moderator then return {'forbidden'} end
redis.call('HDEL', bans, user)
return {'ok'}
