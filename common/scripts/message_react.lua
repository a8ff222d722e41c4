#!lua
-- message_react: a user's emoji at a message, put there or taken away; a log entry tells.
--
-- KEYS  room log members fold mutes
-- ARGV  user channel seq tail emoji op(add|remove) most most_all
--       most: different emoji at one message; most_all: all uses of all of them
-- gives {ok} also when it was so before · {not_found} no such room or message, or deleted
--       {forbidden} as in message_send, or muted · {limit_reached}
local room, log, members, fold, mutes = unpack(KEYS)
local user, channel, seq, tail, emoji, op = unpack(ARGV)
local most, most_all = tonumber(ARGV[7]), tonumber(ARGV[8])

-- include change
-- include entry
-- include muted
-- include refusal

local refused = refusal(user)
if refused then return refused end
local entry, _, folded = find_entry(seq)
if not entry or not is_message(entry) or is_tombstone(entry) then return {'not_found'} end
if is_muted(user) then return {'forbidden'} end

-- {{emoji, user, ...}, ...} in the order of first use
local reactions, all = folded.reactions or {}, 0
local at, place
for i, row in ipairs(reactions) do
    all = all + #row - 1
    if row[1] == emoji then
        at = i
        for j = 2, #row do
            if row[j] == user then place = j end
        end
    end
end

if op == 'add' then
    if place then return {'ok'} end
    if not at and #reactions >= most or all >= most_all then return {'limit_reached'} end
    at = at or #reactions + 1
    reactions[at] = reactions[at] or {emoji}
    table.insert(reactions[at], user)
else
    if not place then return {'ok'} end
    table.remove(reactions[at], place)
    if #reactions[at] == 1 then table.remove(reactions, at) end
end
folded.reactions = #reactions > 0 and reactions or nil
keep_fold(seq, folded)
append('reaction', tail)
return {'ok'}
