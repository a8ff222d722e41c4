#!lua flags=no-writes
-- search_block: all messages of a short stretch of a room's log, ascending.
--
-- KEYS  room log members fold
-- ARGV  user low high
--       user "": the program itself, which may read everything
-- gives {ok, entry, fold, ...} fold: what has become of the message, or ""; where the bytes of an
--       entry had to leave the log, what stands in their place
--       {not_found} · {forbidden} as in message_send
local room, log, members, fold = unpack(KEYS)
local user, low, high = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local kind = redis.call('HGET', room, 'kind')
if not kind then return {'not_found'} end
if user ~= '' and redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'public' and 'forbidden' or 'not_found'}
end

local entries, folds = {}, {}
for _, row in ipairs(redis.call('XRANGE', log, string.format('%d-0', low), string.format('%d-0', high))) do
    entries[tonumber(string.match(row[1], '^%d+'))] = row[2][2]
end
if redis.call('EXISTS', fold) == 1 then
    local seqs = {}
    for seq = low, high do seqs[#seqs + 1] = string.format('%d', seq) end
    folds = redis.call('HMGET', fold, unpack(seqs))
end

local answer = {'ok'}
for seq = low, high do
    local entry, row = entries[seq], folds[seq - low + 1]
    if row and not entry then entry = cjson.decode(row).entry end
    if entry and string.sub(entry, 1, 17) == '{"type":"message"' then
        answer[#answer + 1] = entry
        answer[#answer + 1] = row or ''
    end
end
return answer
