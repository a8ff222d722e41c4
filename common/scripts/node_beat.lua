#!lua
-- node_beat: a worker of the push daemon shows that it lives, and sees who else does.
--
-- KEYS  nodes
-- ARGV  node new(0|1) predecessor alive_ms dead_ms claim_ms
--       node "": only ends the predecessor
--       predecessor: a node that is over from now on, whose users may still come back; or ""
--       alive_ms: who was silent for longer is over, for good; dead_ms: and its users have gone
--       claim_ms: how long the one that is told of a dead node has to clear it away
-- gives {ok, 0, known, dead} known: `+NODE` alive, `~NODE` over, ...; dead: a node to be cleared
--                            away, or ""
--       {ok, 1} this node was silent for too long: it is over
local nodes = KEYS[1]
local node, new, predecessor = ARGV[1], ARGV[2], ARGV[3]
local alive_ms, dead_ms, claim_ms = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function score(ms) return string.format('%d', ms) end

if predecessor ~= '' then
    redis.call('ZADD', nodes, 'XX', 'LT', score(now - alive_ms - 1), predecessor)
end
if node ~= '' then
    local last = redis.call('ZSCORE', nodes, node)
    if new == '0' and (not last or now - last > alive_ms) then return {'ok', 1} end
    redis.call('ZADD', nodes, score(now), node)
end

local known, dead = {}, ''
local all = redis.call('ZRANGE', nodes, 0, -1, 'WITHSCORES')
for i = 1, #all, 2 do
    local silent = now - all[i + 1]
    if silent < 0 then redis.call('ZADD', nodes, score(now), all[i]) end -- the clock has stepped back
    known[#known + 1] = (silent > alive_ms and '~' or '+') .. all[i]
    if silent > dead_ms and dead == '' then
        dead = all[i]
        redis.call('ZADD', nodes, score(now - dead_ms + claim_ms), dead)
    end
end
return {'ok', 0, table.concat(known), dead}
