#!lua
-- membership_note: keeps a user's own list of rooms after what the room's log says.
--
-- KEYS  user_rooms user past
-- ARGV  op(add|drop) room seq channel event
--       add: unless a later entry is noted; drop: unless a later entry is noted, seq 0: in any case
--       `event` (may be "") is published to the user's connections when the list has changed
-- gives {ok, push} push: 1 where a device of the user's wants to be woken: the room must know
--       {not_found} nothing is added for an account that is gone
-- `past` is every room that the user was ever added to: where to look when the account is erased.
-- The room's members hash is the truth, this list its index; see fcgi/membership.c for the order.
local rooms, user, past = unpack(KEYS)
local op, room, seq, channel, event = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]

local noted = tonumber(redis.call('HGET', rooms, room) or 0)
if op == 'add' then
    if redis.call('EXISTS', user) == 0 then return {'not_found'} end
    if noted >= seq then return {'ok', 0} end
    redis.call('HSET', rooms, room, seq)
    redis.call('SADD', past, room)
else
    if seq ~= 0 and noted > seq then return {'ok'} end
    redis.call('HDEL', rooms, room)
end
if event ~= '' then redis.call('PUBLISH', channel, event) end
return {'ok', redis.call('EXISTS', string.sub(rooms, 1, -6) .. 'pushes')}
