#!lua
-- quota_give: counts a file no more; the second time for the same file it does nothing.
--
-- KEYS  user_files
-- ARGV  file
-- gives {ok}
local files, file = KEYS[1], ARGV[1]

local bytes = redis.call('HGET', files, file)
if bytes and redis.call('HDEL', files, file) == 1 then
    if redis.call('HINCRBY', files, 'total', -bytes) <= 0 then redis.call('DEL', files) end
end
return {'ok'}
