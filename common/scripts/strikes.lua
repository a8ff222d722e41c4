#!lua
-- strikes: slows down guessing: after `free` failures each further try has to wait, twice as long
-- as the last, up to `most_ms`. A try counts as failed from its start, so that many at once
-- don't slip through; success clears.
--
-- KEYS  strikes
-- ARGV  op(try|clear) free base_ms most_ms
-- gives {ok} · {rate_limited, retry_ms}
if ARGV[1] == 'clear' then
    redis.call('DEL', KEYS[1])
    return {'ok'}
end
local free, base_ms, most_ms = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored, until_ms = unpack(redis.call('HMGET', KEYS[1], 'count', 'until'))
local wait = math.min(tonumber(until_ms or 0) - now, most_ms)
if wait > 0 then return {'rate_limited', wait} end

local count = tonumber(stored or 0) + 1
local pause = count < free and 0 or math.min(base_ms * 2 ^ (count - free), most_ms)
redis.call('HSET', KEYS[1], 'count', count, 'until', string.format('%d', now + pause))
redis.call('PEXPIRE', KEYS[1], most_ms * 4)
return {'ok'}
