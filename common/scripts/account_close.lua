#!lua
-- account_close: erases an account, its sessions and its list of rooms; live connections end.
--
-- KEYS  user sessions user_rooms
-- ARGV  channel
-- gives {ok, room, ...} the rooms that were still in the list · {not_found}
local rooms = redis.call('HKEYS', KEYS[3])
if redis.call('DEL', unpack(KEYS)) == 0 then return {'not_found'} end
redis.call('PUBLISH', ARGV[1], '{"type":"revoked","session":"","spared":""}')
table.insert(rooms, 1, 'ok')
return rooms
