#!lua
-- message_edit: another text for a message; a log entry tells.
--
-- KEYS  room log members fold mutes read
-- ARGV  user channel seq tail text most mentions
--       most: how many edits a message can have, 0: any number; mentions: as in message_send
-- gives {ok, entry, fold} the message · {not_found} no such room or message, or deleted
--       {forbidden} somebody else's, or muted · {limit_reached} `most` have been made
local room, log, members, fold, mutes, read = unpack(KEYS)
local user, channel, seq, tail, text, most, mentions = unpack(ARGV)

-- include change
-- include entry
-- include mentions
-- include muted
-- include reading
-- include refusal

local refused, kind = refusal(user)
if refused then return refused end
local entry, _, folded = find_entry(seq)
if not entry or not is_message(entry) or is_tombstone(entry) then return {'not_found'} end
if author_of(entry) ~= user or is_muted(user) then return {'forbidden'} end
local edits = folded.edits or {}
if most ~= '0' and #edits >= tonumber(most) then return {'limit_reached'} end

local before, mentioned = {}, mentionable(kind, mentions)
for _, id in ipairs(mentions_of(entry, folded)) do before[id] = true end
local edit, now = append('edited', with_mentions(tail, mentioned))
edits[#edits + 1] = edit
folded.edits, folded.text, folded.edited_at, folded.mentions = edits, text, now, mentioned
local row = cjson.encode(folded)
redis.call('HSET', fold, seq, row)

for _, id in ipairs(mentioned) do
    if not before[id] then mention(id, tonumber(seq), tail, reading_of(id) < tonumber(seq)) end
    before[id] = nil
end
for id in pairs(before) do redis.call('ZREM', mention_key(id), seq) end
return {'ok', entry, row}
