#!lua
-- log_trim: lets the oldest entries of a room's log go, and all that hangs on them; some at a time.
--
-- KEYS  room log read fold gone
-- ARGV  keep_days keep_messages most
--       for the whole site, 0: for ever. A room that has limits of its own keeps what both allow.
-- gives {ok, count, more, file, ...} count: entries that went; more: 1 when others are to go;
--       the ids of the files that were sent in them
--       {not_found} no such room
-- What goes is always the beginning: an entry older than keep_days, or all up to message n -
-- keep_messages (erased ones have their number, too); never the newest entry, which shows where the
-- log ends. Whoever has not read so far has read it now: see shared/reading.lua.
local room, log, read, fold, gone = unpack(KEYS)
local most = tonumber(ARGV[3])
local DAY_MS = 24 * 60 * 60 * 1000

local kind, head, n, trimmed, own_days, own_messages = unpack(redis.call('HMGET', room,
    'kind', 'seq', 'n', 'trimmed', 'keep_days', 'keep_messages'))
if not kind then return {'not_found'} end
head, n, trimmed = tonumber(head), tonumber(n), tonumber(trimmed or 0)

-- include entry
-- include index
-- include range

local function stricter(site, own)
    site, own = tonumber(site), tonumber(own or 0)
    return site == 0 and own or own == 0 and site or math.min(site, own)
end

local days, messages = stricter(ARGV[1], own_days), stricter(ARGV[2], own_messages)
if days == 0 and messages == 0 then return {'ok', 0, 0} end
local time = redis.call('TIME')
local oldest_at = days > 0 and time[1] * 1000 + math.floor(time[2] / 1000) - days * DAY_MS or 0
local last_n = messages > 0 and n > messages and n - messages or -1

local function is_due(entry)
    local entry_n, at = string.match(entry, '^{"type":"%a+","seq":%d+,"n":(%d+),"at":(%d+),')
    return tonumber(at) < oldest_at or tonumber(entry_n) <= last_n
end

local due = {}
for _, row in ipairs(read_log(trimmed + 1, 1, most)) do
    if row[1] >= head or not is_due(row[2]) then break end
    due[#due + 1] = row
end
if #due == 0 then return {'ok', 0, 0} end

local stem = string.match(room, '^(.*:)room$')
local last = due[#due][1]
local upto = string.format('%d', last)
local seqs, keys, files, authors, mentioned = {}, {}, {}, {}, {}

for i, row in ipairs(due) do
    local seq, entry = row[1], row[2]
    seqs[i] = string.format('%d', seq)
    if is_message(entry) and not is_tombstone(entry) then
        local author = author_of(entry)
        authors[author] = authors[author] or {}
        table.insert(authors[author], seq)
        local key = string.match(entry, ',"key":"([%w_-]+)"')
        if key then keys[#keys + 1] = stem .. 'key:' .. author .. ':' .. key end
        if string.find(entry, '"mentions":[', 1, true) or string.find(entry, '"files":[', 1, true) then
            local message = cjson.decode(entry)
            for _, user in ipairs(message.mentions or {}) do mentioned[user] = true end
            for _, file in ipairs(message.files or {}) do files[#files + 1] = file.id end
        end
    end
end

-- One's own messages above one's mark are counted with it; those that go are so no more.
for author, sent in pairs(authors) do
    local mark, at_n, own = string.match(redis.call('HGET', read, author) or '', '^(%d+) (%d+) (%d+)$')
    local fewer = 0
    for _, seq in ipairs(sent) do
        if mark and seq > tonumber(mark) then fewer = fewer + 1 end
    end
    if fewer > 0 then
        redis.call('HSET', read, author, string.format('%s %s %d', mark, at_n, own - fewer))
    end
end

local pins = {}
for i, json in ipairs(redis.call('HMGET', fold, unpack(seqs))) do
    local folded = json and cjson.decode(json) or {}
    for _, user in ipairs(folded.mentions or {}) do mentioned[user] = true end
    if folded.pinned then pins[#pins + 1] = seqs[i] end
end
for user in pairs(mentioned) do
    redis.call('ZREMRANGEBYSCORE', stem .. 'mention:' .. user, '-inf', upto)
end
if #pins > 0 then redis.call('HDEL', stem .. 'pins', unpack(pins)) end
if #keys > 0 then redis.call('UNLINK', unpack(keys)) end
if #files > 0 then redis.call('HDEL', stem .. 'files', unpack(files)) end
redis.call('HDEL', fold, unpack(seqs))
redis.call('ZREMRANGEBYSCORE', gone, '-inf', upto)
drop_index(trimmed, last)
redis.call('XTRIM', log, 'MINID', string.format('%d-0', last + 1))
redis.call('HSET', room, 'trimmed', upto, 'trimmed_n',
    string.match(due[#due][2], '^{"type":"%a+","seq":%d+,"n":(%d+),'))

local answer = {'ok', #due, #due == most and 1 or 0}
for i, file in ipairs(files) do answer[3 + i] = file end
return answer
