#!lua
-- name_claim: reserves a folded name for a while, until name_keep makes it last.
--
-- Between the two the account or room is written under another slot; should the program die there,
-- the reservation runs out and nobody has lost the name.
--
-- KEYS  name
-- ARGV  id reserve_ms
-- gives {ok} · {name_taken, id}
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'ok'} end
return {'name_taken', redis.call('GET', KEYS[1])}
