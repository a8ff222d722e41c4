#!lua flags=no-writes
-- session_list: the devices that a user is signed in on.
--
-- KEYS  sessions
-- ARGV  idle_ms
-- gives {ok, id, json, id, json, ...} only those that have not ended; with the secrets' hashes
local idle_ms = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = {'ok'}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
    local s = cjson.decode(all[i + 1])
    if now < s.expires_at and now < s.seen_at + idle_ms then
        answer[#answer + 1] = all[i]
        answer[#answer + 1] = all[i + 1]
    end
end
return answer
