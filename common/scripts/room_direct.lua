#!lua
-- room_direct: the one room of two users, opened by whoever asks first; log entries tell.
--
-- KEYS  room log members read
-- ARGV  channel user tail [user tail]
--       one user alone: his room with himself
-- gives {ok, 1} opened now · {ok, 0} it was there
local room, log, members, read = unpack(KEYS)
local channel = ARGV[1]

if redis.call('EXISTS', room) == 1 then return {'ok', 0} end
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local seq = (#ARGV - 1) / 2
redis.call('HSET', room, 'name', '', 'title', '', 'topic', '', 'kind', 'direct', 'created_at', now,
    'by', ARGV[2], 'seq', seq, 'n', 0, 'last', 0, 'pair', ARGV[2] .. ' ' .. (ARGV[4] or ARGV[2]))
for i = 1, seq do
    local user, tail = ARGV[2 * i], ARGV[2 * i + 1]
    local entry = string.format('{"type":"member","seq":%d,"n":0,"at":%s,', i, now) .. tail
    redis.call('XADD', log, i .. '-0', 'e', entry)
    redis.call('HSET', members, user,
        string.format('{"role":"member","joined_at":%s,"seq":%d}', now, i))
    redis.call('HSET', read, user, seq .. ' 0 0')
    redis.call('PUBLISH', channel, entry)
end
return {'ok', 1}
