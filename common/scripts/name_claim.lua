#!lua
-- name_claim: reserves a folded name for a while, until name_keep makes it last.
--
-- Between the two the account or room is written under another slot; should the program die there,
-- the reservation runs out and nobody has lost the name.
--
-- KEYS  name
-- ARGV  id reserve_ms
-- gives {ok} also when the id had it already · {name_taken, id}
local owner = redis.call('GET', KEYS[1])
if not owner then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
elseif owner ~= ARGV[1] then
    return {'name_taken', owner}
elseif redis.call('PTTL', KEYS[1]) > 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return {'ok'}
