#!lua
-- room_change: sets fields of a room; a log entry tells.
--
-- KEYS  room log members
-- ARGV  actor admin(0|1) channel tail name kind field value ...
--       fields for owners alone: see FOR_OWNERS
--       name, kind: what the actor has seen; another by now is a conflict
-- gives {ok} · {not_found} · {forbidden} as in room_leave · {conflict}
local room, log, members = unpack(KEYS)
local actor, admin, channel, tail, name, kind = unpack(ARGV)

-- include roles
-- include change

local FOR_OWNERS = {kind = true, keep_days = true, keep_messages = true}

local has_kind, mine = enter_room()
if not has_kind then return {'not_found'} end
if has_kind == 'direct' or mine < RANK.moderator then return {'forbidden'} end
for i = 7, #ARGV, 2 do
    if FOR_OWNERS[ARGV[i]] and mine < RANK.owner then return {'forbidden'} end
end
if redis.call('HGET', room, 'name') ~= name or has_kind ~= kind then return {'conflict'} end
redis.call('HSET', room, unpack(ARGV, 7))
append('room', tail)
return {'ok'}
