#!lua
-- message_delete: erases a message, its number stays; a log entry tells.
--
-- KEYS  room log members read fold gone pins
-- ARGV  user channel seq tail admin(0|1)
-- gives {ok} also when it was deleted before · {not_found} no such room or message
--       {forbidden} neither one's own nor a moderator's, owner's or site admin's to delete
-- A tombstone takes the place of the message, and of every `edited` entry that held a text of it.
local room, log, members, read, fold, gone, pins = unpack(KEYS)
local user, channel, seq, tail, admin = unpack(ARGV)

local kind = redis.call('HGET', room, 'kind')
if not kind then return {'not_found'} end
local member = redis.call('HGET', members, user)
if not member and admin ~= '1' then return {kind == 'public' and 'forbidden' or 'not_found'} end

-- include entry
-- include change
-- include mentions
-- include reading

local entry, _, folded = find_entry(seq)
if not entry or not is_message(entry) then return {'not_found'} end
local author = author_of(entry)
if author ~= user and admin ~= '1' and cjson.decode(member).role == 'member' then return {'forbidden'} end
if is_tombstone(entry) then return {'ok'} end

-- All that comes before the text stays.
local function bury(at, text)
    local head = string.sub(text, 1, string.find(text, ',"text":', 1, true) - 1)
    redis.call('HSET', fold, at, cjson.encode({entry = head .. ',"deleted":true}'}))
    redis.call('XDEL', log, at .. '-0')
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
if redis.call('HEXISTS', read, author) == 1 then
    local mark, at_n, own = reading_of(author)
    if mark < tonumber(seq) then
        redis.call('HSET', read, author, string.format('%d %d %d', mark, at_n, own - 1))
    end
end
append('deleted', tail)
return {'ok'}
