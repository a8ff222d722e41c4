#!lua
-- user_leave: nobody of a user's is connected to a worker any more.
--
-- KEYS  user rooms conns nodes
-- ARGV  id node last channel large
--       last: only connections up to this number are over, and if there is a later one the user
--       stays; "": the worker itself is over
--       channel large: as in session_check
-- gives {ok, gone, {room, ...}} gone: 1 when the user went offline by this; then with their rooms
local user, rooms, conns, nodes = unpack(KEYS)
local id, node, last, channel, large = unpack(ARGV)

local stays = false
for _, conn in ipairs(redis.call('HKEYS', conns)) do
    local at, number = string.match(conn, '^(%w+):(%d+)$')
    if at == node then
        if last ~= '' and tonumber(number) > tonumber(last) then
            stays = true
        else
            redis.call('HDEL', conns, conn)
        end
    end
end
if stays or redis.call('HDEL', nodes, node) == 0 then return {'ok', 0, {}} end
if redis.call('HLEN', nodes) > 0 then return {'ok', 0, {}} end

local all, told = redis.call('HKEYS', rooms), {}
for _, room in ipairs(all) do
    if not string.find(large, ' ' .. room .. ' ', 1, true) then told[#told + 1] = room end
end
local name, display = unpack(redis.call('HMGET', user, 'name', 'display'))
if name and #told > 0 then
    redis.call('PUBLISH', channel, cjson.encode({user = {id = id, name = name, display = display},
        online = false, rooms = told}))
end
return {'ok', 1, all}
