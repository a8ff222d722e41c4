#!lua
-- room_online: how many of a large room are online; tells the room when that has changed.
--
-- KEYS  online told
-- ARGV  channel room good_ms pause_ms come user ... gone user ...
--       good_ms: those who come are online for so long, unless they are said to come again
--       pause_ms: the room is told this often at most
--       come, gone: how many users follow
-- gives {ok, count, wait_ms} wait_ms: when the room should be told, -1: it knows
local online, told = unpack(KEYS)
local channel, room, good_ms, pause_ms = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local till = string.format('%d', now + good_ms)

local at, come = 6, tonumber(ARGV[5])
for i = at, at + come - 1 do redis.call('ZADD', online, till, ARGV[i]) end
at = at + come
local gone = tonumber(ARGV[at])
for i = at + 1, at + gone do redis.call('ZREM', online, ARGV[i]) end
redis.call('ZREMRANGEBYSCORE', online, '-inf', string.format('%d', now))
-- Where the clock has stepped back, nobody is online until the time that it was: who is will come again.
redis.call('ZREMRANGEBYSCORE', online, string.format('%d', now + 2 * good_ms), '+inf')
redis.call('PEXPIRE', online, string.format('%d', 2 * good_ms))

local count = redis.call('ZCARD', online)
local last, when = string.match(redis.call('GET', told) or '-1 0', '^(%S+) (%S+)$')
if count == tonumber(last) then return {'ok', count, -1} end
local wait = tonumber(when) + pause_ms - now
if wait > 0 and wait <= pause_ms then return {'ok', count, wait} end
redis.call('SET', told, string.format('%d %d', count, now), 'PX', string.format('%d', 10 * good_ms))
redis.call('PUBLISH', channel, string.format('{"type":"presence","room":"%s","online":%d}', room, count))
return {'ok', count, -1}
