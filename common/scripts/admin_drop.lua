#!lua
-- admin_drop: takes a user from the site's administrators, unless there is no other.
--
-- KEYS  admins
-- ARGV  user actor
--       user: is one, whether that is noted or not; actor: who wants it so, "" the command line
-- gives {ok} · {last_admin} · {forbidden} the actor is none any more
-- Of two who drop each other at once one stays.
local admins = KEYS[1]
local user, actor = unpack(ARGV)

if actor ~= '' and redis.call('SCARD', admins) == 0 then redis.call('SADD', admins, actor) end
if actor ~= '' and actor ~= user and redis.call('SISMEMBER', admins, actor) == 0 then
    return {'forbidden'}
end
redis.call('SADD', admins, user)
if redis.call('SCARD', admins) == 1 then return {'last_admin'} end
redis.call('SREM', admins, user)
return {'ok'}
