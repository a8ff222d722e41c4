#!lua
-- file_drop: takes away a file that was sent in no message; from now on none can be.
--
-- KEYS  files
-- ARGV  file
-- gives {ok, 1} it stays, a message has it · {ok, 0} it has no row, or has none any more
local by, seq = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%w+) (%d+) ')
if by and seq ~= '0' then return {'ok', 1} end
redis.call('HDEL', KEYS[1], ARGV[1])
return {'ok', 0}
