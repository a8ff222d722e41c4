#!lua
-- hook_send: one message of a webhook, in one step, as message_send does it for a member.
--
-- KEYS  room log hooks message_key fold members
-- ARGV  hook hash channel tail remember_ms mentions
--       mentions: ids of users, separated by spaces
-- gives {ok, entry, fold, 1, push} appended now; push: see shared/pushers
--       {ok, entry, fold, 0} a repeat of `key`: the first one
--       {not_found} as in hook_find: room or hook may have ended since
local room, log, hooks, message_key, fold, members = unpack(KEYS)
local hook, hash, channel, tail, remember_ms, mentions = unpack(ARGV)

local kind = redis.call('HGET', room, 'kind')
local row = kind and redis.call('HGET', hooks, hook)
if not row or cjson.decode(row).hash ~= hash then return {'not_found'} end

-- include entry
-- include mentions
-- include pushers

local sent = redis.call('GET', message_key)
if sent then
    local entry, folded = find_entry(sent)
    if not entry then return {'not_found'} end
    return {'ok', entry, folded, 0}
end

local mentioned = mentionable(kind, mentions)
local seq = redis.call('HINCRBY', room, 'seq', 1)
local n = redis.call('HINCRBY', room, 'n', 1)
redis.call('HSET', room, 'last', seq)
local time = redis.call('TIME')
local entry = string.format('{"type":"message","seq":%d,"n":%d,"at":%d,', seq, n,
    time[1] * 1000 + math.floor(time[2] / 1000)) .. with_mentions(tail, mentioned)
redis.call('XADD', log, seq .. '-0', 'e', entry)
redis.call('SET', message_key, seq, 'PX', remember_ms)
redis.call('PUBLISH', channel, entry)
for _, id in ipairs(mentioned) do mention(id, seq, tail, true) end
return {'ok', entry, '', 1, note_push(seq)}
