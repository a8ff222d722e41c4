#!lua
-- push_room_done: all that was said in a room up to an entry has been seen to.
--
-- KEYS  room pushers
-- ARGV  head users
--       users: separated by spaces, those who turned out to have no device that wants to be woken
-- gives {ok, more} more: 1 where something has been said since
local room, pushers = unpack(KEYS)
local head = tonumber(ARGV[1])
for user in string.gmatch(ARGV[2], '%w+') do redis.call('SREM', pushers, user) end
local seq = tonumber(redis.call('HGET', room, 'seq') or 0)
if seq > head then
    redis.call('HSET', room, 'push', string.format('%d', head + 1))
    return {'ok', 1}
end
redis.call('HDEL', room, 'push')
return {'ok', 0}
