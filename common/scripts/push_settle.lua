#!lua
-- push_settle: what was due has been done, or is to be tried again.
--
-- KEYS  due facts
-- ARGV  name lease after_ms
--       lease: as push_take gave it: where it isn't that any more, something new has come, or the
--       turn was over, and it stays due
--       after_ms: -1: done; else when to try again
-- gives {ok}
local due, facts = unpack(KEYS)
local name, lease, after_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
local is_ours = tonumber(redis.call('ZSCORE', due, name) or -1) == tonumber(lease)

if after_ms < 0 then
    local user = string.match(name, '^(%w+),')
    if is_ours then redis.call('ZREM', due, name) end
    if is_ours and user then
        redis.call('HDEL', facts, name)
        if redis.call('HINCRBY', facts, user, -1) <= 0 then redis.call('HDEL', facts, user) end
        if redis.call('EXISTS', due) == 0 then redis.call('DEL', facts) end -- and all is counted anew
    end
    return {'ok'}
end
local time = redis.call('TIME')
local at = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000) + after_ms)
local born, tries, seq = string.match(redis.call('HGET', facts, name) or '', '^(%d+) (%d+) (%d+) %d+$')
if born then
    redis.call('HSET', facts, name, string.format('%s %d %s %s', born, tries + 1, seq, at))
end
if is_ours or born then redis.call('ZADD', due, 'XX', at, name) end
return {'ok'}
