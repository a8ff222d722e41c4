-- index (needs `room`): lets segments of the search index go together with the entries that they are of.
-- A segment is 32,768 entries; one of which some are left stays, and names blocks that are gone.

-- Those that entries above `low` up to `high` are all of: with `low` trimmed away before, and all
-- up to `high` now; or, of a room that ends, `high` beyond the end of its log by a segment.
local function drop_index(low, high)
    local stem = string.match(room, '^(.*:)room$')
    for segment = math.floor(low / 32768), math.floor(high / 32768) - 1 do
        redis.call('UNLINK', stem .. string.format('ix:%d', segment))
    end
end
