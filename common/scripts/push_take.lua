#!lua
-- push_take: an instance of stonechat-fcgi sets about what is due, for a while alone.
--
-- KEYS  rooms devices facts
-- ARGV  lease_ms rooms_most devices_most busy share
--       lease_ms: after so long without push_settle the instance is taken to have died of it
--       busy: users to whom it has pushes on their way, each as often as there are
--       share: how many of one user's may be on their way at the same time
-- gives {ok, now, wait_ms, waiting, {room, lease, ...}, {device, lease, fact, ...}}
--       wait_ms: until the next is due, -1: none; waiting: how many devices do
--       lease: the name that this turn goes by in push_settle
-- Who has had a full share steps aside for the others: the slowest push service that somebody can
-- find must not be what everybody waits for.
local rooms, devices, facts = unpack(KEYS)
local lease_ms, rooms_most, devices_most = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local busy, share = ARGV[4], tonumber(ARGV[5])
local LOOKED, ASIDE_MS = 500, 250
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local now_text, lease = string.format('%d', now), string.format('%d', now + lease_ms)

local function due_now(due, most)
    return redis.call('ZRANGEBYSCORE', due, '-inf', now_text, 'LIMIT', 0, most)
end

local on_their_way = {}
for user in string.gmatch(busy, '%w+') do on_their_way[user] = (on_their_way[user] or 0) + 1 end

-- Whether it is this user's turn.
local function begins(user)
    local count = on_their_way[user] or 0
    if count >= share then return false end
    on_their_way[user] = count + 1
    return true
end

local function take_devices()
    local taken = {}
    for _, device in ipairs(due_now(devices, LOOKED)) do
        if #taken == devices_most then break end
        local is_turn = begins(string.match(device, '^%w+'))
        if is_turn then taken[#taken + 1] = device end
        redis.call('ZADD', devices, is_turn and lease or string.format('%d', now + ASIDE_MS), device)
    end
    return taken
end

local looked, woken = {}, {}
for _, room in ipairs(due_now(rooms, rooms_most)) do
    redis.call('ZADD', rooms, lease, room)
    looked[#looked + 1] = room
    looked[#looked + 1] = lease
end
for _, device in ipairs(take_devices()) do
    woken[#woken + 1] = device
    woken[#woken + 1] = lease
    woken[#woken + 1] = redis.call('HGET', facts, device) or '0 0 0 0'
end

local wait = -1
for _, due in ipairs({rooms, devices}) do
    local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2]
    local left = first and math.max(0, first - now)
    if left and (wait < 0 or left < wait) then wait = left end
end
return {'ok', now, wait, redis.call('ZCARD', devices), looked, woken}
