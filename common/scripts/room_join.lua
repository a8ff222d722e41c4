#!lua
-- room_join: makes a user a member of a public room; a log entry tells.
--
-- KEYS  room log members read
-- ARGV  user channel tail
-- gives {ok, 1, member, read} joined now · {ok, 0, member, read} was a member already
--       {not_found} no such room, or a private one
-- `member` is the JSON of the members hash, `read` a seq.
local room, log, members, read = unpack(KEYS)
local user, channel, tail = unpack(ARGV)

local kind, n = unpack(redis.call('HMGET', room, 'kind', 'n'))
local member = kind and redis.call('HGET', members, user)
if member then
    local seq = string.match(redis.call('HGET', read, user) or '0', '^%d+')
    return {'ok', 0, member, tonumber(seq)}
end
if kind ~= 'public' then return {'not_found'} end

local seq = redis.call('HINCRBY', room, 'seq', 1)
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local entry = string.format('{"type":"member","seq":%d,"n":%d,"at":%s,', seq, n, now) .. tail
redis.call('XADD', log, seq .. '-0', 'e', entry)
member = string.format('{"role":"member","joined_at":%s,"seq":%d}', now, seq)
redis.call('HSET', members, user, member)
redis.call('HSET', read, user, string.format('%d %d 0', seq, n))
redis.call('PUBLISH', channel, entry)
return {'ok', 1, member, seq}
