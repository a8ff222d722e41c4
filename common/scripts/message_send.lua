#!lua
-- message_send: one message, in one step: may the user, was it sent before, number, append, publish.
--
-- KEYS  room log members read message_key fold gone mutes files
-- ARGV  user channel tail remember_ms reply_to mentions file_ids most
--       reply_to: a message that there must be, 0: none; mentions: ids of users, separated by spaces
--       file_ids: of what the user uploaded to this room and has not sent yet, in the same form
--       most: messages of the room in any ten seconds, 0: as many as come
-- gives {ok, entry, fold, 1, push} appended now; push: see shared/pushers
--       {ok, entry, fold, 0} a repeat of `key`: the first one
--       {not_found} no such room, or one that is not public and that the user isn't in
--       {forbidden} not a member, or muted
--       {invalid, reply_to} there is no such message, or it was deleted
--       {invalid, files} not all of them can be sent
--       {rate_limited, retry_ms} see shared/pace
local room, log, members, read, message_key, fold, gone, mutes, files = unpack(KEYS)
local user, channel, tail, remember_ms, reply_to, mentions, file_ids, most = unpack(ARGV)

local kind, pace = unpack(redis.call('HMGET', room, 'kind', 'pace'))
if not kind then return {'not_found'} end
if redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'public' and 'forbidden' or 'not_found'}
end

-- include entry
-- include reading
-- include mentions
-- include muted
-- include pace
-- include pushers

local sent = redis.call('GET', message_key)
if sent then
    local entry, row = find_entry(sent)
    if not entry then return {'not_found'} end
    return {'ok', entry, row, 0}
end

if is_muted(user) then return {'forbidden'} end
if reply_to ~= '0' then
    local entry = find_entry(reply_to)
    if not entry or not is_message(entry) or is_tombstone(entry) then return {'invalid', 'reply_to'} end
end

local taken, shown = {}, {}
for id in string.gmatch(file_ids, '%w+') do
    local by, sent_in, json = string.match(redis.call('HGET', files, id) or '', '^(%w+) (%d+) (.*)$')
    if by ~= user or sent_in ~= '0' then return {'invalid', 'files'} end
    taken[#taken + 1], shown[#shown + 1] = id, json
end
if #shown > 0 then tail = string.sub(tail, 1, -2) .. ',"files":[' .. table.concat(shown, ',') .. ']}' end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait, paced = keep_pace(pace, tonumber(most), now)
if wait then return {'rate_limited', wait} end

local mentioned = mentionable(kind, mentions)
local seq = redis.call('HINCRBY', room, 'seq', 1)
local n = redis.call('HINCRBY', room, 'n', 1)
redis.call('HSET', room, 'last', seq, 'pace', paced)
local entry = string.format('{"type":"message","seq":%d,"n":%d,"at":%d,', seq, n, now) .. with_mentions(tail, mentioned)
redis.call('XADD', log, seq .. '-0', 'e', entry)
redis.call('SET', message_key, seq, 'PX', remember_ms)
for i, id in ipairs(taken) do
    redis.call('HSET', files, id, string.format('%s %d ', user, seq) .. shown[i])
end

-- One's own message is never unread: whoever had read everything has read this one too, whoever
-- had not has one of his own among what is left (see room_read).
local mark, at_n, own = reading_of(user)
if unread_of(n - 1, mark, at_n, own) == 0 then
    redis.call('HSET', read, user, string.format('%d %d 0', seq, n))
else
    redis.call('HSET', read, user, string.format('%d %d %d', mark, at_n, own + 1))
end

redis.call('PUBLISH', channel, entry)
for _, id in ipairs(mentioned) do mention(id, seq, tail, true) end
return {'ok', entry, '', 1, note_push(seq)}
