#!lua
-- chore_leave: an instance is done with a chore, which then rests, for every instance.
--
-- KEYS  chore
-- ARGV  instance rest_ms(0: none)
-- gives {ok}
-- Who took longer than the lease finds it another's by now, and leaves that alone.
local chore, instance, rest_ms = KEYS[1], ARGV[1], tonumber(ARGV[2])

if redis.call('GET', chore) ~= instance then return {'ok'} end
if rest_ms > 0 then
    redis.call('PEXPIRE', chore, rest_ms)
else
    redis.call('DEL', chore)
end
return {'ok'}
