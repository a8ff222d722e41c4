#!lua
-- push_room_join: a member of the room has a device that wants to be woken.
--
-- KEYS  members pushers
-- ARGV  user
-- gives {ok} · {not_found} no member
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return {'not_found'} end
redis.call('SADD', KEYS[2], ARGV[1])
return {'ok'}
