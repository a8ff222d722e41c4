#!lua
-- room_mute: takes a member's voice for a while, or gives it back.
--
-- KEYS  room members mutes
-- ARGV  actor admin(0|1) user op(add|lift) until
--       until: ms since the epoch; 0: until it is lifted
-- gives {ok} lifting: also when there was nothing to lift
--       {not_found} no such room, or one that the actor may not know of, or add: no member
--       {forbidden} · {invalid} `until` has passed
-- A mute outlives leaving, as a ban does: coming back is no way out of it.
local room, members, mutes = unpack(KEYS)
local actor, admin, user, op, till = unpack(ARGV)

-- include roles

local kind, mine = enter_room()
if not kind then return {'not_found'} end
local rank = rank_of(user)
if kind == 'direct' or actor == user or mine < RANK.moderator or mine <= rank then
    return {'forbidden'}
end
if op == 'lift' then
    redis.call('HDEL', mutes, user)
    return {'ok'}
end
if rank == 0 then return {'not_found'} end
local time = redis.call('TIME')
if till ~= '0' and tonumber(till) <= time[1] * 1000 + math.floor(time[2] / 1000) then
    return {'invalid'}
end
redis.call('HSET', mutes, user, till)
return {'ok'}
