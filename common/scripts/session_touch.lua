#!lua
-- session_touch: notes that a session is in use.
--
-- KEYS  sessions
-- ARGV  session ip
--       ip "": leaves the address as it is
-- gives {ok} · {unauthenticated} the session has ended
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then return {'unauthenticated'} end
local s = cjson.decode(stored)
local time = redis.call('TIME')
s.seen_at = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] ~= '' then s.ip = ARGV[2] end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(s))
return {'ok'}
