#!lua
-- push_room: who is to be woken for what has been said in a room, some of them at a time.
--
-- KEYS  room log members read fold gone notify pushers
-- ARGV  cursor most usual
--       cursor: "0", then what the last call gave; most: users a call, roughly; usual: level
-- gives {ok, cursor, head, user, seq, ...} cursor "0": those were the last; head: the newest entry;
--       seq: the newest message that the user wants to hear of and hasn't read
--       {not_found} there is no such room, or nothing new in it
local room, log, members, read, fold, gone, notify, pushers = unpack(KEYS)
local cursor, most, usual = unpack(ARGV)
local NEWEST = 50 -- entries looked at: who is woken wants the newest

local kind, from, head = unpack(redis.call('HMGET', room, 'kind', 'push', 'seq'))
if not kind or not from then return {'not_found'} end

-- include entry
-- include reading
-- include mentions
-- include wants

local news = {}
for _, row in ipairs(redis.call('XREVRANGE', log, head .. '-0', from .. '-0', 'COUNT', NEWEST)) do
    local seq = string.match(row[1], '^%d+')
    local entry, _, folded = find_entry(seq)
    if entry and is_message(entry) and not is_tombstone(entry) then
        local mentioned = {}
        for _, id in ipairs(mentions_of(entry, folded)) do mentioned[id] = true end
        news[#news + 1] = {seq = tonumber(seq), mentioned = mentioned, by = author_of(entry)}
    end
end

local function newest_for(user)
    local level = level_of(user, kind, usual)
    local mark = level ~= 'nothing' and reading_of(user)
    for _, one in ipairs(level == 'nothing' and {} or news) do
        if one.seq <= mark then return nil end
        if one.by ~= user and (level == 'all' or one.mentioned[user]) then
            return one.seq
        end
    end
end

local page = redis.call('SSCAN', pushers, cursor, 'COUNT', most)
local answer = {'ok', page[1], tonumber(head)}
for _, user in ipairs(page[2]) do
    if redis.call('HEXISTS', members, user) == 0 then
        redis.call('SREM', pushers, user)
    else
        local seq = newest_for(user)
        if seq then
            answer[#answer + 1] = user
            answer[#answer + 1] = seq
        end
    end
end
return answer
