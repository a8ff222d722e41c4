#!lua
-- account_close: erases an account, its sessions and its list of rooms; live connections end.
--
-- KEYS  user sessions user_rooms
-- ARGV  channel
-- gives {ok} · {not_found}
if redis.call('DEL', unpack(KEYS)) == 0 then return {'not_found'} end
redis.call('PUBLISH', ARGV[1], '{"type":"revoked","session":"","spared":""}')
return {'ok'}
