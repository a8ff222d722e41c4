#!lua
-- push_note: something is to be done soon: rooms to be looked at, or devices to be woken.
--
-- KEYS  due facts
-- ARGV  after_ms most share names
--       most: how many can wait in all; share: of one user's devices
--       names: `ROOM ...`, or of devices `USER,SESSION,ROOM,SEQ ...`, where SEQ is the message
-- gives {ok, dropped} how many found no place
-- What is due already stays due as soon as it was; so whoever is at it finds that it has changed
-- (push_settle). One device waits for one room once: a newer message takes the place of an older.
-- facts: `BORN TRIES SEQ NOT_BEFORE` of a device, which a push service may have asked to wait; and
-- by user, how many of theirs wait.
local due, facts = unpack(KEYS)
local after_ms, most, share, names = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count, dropped = redis.call('ZCARD', due), 0

local function note(member, at)
    if count >= most and not redis.call('ZSCORE', due, member) then
        dropped = dropped + 1
        return false
    end
    local added = redis.call('ZADD', due, 'LT', string.format('%d', at), member)
    count = count + added
    return true, added
end

-- Of one user's no more than a share, so that nobody takes the places of all others.
local function note_device(user, member, at)
    if tonumber(redis.call('HGET', facts, user) or 0) >= share and not redis.call('ZSCORE', due, member) then
        dropped = dropped + 1
        return false
    end
    local noted, added = note(member, at)
    if added == 1 then redis.call('HINCRBY', facts, user, 1) end
    return noted
end

for name in string.gmatch(names, '%S+') do
    local member, user, seq = string.match(name, '^((%w+),%w+,%w+),(%d+)$')
    if member then
        local tries, held = string.match(redis.call('HGET', facts, member) or '', '^%d+ (%d+) %d+ (%d+)$')
        if note_device(user, member, math.max(now + after_ms, tonumber(held or 0))) then
            redis.call('HSET', facts, member, string.format('%d %s %s %s', now, tries or 0, seq, held or 0))
        end
    else
        note(name, now + after_ms)
    end
end
return {'ok', dropped}
