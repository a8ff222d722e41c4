#!lua
-- name_first: puts a name into an index that is empty; of two at once one finds it so.
--
-- KEYS  index
-- ARGV  member
-- gives {ok} · {conflict} there are others
if redis.call('EXISTS', KEYS[1]) == 1 then return {'conflict'} end
redis.call('ZADD', KEYS[1], 0, ARGV[1])
return {'ok'}
