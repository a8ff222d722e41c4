#!lua flags=no-writes
-- log_export: a piece of a room's whole log, oldest first.
--
-- KEYS  room log members fold
-- ARGV  user admin(0|1) seq last most_entries most_bytes
--       admin: may, without being a member; from entry `seq` on up to entry `last`, 0: up to the
--       newest that there is now; an entry that goes beyond `most_bytes` is the last of its piece
-- gives {ok, last, next, entry, ...} next: where the next piece begins, 0: there is none
--       {not_found} · {forbidden} as in message_send
local room, log, members, fold = unpack(KEYS)
local user, admin = ARGV[1], ARGV[2]
local from, last, most, bytes = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local kind, head, trimmed = unpack(redis.call('HMGET', room, 'kind', 'seq', 'trimmed'))
if not kind then return {'not_found'} end
if admin ~= '1' and redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'public' and 'forbidden' or 'not_found'}
end
trimmed = tonumber(trimmed or 0)
if last == 0 then last = tonumber(head) end

-- include range

local answer, here = {'ok', last, 0}, from
while here <= last and most > 0 and bytes > 0 do
    local rows = read_log(here, 1, math.min(most, 100))
    if #rows == 0 then return answer end
    for _, row in ipairs(rows) do
        here = row[1] + 1
        if row[1] > last or bytes <= 0 then
            here = row[1]
            break
        end
        answer[#answer + 1] = row[2]
        most, bytes = most - 1, bytes - #row[2]
    end
end
if here <= last then answer[3] = here end
return answer
