#!lua flags=no-writes
-- pin_list: what is pinned in a room, the newest pin first.
--
-- KEYS  room log members fold pins
-- ARGV  user
-- gives {ok, entry, fold, ...} · {not_found} · {forbidden} as in message_send
local room, log, members, fold, pins = unpack(KEYS)
local user = ARGV[1]

-- include entry
-- include refusal

local refused = refusal(user)
if refused then return refused end

local all, rows = redis.call('HGETALL', pins), {}
for i = 1, #all, 2 do rows[#rows + 1] = {seq = all[i], told = cjson.decode(all[i + 1]).seq} end
table.sort(rows, function(a, b) return a.told > b.told end)
local answer = {'ok'}
for _, row in ipairs(rows) do
    local entry, fold_row = find_entry(row.seq)
    answer[#answer + 1] = entry or ''
    answer[#answer + 1] = fold_row
end
return answer
