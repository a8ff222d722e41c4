#!lua
-- account_change: sets fields of an account.
--
-- KEYS  user
-- ARGV  field value field value ...
-- gives {ok} · {not_found}
if redis.call('EXISTS', KEYS[1]) == 0 then return {'not_found'} end
redis.call('HSET', KEYS[1], unpack(ARGV))
return {'ok'}
