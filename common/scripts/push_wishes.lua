#!lua
-- push_wishes: when a user does not want to be disturbed, and what is shown of messages.
--
-- KEYS  user quiet
-- ARGV  json
-- gives {ok} · {not_found} no such account
if redis.call('EXISTS', KEYS[1]) == 0 then return {'not_found'} end
redis.call('SET', KEYS[2], ARGV[1])
return {'ok'}
