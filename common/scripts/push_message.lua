#!lua flags=no-writes
-- push_message: whether somebody is still to be woken for a message, and what to show.
--
-- KEYS  room log members read fold gone notify
-- ARGV  user seq usual
-- gives {ok, kind, title, entry, fold, unread} · {not_found} not any more: read, deleted, left, or
--       no longer wanted
local room, log, members, read, fold, gone, notify = unpack(KEYS)
local user, seq, usual = unpack(ARGV)

local kind, title, n = unpack(redis.call('HMGET', room, 'kind', 'title', 'n'))
if not kind or redis.call('HEXISTS', members, user) == 0 then return {'not_found'} end

-- include entry
-- include reading
-- include mentions
-- include wants

local level = level_of(user, kind, usual)
local mark, at_n, own = reading_of(user)
local entry, row, folded = find_entry(seq)
if level == 'nothing' or tonumber(seq) <= mark or not entry or is_tombstone(entry) or
    (level ~= 'all' and not is_mentioned(user, entry, folded)) then
    return {'not_found'}
end
return {'ok', kind, title, entry, row, unread_of(n, mark, at_n, own)}
