#!lua flags=no-writes
-- search_place: where in a room's log a search begins.
--
-- KEYS  room log members
-- ARGV  user before at
--       at the newest entry below `before` (0: of all) that is not younger than `at` (0: any age)
-- gives {ok, head, indexed, trimmed, seq, at} seq: of that entry, 0 when there is none; at: its
--       time, or the next older one's where its bytes have left the log
--       {not_found} · {forbidden} as in message_send
local room, log, members = unpack(KEYS)
local user, before, at = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local kind, head, indexed, trimmed = unpack(redis.call('HMGET', room, 'kind', 'seq', 'indexed', 'trimmed'))
if not kind then return {'not_found'} end
if redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'public' and 'forbidden' or 'not_found'}
end
head, indexed, trimmed = tonumber(head), tonumber(indexed or 0), tonumber(trimmed or 0)

local function time_of(seq)
    local row = redis.call('XREVRANGE', log, string.format('%d-0', seq), '-', 'COUNT', 1)[1]
    return row and tonumber(string.match(row[2][2], '^{"type":"%a+","seq":%d+,"n":%d+,"at":(%d+)')) or 0
end

local high = before == 0 and head or math.min(before - 1, head)
if high <= trimmed then return {'ok', head, indexed, trimmed, 0, 0} end
local time = time_of(high)
if at > 0 and time > at then
    -- Times rise with seq: between an entry that is old enough (or none) and one that is too young.
    local low = trimmed
    while high - low > 1 do
        local middle = math.floor((low + high) / 2)
        if time_of(middle) > at then high = middle else low = middle end
    end
    if low == trimmed then return {'ok', head, indexed, trimmed, 0, 0} end
    high, time = low, time_of(low)
end
return {'ok', head, indexed, trimmed, high, time}
