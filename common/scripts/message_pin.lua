#!lua
-- message_pin: pins a message in its room, or takes it off; a log entry tells.
--
-- KEYS  room log members fold mutes pins
-- ARGV  user channel seq tail op(add|remove) most
--       most: pins of one room
-- gives {ok} also when it was so before · {not_found} no such room or message, or deleted
--       {forbidden} as in message_send, or muted · {limit_reached}
local room, log, members, fold, mutes, pins = unpack(KEYS)
local user, channel, seq, tail, op, most = unpack(ARGV)

-- include change
-- include entry
-- include muted
-- include refusal

local refused = refusal(user)
if refused then return refused end
local entry, _, folded = find_entry(seq)
if not entry or not is_message(entry) or is_tombstone(entry) then return {'not_found'} end
if is_muted(user) then return {'forbidden'} end
local pinned = redis.call('HEXISTS', pins, seq) == 1
if pinned == (op == 'add') then return {'ok'} end
if op == 'add' and redis.call('HLEN', pins) >= tonumber(most) then return {'limit_reached'} end

local told, now = append('pinned', tail)
if op == 'add' then
    redis.call('HSET', pins, seq, cjson.encode({by = user, at = now, seq = told}))
    folded.pinned = true
else
    redis.call('HDEL', pins, seq)
    folded.pinned = nil
end
keep_fold(seq, folded)
return {'ok'}
