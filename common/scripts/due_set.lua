#!lua
-- due_set: when something is to be looked at.
--
-- KEYS  due
-- ARGV  member after_ms
-- gives {ok}
local time = redis.call('TIME')
local at = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2])
redis.call('ZADD', KEYS[1], string.format('%d', at), ARGV[1])
return {'ok'}
