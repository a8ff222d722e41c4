#!lua flags=no-writes
-- room_facts: what a room is, for who has the machine.
--
-- KEYS  room log members hooks
-- gives {ok, name, title, topic, kind, by, created_at, seq, n, members, entries, hooks}
--       {not_found} no such room
local room, log, members, hooks = unpack(KEYS)
local name, title, topic, kind, by, created_at, seq, n = unpack(redis.call('HMGET', room,
    'name', 'title', 'topic', 'kind', 'by', 'created_at', 'seq', 'n'))
if not kind then return {'not_found'} end
return {'ok', name, title, topic, kind, by, created_at, seq, n, redis.call('HLEN', members),
    redis.call('XLEN', log), redis.call('HLEN', hooks)}
