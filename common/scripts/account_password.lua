#!lua
-- account_password: a new password's hash, and the end of what the old one had opened, in one step.
--
-- KEYS  user sessions
-- ARGV  old new ends(0|1) spared channel
--       old: the hash that was verified ("": whatever there is); ends: whether sessions end, all
--       but `spared` (which may be "")
-- gives {ok} · {not_found} no such account · {conflict} the password has been changed meanwhile
local user, sessions = unpack(KEYS)
local old, new, ends, spared, channel = unpack(ARGV)

local stored = redis.call('HGET', user, 'password')
if not stored then return {'not_found'} end
if old ~= '' and stored ~= old then return {'conflict'} end
redis.call('HSET', user, 'password', new)
if ends ~= '1' then return {'ok'} end

for _, id in ipairs(redis.call('HKEYS', sessions)) do
    if id ~= spared then redis.call('HDEL', sessions, id) end
end
redis.call('PUBLISH', channel, '{"type":"revoked","session":"","spared":"' .. spared .. '"}')
return {'ok'}
