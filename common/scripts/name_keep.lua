#!lua
-- name_keep: makes a reservation last.
--
-- KEYS  name
-- ARGV  id
-- gives {ok} · {conflict} the reservation had run out
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'conflict'} end
redis.call('PERSIST', KEYS[1])
return {'ok'}
