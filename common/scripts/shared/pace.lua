-- pace: how many messages a room takes in any ten seconds, whoever sends them, at no cost of a key:
-- one field of the room counts those of this stretch of ten seconds and of the one before, which
-- counts for as much of it as still lies within the last ten seconds. So at an even rate the limit is
-- exact, and at an uneven one no more than twice as many come through.

local STRETCH_MS = 10000

-- The field `pace` as it is, and what it becomes with one more message: {wait_ms} where that would be
-- one too many, else {nil, field}.
local function keep_pace(field, most, now)
    local stretch = math.floor(now / STRETCH_MS)
    local at, count, before = string.match(field or '', '^(%d+) (%d+) (%d+)$')
    at, count, before = tonumber(at or 0), tonumber(count or 0), tonumber(before or 0)
    if at ~= stretch then
        before = at == stretch - 1 and count or 0
        count = 0
    end
    local left_ms = STRETCH_MS - now % STRETCH_MS
    if most > 0 and count + before * left_ms / STRETCH_MS >= most then return left_ms end
    return nil, string.format('%d %d %d', stretch, count + 1, before)
end
