#!lua flags=no-writes
-- message_page: one page of a room's messages, ascending.
--
-- KEYS  room log members fold
-- ARGV  user direction(before|after|around) seq limit
--       before: what lies below `seq` (0: the newest page); after: what lies above it;
--       around: half of it up to and with `seq`, the rest above
-- gives {ok, first, last, more, more_after, head, entry, fold, ...} first..last is the range of seq
--       that the page covers; more: 1 when there is more in that direction, of `around` below;
--       more_after: of `around`, when there is more above; head: the log's newest entry by now;
--       fold: what has become of the message up to there, or ""
--       {not_found} · {forbidden} as in message_send
-- Entries that are no messages are passed over; the work of one call is bounded, so that a page
-- may hold fewer messages than asked for and still say `more`.
local room, log, members, fold = unpack(KEYS)
local user, direction = ARGV[1], ARGV[2]
local from, limit = tonumber(ARGV[3]), tonumber(ARGV[4])

local kind, head, trimmed = unpack(redis.call('HMGET', room, 'kind', 'seq', 'trimmed'))
if not kind then return {'not_found'} end
if redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'public' and 'forbidden' or 'not_found'}
end
head, trimmed = tonumber(head), tonumber(trimmed or 0)

-- include range

-- Messages from `edge` on; the last entry that was looked at, nil when there was none; 1 when
-- there are more.
local function collect(edge, step, most)
    local messages, here, budget = {}, nil, most + 1000
    while #messages < most and budget > 0 do
        local rows = read_log(here and here + step or edge, step, math.min(budget, math.max(most - #messages, 50)))
        if #rows == 0 then break end
        for _, row in ipairs(rows) do
            here = row[1]
            if string.sub(row[2], 1, 17) == '{"type":"message"' then
                messages[#messages + 1] = row
                if #messages == most then break end
            end
        end
        budget = budget - #rows
    end
    local more = here and (step == 1 and here < head or step == -1 and here - 1 > trimmed)
    return messages, here, more and 1 or 0
end

local below, first, more, above, last, more_after = {}, nil, 0, {}, nil, 0
if direction == 'before' then
    last = from == 0 and head or math.min(from - 1, head)
    below, first, more = collect(last, -1, limit)
elseif direction == 'after' then
    first = from + 1
    above, last, more = collect(first, 1, limit)
else
    local edge = math.min(from, head)
    below, first, more = collect(edge, -1, math.ceil(limit / 2))
    above, last, more_after = collect(edge + 1, 1, math.floor(limit / 2))
    if first and not last then last = edge end
    if last and not first then first = edge + 1 end
end
if not first or not last then return {'ok', 0, 0, 0, 0, head} end

local answer, seqs = {'ok', first, last, more, more_after, head}, {}
local function take(message)
    seqs[#seqs + 1] = string.format('%d', message[1])
    answer[#answer + 1] = message[2]
    answer[#answer + 1] = ''
end
for i = #below, 1, -1 do take(below[i]) end
for _, message in ipairs(above) do take(message) end
if #seqs > 0 and redis.call('EXISTS', fold) == 1 then
    for i, row in ipairs(redis.call('HMGET', fold, unpack(seqs))) do
        answer[6 + 2 * i] = row or ''
    end
end
return answer
