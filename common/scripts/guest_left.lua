#!lua flags=no-writes
-- guest_left: for how long yet a guest is remembered.
--
-- KEYS  user sessions nodes
-- ARGV  guest_ms lag_ms
--       guest_ms: so long after they were seen; lag_ms: a session says so late at most that it is
--       used
-- gives {ok, left_ms} 0: no longer · {not_found} no such account, or no guest's
-- Who is connected is seen now. A session that has ended counts for nothing: there is no way back
-- to a guest's account without one.
local user, sessions, nodes = unpack(KEYS)
local guest_ms, lag_ms = tonumber(ARGV[1]), tonumber(ARGV[2])

local role, created_at = unpack(redis.call('HMGET', user, 'role', 'created_at'))
if role ~= 'guest' then return {'not_found'} end
if redis.call('HLEN', nodes) > 0 then return {'ok', guest_ms} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local seen = tonumber(created_at)
for _, stored in ipairs(redis.call('HVALS', sessions)) do
    seen = math.max(seen, cjson.decode(stored).seen_at)
end
return {'ok', math.max(0, math.min(seen + lag_ms + guest_ms - now, guest_ms))}
