#!lua
-- quota_take: counts a file among those of its user, unless that would be too much.
--
-- KEYS  user_files
-- ARGV  file bytes most(0: without limit)
-- gives {ok} · {quota}
local files, file, bytes, most = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local total = tonumber(redis.call('HGET', files, 'total') or 0)
if most > 0 and total + bytes > most then return {'quota'} end
if redis.call('HSETNX', files, file, bytes) == 1 then redis.call('HINCRBY', files, 'total', bytes) end
return {'ok'}
