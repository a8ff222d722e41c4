-- muted (needs `mutes`): whether somebody may not write here for now; `until` 0: until it is lifted.
local function is_muted(user)
    local till = tonumber(redis.call('HGET', mutes, user) or -1)
    if till <= 0 then return till == 0 end
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000) < till
end
