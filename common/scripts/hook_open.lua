#!lua
-- hook_open: a new webhook of a room.
--
-- KEYS  room members hooks
-- ARGV  user all_rooms(0|1) hook tail most
--       all_rooms: whether the user may in every room; tail: the hook's JSON from its `name` on;
--       most: hooks of one room
-- gives {ok, hook_json} · {not_found} no such room, or a private one that the user isn't in
--       {forbidden} neither a moderator nor an owner · {limit_reached} the room has `most` hooks
local room, members, hooks = unpack(KEYS)
local user, all_rooms, hook, tail, most = unpack(ARGV)

-- include moderator

local refused = why_not(user, all_rooms)
if refused then return {refused} end
if redis.call('HLEN', hooks) >= tonumber(most) then return {'limit_reached'} end

local time = redis.call('TIME')
local row = string.format('{"created_at":%d,', time[1] * 1000 + math.floor(time[2] / 1000)) .. tail
redis.call('HSET', hooks, hook, row)
return {'ok', row}
