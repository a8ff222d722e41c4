-- reading (needs `room`, `read`, `gone`): how far somebody has read, and what is left (see room_read).
-- What was trimmed away is read: the mark of whoever was below stands at its end.

local function reading_of(user)
    local mark, at_n, own = string.match(redis.call('HGET', read, user) or '0 0 0', '^(%d+) (%d+) (%d+)$')
    local trimmed, trimmed_n = unpack(redis.call('HMGET', room, 'trimmed', 'trimmed_n'))
    if trimmed and tonumber(mark) < tonumber(trimmed) then mark, at_n = trimmed, trimmed_n end
    return tonumber(mark), tonumber(at_n), tonumber(own)
end

local function unread_of(n, mark, at_n, own)
    return n - at_n - own - redis.call('ZCOUNT', gone, string.format('(%d', mark), '+inf')
end
