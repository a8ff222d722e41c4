#!lua flags=no-writes
-- hook_find: whether a token is that of a webhook, what this is called, and who made it.
--
-- KEYS  room hooks
-- ARGV  hook hash
-- gives {ok, name, by} · {not_found} no such room or hook, or another's secret
local room, hooks = unpack(KEYS)
local hook, hash = unpack(ARGV)

local row = redis.call('EXISTS', room) == 1 and redis.call('HGET', hooks, hook)
row = row and cjson.decode(row)
if not row or row.hash ~= hash then return {'not_found'} end
return {'ok', row.name, row.by}
