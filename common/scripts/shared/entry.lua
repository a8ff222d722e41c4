-- entry (needs `log` and `fold`): what stands in the log under one number, wherever its bytes are.
-- The fold holds, by seq, what has become of an entry: of a message that was changed its text, its
-- reactions and the like, of one whose bytes had to leave the log the whole JSON in its place.

-- The entry `seq`, nil where there is none, and its row of the fold as it is and decoded.
local function find_entry(seq)
    local row = redis.call('HGET', fold, seq)
    local folded = row and cjson.decode(row) or {}
    if folded.entry then return folded.entry, row, folded end
    local found = redis.call('XRANGE', log, seq .. '-0', seq .. '-0')
    return found[1] and found[1][2][2], row or '', folded
end

-- What has become of entry `seq`; nothing is kept of one that is as it was.
local function keep_fold(seq, folded)
    if next(folded) then
        redis.call('HSET', fold, seq, cjson.encode(folded))
    else
        redis.call('HDEL', fold, seq)
    end
end

local function is_message(entry) return string.sub(entry, 1, 17) == '{"type":"message"' end

local function is_tombstone(entry) return string.sub(entry, -16) == ',"deleted":true}' end

local function author_of(entry)
    return string.match(entry, '^{"type":"%a+","seq":%d+,"n":%d+,"at":%d+,"room":"[a-z0-9]+","from":{"id":"([a-z0-9]+)"')
end
