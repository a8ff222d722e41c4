#!lua
-- push_find: where a device is woken, and what its user wishes.
--
-- KEYS  user sessions pushes quiet
-- ARGV  session idle_ms
-- gives {ok, json, wishes} json: {endpoint, p256dh, auth, created_at}; wishes: JSON, or ""
--       {not_found} it wants nothing, or its session is over
local user, sessions, pushes, quiet = unpack(KEYS)
local session, idle_ms = ARGV[1], tonumber(ARGV[2])

local row = redis.call('HGET', pushes, session)
if not row then return {'not_found'} end
local stored = redis.call('HGET', sessions, session)
local s = stored and cjson.decode(stored)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if not s or now >= s.expires_at or now >= s.seen_at + idle_ms or
    redis.call('HGET', user, 'disabled') == '1' then
    redis.call('HDEL', pushes, session)
    return {'not_found'}
end
return {'ok', row, redis.call('GET', quiet) or ''}
