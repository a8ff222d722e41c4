#!lua
-- index_add: notes in which blocks of a segment some grams occur.
--
-- KEYS  room segment
-- ARGV  rows need done
--       rows: one after the other, of each gram its length, itself, the number of its blocks and
--       those, one byte each, ascending
--       need: only when the log has reached this seq; done: blocks of the room that are in the
--       index once this is in, 0: those that were
-- gives {ok} · {not_found} no such room · {conflict} not as far as `need` yet
-- Safe to repeat: a block is noted once.
local room, segment = unpack(KEYS)
local rows, need, done = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local head, indexed = unpack(redis.call('HMGET', room, 'seq', 'indexed'))
if not head then return {'not_found'} end
if tonumber(head) < need then return {'conflict'} end

-- Both ascending: so is what they are together.
local function merge(old, new)
    if string.byte(old, -1) < string.byte(new, 1) then return old .. new end
    local has = {}
    for i = 1, #old do has[string.byte(old, i)] = true end
    for i = 1, #new do has[string.byte(new, i)] = true end
    local all = {}
    for block = 0, 255 do
        if has[block] then all[#all + 1] = string.char(block) end
    end
    return table.concat(all)
end

local grams, blocks, at = {}, {}, 1
while at <= #rows do
    local count = #grams + 1
    local length = string.byte(rows, at)
    grams[count] = string.sub(rows, at + 1, at + length)
    at = at + length + 1
    length = string.byte(rows, at)
    blocks[count] = string.sub(rows, at + 1, at + length)
    at = at + length + 1
end
if #grams > 0 then
    local pairs_of = {}
    for i, old in ipairs(redis.call('HMGET', segment, unpack(grams))) do
        pairs_of[2 * i - 1] = grams[i]
        pairs_of[2 * i] = old and merge(old, blocks[i]) or blocks[i]
    end
    redis.call('HSET', segment, unpack(pairs_of))
end
if done > tonumber(indexed or 0) then redis.call('HSET', room, 'indexed', ARGV[3]) end
return {'ok'}
