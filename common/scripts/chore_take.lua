#!lua
-- chore_take: an instance of stonechat-fcgi sets about a chore, unless it isn't due yet for anybody.
--
-- KEYS  chore
-- ARGV  instance lease_ms
--       lease_ms: after so long without chore_leave the instance is taken to have died of it
-- gives {ok} · {busy, wait_ms} another is at it, or it was done lately: ask again after so long
local chore, instance, lease_ms = KEYS[1], ARGV[1], ARGV[2]

if redis.call('SET', chore, instance, 'NX', 'PX', lease_ms) then return {'ok'} end
return {'busy', redis.call('PTTL', chore)}
