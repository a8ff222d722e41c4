#!lua flags=no-writes
-- message_page: one page of a room's messages, ascending.
--
-- KEYS  room log members
-- ARGV  user direction(before|after) seq limit
--       before: what lies below `seq` (0: the newest page); after: what lies above it
-- gives {ok, first, last, more, entry, ...} first..last is the range of seq that the page covers;
--       more: 1 when there is more in that direction
--       {not_found} · {forbidden} as in message_send
-- Entries that are no messages are passed over; the work of one call is bounded, so that a page
-- may hold fewer messages than asked for and still say `more`.
local room, log, members = unpack(KEYS)
local user, direction = ARGV[1], ARGV[2]
local from, limit = tonumber(ARGV[3]), tonumber(ARGV[4])

local kind, head = unpack(redis.call('HMGET', room, 'kind', 'seq'))
if not kind then return {'not_found'} end
if redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'private' and 'not_found' or 'forbidden'}
end
head = tonumber(head)

local back = direction == 'before'
local edge = back and (from == 0 and head or math.min(from - 1, head)) or from + 1
local entries, here, budget, more = {}, nil, limit + 1000, 1
local next_seq = edge
while #entries < limit and budget > 0 do
    local count = math.min(budget, math.max(limit - #entries, 50))
    local rows = back and redis.call('XREVRANGE', log, string.format('%d-0', next_seq), '-', 'COUNT', count)
        or redis.call('XRANGE', log, string.format('%d-0', next_seq), '+', 'COUNT', count)
    if next_seq < 1 or #rows == 0 then
        more = 0
        break
    end
    for _, row in ipairs(rows) do
        here = tonumber(string.match(row[1], '^%d+'))
        if string.sub(row[2][2], 1, 17) == '{"type":"message"' then
            entries[#entries + 1] = row[2][2]
            if #entries == limit then break end
        end
    end
    budget = budget - #rows
    next_seq = back and here - 1 or here + 1
end

if not here then return {'ok', 0, 0, 0} end
if more == 1 then
    local beyond = back and redis.call('XREVRANGE', log, string.format('%d-0', here - 1), '-', 'COUNT', 1)
        or redis.call('XRANGE', log, string.format('%d-0', here + 1), '+', 'COUNT', 1)
    if here - 1 < 1 and back or #beyond == 0 then more = 0 end
end
local answer = {'ok', back and here or edge, back and edge or here, more}
for i = 1, #entries do
    answer[4 + i] = entries[back and #entries + 1 - i or i]
end
return answer
