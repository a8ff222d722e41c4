#!lua
-- session_open: signs a user in on one more device.
--
-- KEYS  user sessions
-- ARGV  session hash ip user_agent idle_ms max_ms most channel password_hash
--       most: sessions a user can have; the one unused longest makes room for the new one
--       password_hash: the one that was verified: a password changed meanwhile opens nothing
-- gives {ok, created_at, expires_at} · {bad_credentials} no such account, disabled, or changed
local user, sessions = unpack(KEYS)
local session, hash, ip, user_agent = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local idle_ms, max_ms, most, channel = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]

local name, disabled, password = unpack(redis.call('HMGET', user, 'name', 'disabled', 'password'))
if not name or disabled == '1' or password ~= ARGV[9] then return {'bad_credentials'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local live = {}
local all = redis.call('HGETALL', sessions)
for i = 1, #all, 2 do
    local s = cjson.decode(all[i + 1])
    if now >= s.expires_at or now >= s.seen_at + idle_ms then
        redis.call('HDEL', sessions, all[i])
    else
        live[#live + 1] = {id = all[i], seen_at = s.seen_at}
    end
end
table.sort(live, function(a, b) return a.seen_at < b.seen_at end)
for i = 1, #live + 1 - most do
    redis.call('HDEL', sessions, live[i].id)
    redis.call('PUBLISH', channel, '{"type":"revoked","session":"' .. live[i].id .. '"}')
end

redis.call('HSET', sessions, session, cjson.encode({hash = hash, ip = ip, user_agent = user_agent,
    created_at = now, seen_at = now, expires_at = now + max_ms}))
return {'ok', now, now + max_ms}
