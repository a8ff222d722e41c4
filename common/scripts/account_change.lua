#!lua
-- account_change: sets fields of an account.
--
-- KEYS  user
-- ARGV  channel field value field value ...
--       channel: where those hear of it who remember accounts
-- gives {ok} · {not_found}
if redis.call('EXISTS', KEYS[1]) == 0 then return {'not_found'} end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('PUBLISH', ARGV[1], '')
return {'ok'}
