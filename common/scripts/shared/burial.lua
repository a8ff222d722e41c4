-- burial (needs `log`, `read`, `fold`, `gone`, `pins`, `files`, entry, mentions and reading): a message's bytes
-- leave the log and the fold. A tombstone takes its place, and that of every `edited` entry that held
-- a text of it: all that comes before the text. Nobody gets its files any more.
local function bury(at, entry)
    local head = string.sub(entry, 1, string.find(entry, ',"text":', 1, true) - 1)
    redis.call('HSET', fold, at, cjson.encode({entry = head .. ',"deleted":true}'}))
    redis.call('XDEL', log, at .. '-0')
end

-- Gives the ids of its files.
local function bury_message(seq, entry, folded)
    local its_files = {}
    for i, file in ipairs(cjson.decode(entry).files or {}) do
        redis.call('HDEL', files, file.id)
        its_files[i] = file.id
    end
    bury(seq, entry)
    for _, edit in ipairs(folded.edits or {}) do
        local at = string.format('%d', edit)
        local edited = find_entry(at)
        if edited then bury(at, edited) end
    end
    for _, id in ipairs(mentions_of(entry, folded)) do redis.call('ZREM', mention_key(id), seq) end
    redis.call('HDEL', pins, seq)
    redis.call('ZADD', gone, seq, seq)
    local author = author_of(entry)
    if redis.call('HEXISTS', read, author) == 1 then
        local mark, at_n, own = reading_of(author)
        if mark < tonumber(seq) then
            redis.call('HSET', read, author, string.format('%d %d %d', mark, at_n, own - 1))
        end
    end
    return its_files
end
