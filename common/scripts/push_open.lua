#!lua
-- push_open: a device wants to be woken; what it wanted before is forgotten.
--
-- KEYS  user sessions pushes rooms
-- ARGV  session json
--       json: {endpoint, p256dh, auth}
-- gives {ok, created_at, {room, ...}} the rooms that are to know of it · {unauthenticated}
-- There is one for each session at most, and it ends with it: those of sessions that are over are
-- swept away here, and by push_find.
local user, sessions, pushes, rooms = unpack(KEYS)
local session, json = unpack(ARGV)

if redis.call('EXISTS', user) == 0 or redis.call('HEXISTS', sessions, session) == 0 then
    return {'unauthenticated'}
end
for _, id in ipairs(redis.call('HKEYS', pushes)) do
    if redis.call('HEXISTS', sessions, id) == 0 then redis.call('HDEL', pushes, id) end
end
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', pushes, session, string.sub(json, 1, -2) .. ',"created_at":' .. now .. '}')
return {'ok', now, redis.call('HKEYS', rooms)}
