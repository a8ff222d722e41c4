#!lua
-- log_erase: takes a user whose account is closed out of a room's log; some entries at a time.
--
-- KEYS  room log read fold gone pins files
-- ARGV  id channel user person messages(keep|erase) seq most
--       person: as whom entries show the user from now on, JSON; from entry `seq` + 1 on, `most`
-- gives {ok, seq, more} up to which entry it is done; more: 1 when there are others
--       {not_found} no such room
-- Kept messages stay as they are but for the name of who wrote them. Erased ones are deleted as by
-- their author, each with an entry that tells. Whatever else names the user (who came and went, who
-- reacted) is shown with the new name, too.
local room, log, read, fold, gone, pins, files = unpack(KEYS)
local id, channel, user, person, messages = unpack(ARGV)
local from, most = tonumber(ARGV[6]) + 1, tonumber(ARGV[7])

local kind, head, trimmed = unpack(redis.call('HMGET', room, 'kind', 'seq', 'trimmed'))
if not kind then return {'not_found'} end
head, trimmed = tonumber(head), tonumber(trimmed or 0)

-- include entry
-- include range
-- include change
-- include mentions
-- include reading
-- include burial

local function end_of_string(text, at)
    while true do
        at = string.find(text, '["\\]', at)
        if string.sub(text, at, at) == '"' then return at end
        at = at + 2
    end
end

-- A person is {"id":…,"name":…,"display":…, and no text can look like that: its quotes bear a `\`.
local named, renamed = '{"id":"' .. user .. '","name":"', string.sub(person, 1, -2)
local function rename(entry)
    local out, at = {}, 1
    while true do
        local first, last = string.find(entry, named, at, true)
        if not first then return table.concat(out) .. string.sub(entry, at) end
        local name_end = end_of_string(entry, last + 1)
        local display_end = end_of_string(entry, name_end + #',"display":"' + 1)
        out[#out + 1] = string.sub(entry, at, first - 1) .. renamed
        at = display_end + 1
    end
end

local function erase(seq, entry, folded)
    bury_message(seq, entry, folded)
    append('deleted', string.format('"room":"%s","from":%s,"target":%s}', id, person, seq))
    return find_entry(seq)
end

-- The newest entry must stay in the stream: another one comes after it, which says nothing new.
local function replace(seq, entry, row)
    if redis.call('HGET', room, 'seq') == seq then
        append('member', string.format('"room":"%s","from":%s,"op":"left","user":%s}', id, person, person))
    end
    local rest = row == '' and '}' or ',' .. string.sub(row, 2)
    if string.find(row, '^{"entry":') then rest = '}' end
    redis.call('HSET', fold, seq, '{"entry":' .. cjson.encode(entry) .. rest)
    redis.call('XDEL', log, seq .. '-0')
end

local rows, replaced = read_log(from, 1, most), false
for _, found in ipairs(rows) do
    from = found[1] + 1
    if string.find(found[2], named, 1, true) then
        local seq = string.format('%d', found[1])
        local entry, row, folded = find_entry(seq) -- an edit may have been buried with its message
        if messages == 'erase' and is_message(entry) and author_of(entry) == user and not is_tombstone(entry) then
            entry, row, folded = erase(seq, entry, folded)
        end
        local fresh = rename(entry)
        if fresh ~= entry then
            replace(seq, fresh, row)
            replaced = true
        end
    end
end
if replaced then redis.call('PUBLISH', channel, '{"type":"revoked"}') end -- from the daemons' memory
return {'ok', from - 1, #rows > 0 and from <= head and 1 or 0}
