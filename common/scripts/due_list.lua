#!lua flags=no-writes
-- due_list: what is to be looked at by now, the longest due first.
--
-- KEYS  due
-- ARGV  most
-- gives {ok, member, ...}
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local members = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
table.insert(members, 1, 'ok')
return members
