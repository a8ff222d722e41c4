-- range (needs `log`, `fold` and `trimmed`): a stretch of the log with its holes filled.
-- `seq` is dense: what lies above `trimmed` and isn't in the stream is in the fold.

-- At most `most` entries from `from` on, upwards (step 1) or downwards (-1): {{seq, entry}, ...}.
local function read_log(from, step, most)
    local out, here = {}, from
    if step == 1 then here = math.max(from, trimmed + 1) end

    local function fill(upto)
        local fields = {}
        for i = 1, math.min((upto - here) * step, most - #out) do
            fields[i] = string.format('%d', here + (i - 1) * step)
        end
        if #fields == 0 then return end
        for i, row in ipairs(redis.call('HMGET', fold, unpack(fields))) do
            local entry = row and cjson.decode(row).entry
            if entry then out[#out + 1] = {here + (i - 1) * step, entry} end
        end
    end

    local edge = string.format('%d-0', here)
    local rows = step == 1 and redis.call('XRANGE', log, edge, '+', 'COUNT', most)
        or redis.call('XREVRANGE', log, edge, '-', 'COUNT', most)
    for _, row in ipairs(rows) do
        local seq = tonumber(string.match(row[1], '^%d+'))
        if seq ~= here then fill(seq) end
        if #out == most then return out end
        out[#out + 1] = {seq, row[2][2]}
        here = seq + step
    end
    if step == -1 and #rows < most then fill(trimmed) end
    return out
end
