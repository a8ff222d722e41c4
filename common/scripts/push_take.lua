#!lua
-- push_take: an instance of stonechat-fcgi sets about what is due, for a while alone.
--
-- KEYS  rooms devices facts
-- ARGV  lease_ms rooms_most devices_most
--       lease_ms: after so long without push_settle the instance is taken to have died of it
-- gives {ok, now, wait_ms, waiting, {room, lease, ...}, {device, lease, fact, ...}}
--       wait_ms: until the next is due, -1: none; waiting: how many devices do
--       lease: the name that this turn goes by in push_settle
local rooms, devices, facts = unpack(KEYS)
local lease_ms, rooms_most, devices_most = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local now_text, lease = string.format('%d', now), string.format('%d', now + lease_ms)

local function take(due, most)
    local found = redis.call('ZRANGEBYSCORE', due, '-inf', now_text, 'LIMIT', 0, most)
    for _, one in ipairs(found) do redis.call('ZADD', due, lease, one) end
    return found
end

local looked, woken = {}, {}
for _, room in ipairs(take(rooms, rooms_most)) do
    looked[#looked + 1] = room
    looked[#looked + 1] = lease
end
for _, device in ipairs(take(devices, devices_most)) do
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
