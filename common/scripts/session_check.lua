-- Without `#!lua`: where Redis may not write for now, who it is and where they may is still told.
-- session_check: whose session is this, and for how long yet; lets in one more of their connections.
--
-- KEYS  user sessions [rooms [conns nodes]]
-- ARGV  session hash idle_ms [id node number known most channel large]
--       node number: the worker and the connection of it that this is; one that is known is only
--       noted again
--       known: every worker there is, `+NODE` alive, `~NODE` over, "" not known yet
--       most: connections that the user can have, this one included; 0: as many as they like
--       channel large: where to tell that the user has come online; not of the rooms ` ROOM ROOM `
-- gives {ok, name, display, role, created_at, about, status, left_ms, stale, {room, ...}, came}
--       left_ms: until it ends if it is not used; stale: 1 when session_touch is due; came: 1 when
--       the user was offline; the last two only where there are the keys
--       {unauthenticated} · {too_many_connections}
local user, sessions, rooms, conns, nodes = unpack(KEYS)
local session, hash, idle_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])

local stored = redis.call('HGET', sessions, session)
if not stored then return {'unauthenticated'} end
local s = cjson.decode(stored)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local left = math.min(s.expires_at, s.seen_at + idle_ms) - now
if s.hash ~= hash or left <= 0 then return {'unauthenticated'} end

local name, display, role, created_at, about, status, disabled = unpack(redis.call('HMGET', user,
    'name', 'display', 'role', 'created_at', 'about', 'status', 'disabled'))
if not name or disabled == '1' then return {'unauthenticated'} end
local stale = now - s.seen_at > math.min(60000, idle_ms / 4) and 1 or 0
local answer = {'ok', name, display, role, created_at, about or '', status or '', left, stale}
if not rooms then return answer end
answer[10] = redis.call('HKEYS', rooms)
if not conns then return answer end

local id, node, number, known, most, channel, large = unpack(ARGV, 4)
most = tonumber(most)
local function knows(word) return string.find(known, word, 1, true) end

-- A worker that nobody knows has begun just now, or its end was lost with Redis's memory.
local LOST_MS = 60000
local there, others, lost = {}, 0, false
local held = redis.call('HGETALL', nodes)
for i = 1, #held, 2 do
    if known ~= '' and tonumber(held[i + 1]) < now - LOST_MS and not knows(held[i]) then
        redis.pcall('HDEL', nodes, held[i])
        lost = true
    else
        there[held[i]] = true
        others = others + 1
    end
end

-- Only who seems to have too many is looked at closely: not all of them may count, and this one may
-- be among them, where it is asked for again before it is let in.
local own = node .. ':' .. number
if lost or (most > 0 and redis.call('HLEN', conns) >= most) then
    local count = 0
    for _, conn in ipairs(redis.call('HKEYS', conns)) do
        local at = string.match(conn, '^%w+')
        if not there[at] then
            redis.pcall('HDEL', conns, conn)
        elseif conn ~= own and not knows('~' .. at) then
            count = count + 1
        end
    end
    if most > 0 and count >= most then return {'too_many_connections'} end
end

redis.pcall('HSETNX', nodes, node, string.format('%d', now))
redis.pcall('HSET', conns, own, session)
answer[11] = others == 0 and 1 or 0
if others == 0 then
    local told = {}
    for _, room in ipairs(answer[10]) do
        if not string.find(large, ' ' .. room .. ' ', 1, true) then told[#told + 1] = room end
    end
    if #told > 0 then
        redis.pcall('PUBLISH', channel, cjson.encode({user = {id = id, name = name,
            display = display}, online = true, rooms = told}))
    end
end
return answer
