#!lua
-- account_close: erases an account, its sessions and its list of rooms; live connections end.
--
-- KEYS  user sessions user_rooms past erasure pushes quiet
-- ARGV  channel
-- gives {ok, room, ...} the rooms that were still in the list · {not_found}
-- What is to be erased from the logs is written down in the same step: all rooms that the user was
-- ever in, from their beginnings (see log_erase).
local past, erasure = table.remove(KEYS, 4), table.remove(KEYS, 4)
local rooms = redis.call('HKEYS', KEYS[3])
for _, room in ipairs(redis.call('SMEMBERS', past)) do redis.call('HSET', erasure, room, 0) end
for _, room in ipairs(rooms) do redis.call('HSET', erasure, room, 0) end
redis.call('DEL', past)
if redis.call('DEL', unpack(KEYS)) == 0 then return {'not_found'} end
redis.call('PUBLISH', ARGV[1], '{"type":"revoked","session":"","spared":""}')
table.insert(rooms, 1, 'ok')
return rooms
