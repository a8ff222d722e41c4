#!lua flags=no-writes
-- log_range: entries of a room's log, ascending, none missing.
--
-- KEYS  room log fold
-- ARGV  seq most
-- gives {ok, entry, ...} at most `most` from `seq` on, or from the first that there still is
local room, log, fold = unpack(KEYS)
local trimmed = tonumber(redis.call('HGET', room, 'trimmed') or 0)

-- include range

-- No log is that long, and numbers beyond are not exact: nothing is there.
local MOST = 2 ^ 53
local from = tonumber(ARGV[1])
if from > MOST then return {'ok'} end

local answer = {'ok'}
for i, row in ipairs(read_log(from, 1, tonumber(ARGV[2]))) do
    answer[1 + i] = row[2]
end
return answer
