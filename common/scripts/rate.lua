#!lua
-- rate: an exact sliding window: at most `most` uses in any `window_ms`.
--
-- KEYS  times (a list, newest first)
-- ARGV  op(use|undo) most window_ms
--       use: counts one, unless that would be one too many; undo: takes the newest back
-- gives {ok, roomy} · {rate_limited, retry_ms}
--       roomy: 1 when less than half of `most` has been used, so that the next one surely may
local op, most, window_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if op == 'undo' then
    redis.call('LPOP', KEYS[1])
    return {'ok', 0}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = tonumber(redis.call('LINDEX', KEYS[1], most - 1) or 0)
-- A clock that was set back must not lock anybody out for longer than one window.
local wait = math.min(oldest + window_ms - now, window_ms)
if oldest <= now and wait > 0 then return {'rate_limited', wait} end
redis.call('LPUSH', KEYS[1], string.format('%d', now))
redis.call('LTRIM', KEYS[1], 0, most - 1)
redis.call('PEXPIRE', KEYS[1], window_ms)
local half = tonumber(redis.call('LINDEX', KEYS[1], math.ceil(most / 2) - 1) or 0)
return {'ok', half + window_ms <= now and 1 or 0}
