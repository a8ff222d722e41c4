#!lua
-- account_open: writes a new account; its name is claimed before and kept after (name_claim).
--
-- KEYS  user
-- ARGV  name display role password_hash subject vouched
--       password_hash "": no password opens it
--       subject: under which a host site's user is found; vouched: the display name as that site
--       last said it; both "" for everybody else
-- gives {ok, created_at} · {conflict} there is an account with this id
if redis.call('EXISTS', KEYS[1]) == 1 then return {'conflict'} end
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', KEYS[1], 'name', ARGV[1], 'display', ARGV[2], 'role', ARGV[3],
    'password', ARGV[4], 'created_at', now)
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'subject', ARGV[5], 'vouched', ARGV[6]) end
return {'ok', tonumber(now)}
