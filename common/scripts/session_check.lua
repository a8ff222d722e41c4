#!lua flags=no-writes
-- session_check: whose session is this, and for how long yet.
--
-- KEYS  user sessions
-- ARGV  session hash idle_ms
-- gives {ok, name, display, role, created_at, about, status, left_ms, stale}
--       left_ms: until it ends if it is not used; stale: 1 when session_touch is due
--       {unauthenticated}
local user, sessions = unpack(KEYS)
local session, hash, idle_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])

local stored = redis.call('HGET', sessions, session)
if not stored then return {'unauthenticated'} end
local s = cjson.decode(stored)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local left = math.min(s.expires_at, s.seen_at + idle_ms) - now
if s.hash ~= hash or left <= 0 then return {'unauthenticated'} end

local name, display, role, created_at, about, status, disabled = unpack(redis.call('HMGET', user,
    'name', 'display', 'role', 'created_at', 'about', 'status', 'disabled'))
if not name or disabled == '1' then return {'unauthenticated'} end
local stale = now - s.seen_at > math.min(60000, idle_ms / 4) and 1 or 0
return {'ok', name, display, role, created_at, about or '', status or '', left, stale}
