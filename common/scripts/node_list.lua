#!lua flags=no-writes
-- node_list: the workers of the push daemon whose users are online.
--
-- KEYS  nodes
-- ARGV  dead_ms
-- gives {ok, node, ...}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local since = string.format('%d', now - tonumber(ARGV[1]))
return {'ok', unpack(redis.call('ZRANGEBYSCORE', KEYS[1], since, '+inf'))}
