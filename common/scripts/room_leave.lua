#!lua
-- room_leave: ends a membership; a log entry tells, and is the last that the user receives.
--
-- KEYS  room log members read mentions
-- ARGV  user channel tail forced(0|1)
-- gives {ok, seq} · {not_found} no such room, or not a member · {forbidden} an owner, unless forced
local room, log, members, read, mentions = unpack(KEYS)
local user, channel, tail, forced = unpack(ARGV)

local member = redis.call('HGET', members, user)
local n = redis.call('HGET', room, 'n')
if not member or not n then return {'not_found'} end
if forced ~= '1' and cjson.decode(member).role == 'owner' then return {'forbidden'} end

local seq = redis.call('HINCRBY', room, 'seq', 1)
local time = redis.call('TIME')
local entry = string.format('{"type":"member","seq":%d,"n":%d,"at":%d,', seq, n,
    time[1] * 1000 + math.floor(time[2] / 1000)) .. tail
redis.call('XADD', log, seq .. '-0', 'e', entry)
redis.call('HDEL', members, user)
redis.call('HDEL', read, user)
redis.call('DEL', mentions)
redis.call('PUBLISH', channel, entry)
return {'ok', seq}
