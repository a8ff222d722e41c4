#!lua
-- name_release: gives a name back.
--
-- KEYS  name
-- ARGV  id
-- gives {ok} also when it belongs to another by now
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return {'ok'}
