-- change (needs `room`, `log`, `channel`): appends an entry that is no message, and publishes it.
local function append(type, tail)
    local seq = redis.call('HINCRBY', room, 'seq', 1)
    local time = redis.call('TIME')
    local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
    local entry = string.format('{"type":"%s","seq":%d,"n":%d,"at":%s,', type, seq,
        redis.call('HGET', room, 'n'), now) .. tail
    redis.call('XADD', log, seq .. '-0', 'e', entry)
    redis.call('PUBLISH', channel, entry)
    return seq, tonumber(now)
end
