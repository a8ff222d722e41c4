#!lua
-- room_open: a new room, and its owner's membership as the log's first entry.
--
-- KEYS  room log members read
-- ARGV  user channel tail name title topic kind
--       user "": a room without an owner (the default room); then `tail` is not used
-- gives {ok, seq} · {conflict} there is a room with this id
local room, log, members, read = unpack(KEYS)
local user, channel, tail, name, title, topic, kind = unpack(ARGV)

if redis.call('EXISTS', room) == 1 then return {'conflict'} end
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', room, 'name', name, 'title', title, 'topic', topic, 'kind', kind,
    'created_at', now, 'by', user, 'seq', 0, 'n', 0, 'last', 0)
if user == '' then return {'ok', 0} end

redis.call('HSET', room, 'seq', 1)
local entry = '{"type":"member","seq":1,"n":0,"at":' .. now .. ',' .. tail
redis.call('XADD', log, '1-0', 'e', entry)
redis.call('HSET', members, user, '{"role":"owner","joined_at":' .. now .. ',"seq":1}')
redis.call('HSET', read, user, '1 0 0')
redis.call('PUBLISH', channel, entry)
return {'ok', 1}
