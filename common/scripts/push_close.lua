#!lua
-- push_close: a device is not to be woken any more.
--
-- KEYS  pushes
-- ARGV  session endpoint
--       endpoint "": whatever there is; else only if it is still that one
-- gives {ok} · {not_found}
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row then return {'not_found'} end
if ARGV[2] ~= '' and cjson.decode(row).endpoint ~= ARGV[2] then return {'not_found'} end
redis.call('HDEL', KEYS[1], ARGV[1])
return {'ok'}
