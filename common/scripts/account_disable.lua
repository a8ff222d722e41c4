#!lua
-- account_disable: closes an account to its user until it is enabled again; live connections end.
--
-- KEYS  user sessions
-- ARGV  channel
-- gives {ok} · {not_found}
if redis.call('EXISTS', KEYS[1]) == 0 then return {'not_found'} end
redis.call('HSET', KEYS[1], 'disabled', '1')
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[1], '{"type":"revoked","session":"","spared":""}')
return {'ok'}
