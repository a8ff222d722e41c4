#!lua
-- session_end: signs a user out, on one device or on all but one; live connections are told.
--
-- KEYS  sessions
-- ARGV  session spared channel
--       session "": all of them, but for `spared` (which may be "")
-- gives {ok, how many} · {not_found} there is no such session
local session, spared, channel = unpack(ARGV)

if session ~= '' then
    if redis.call('HDEL', KEYS[1], session) == 0 then return {'not_found'} end
    redis.call('PUBLISH', channel, '{"type":"revoked","session":"' .. session .. '"}')
    return {'ok', 1}
end

local count = 0
for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
    if id ~= spared then count = count + redis.call('HDEL', KEYS[1], id) end
end
redis.call('PUBLISH', channel, '{"type":"revoked","session":"","spared":"' .. spared .. '"}')
return {'ok', count}
