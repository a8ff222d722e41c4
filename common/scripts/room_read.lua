#!lua
-- room_read: moves a user's mark forward to `seq`.
--
-- KEYS  room log members read fold gone mentions
-- ARGV  user seq channel event
--       `event` is published when the mark has moved (a passing event)
-- gives {ok, mark} · {ok, mark, again} call once more: the work of one call is bounded
--       {not_found} · {forbidden} as in message_send · {invalid} beyond the end of the log
--
-- The mark is `SEQ N OWN`: read up to entry SEQ, which bears number N, and OWN messages of the
-- user's own, not deleted, lie after it. So unread = n of the room - N - OWN - those of `gone`
-- after SEQ, without walking anything; what has to be counted, here, is only OWN, and only where
-- it isn't 0. It is counted on the shorter side of `seq`, what is left or what is read now: so who
-- reads on entry by entry has each walked over once, and not all that is left each time.
local room, log, members, read, fold, gone, mentions = unpack(KEYS)
local user, seq, channel, event = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local MOST = 2000 -- entries walked in one call

local kind, head, n = unpack(redis.call('HMGET', room, 'kind', 'seq', 'n'))
if not kind then return {'not_found'} end
if redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'public' and 'forbidden' or 'not_found'}
end
head = tonumber(head)
if seq > head then return {'invalid'} end

-- include entry
-- include reading

local mark, at_n, own = reading_of(user)
if seq <= mark then return {'ok', mark} end

-- How many of the entries above `low`, up to `high`, are messages of the user's own.
local function count_own(low, high)
    local count = 0
    for _, row in ipairs(redis.call('XRANGE', log, string.format('%d-0', low + 1), string.format('%d-0', high))) do
        if is_message(row[2][2]) and author_of(row[2][2]) == user then count = count + 1 end
    end
    return count
end

local target = seq
if own > 0 then
    if head - seq <= math.min(MOST, seq - mark) then
        own = count_own(seq, head)
    else
        target = math.min(seq, mark + MOST)
        own = own - count_own(mark, target)
    end
end

if target == head then
    at_n = n
else
    at_n = string.match(find_entry(string.format('%d', target)) or '', '"n":(%d+)') or at_n
end
redis.call('HSET', read, user, string.format('%d %d %d', target, at_n, own))
redis.call('ZREMRANGEBYSCORE', mentions, '-inf', string.format('%d', target))
if target < seq then return {'ok', target, 'again'} end
redis.call('PUBLISH', channel, event)
return {'ok', target}
