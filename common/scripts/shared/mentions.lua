-- mentions (needs `room`, `members`): who is mentioned by a message, and what comes of it.
-- Of a member the message is counted until it is read; that, and their channel, have the names that
-- schema.h gives them.

local function mention_key(user) return string.sub(room, 1, -5) .. 'mention:' .. user end

-- Of these ids, separated by spaces, those who may see the room: anybody, where it is public.
local function mentionable(kind, ids)
    local list = {}
    for id in string.gmatch(ids, '%S+') do
        if kind == 'public' or redis.call('HEXISTS', members, id) == 1 then list[#list + 1] = id end
    end
    return list
end

-- Taken from where with_mentions has put them: to read all of a long message for that costs Redis far
-- more, and of many messages it is asked at once. No text looks like it: its quotes bear a `\`.
local function mentions_of(entry, folded)
    if folded.mentions then return folded.mentions end
    local list = {}
    local _, last = string.find(entry, ',"mentions":[', 1, true)
    local ids = last and string.match(entry, '^[^%]]*', last + 1) or ''
    for id in string.gmatch(ids, '%w+') do list[#list + 1] = id end
    return list
end

local function with_mentions(tail, list)
    if #list == 0 then return tail end
    return string.sub(tail, 1, -2) .. ',"mentions":["' .. table.concat(list, '","') .. '"]}'
end

-- `is_unread`: whether they haven't read as far as `seq` yet.
local function mention(user, seq, tail, is_unread)
    if is_unread and redis.call('HEXISTS', members, user) == 1 then
        redis.call('ZADD', mention_key(user), seq, seq)
    end
    -- Behind `from` a name stands between quotes. Within a string each quote has a backslash before
    -- it, and behind the last one no letter: so no display name can look like the end of it.
    local about = string.match(tail, '^("room":"[a-z0-9]+","from":{.-"}),"%l')
    redis.call('PUBLISH', '{u:' .. user .. '}:live', string.format('{"type":"mention","seq":%d,%s}', seq, about))
end
