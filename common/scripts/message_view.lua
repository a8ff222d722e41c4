#!lua flags=no-writes
-- message_view: one message.
--
-- KEYS  room log members fold
-- ARGV  user seq
-- gives {ok, entry, fold} fold: what has become of it, or "" · {not_found} · {forbidden} as in message_send
local room, log, members, fold = unpack(KEYS)
local user, seq = unpack(ARGV)

-- include entry
-- include refusal

local refused = refusal(user)
if refused then return refused end
local entry, row = find_entry(seq)
if not entry or not is_message(entry) then return {'not_found'} end
return {'ok', entry, row}
