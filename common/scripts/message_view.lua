#!lua flags=no-writes
-- message_view: one message.
--
-- KEYS  room log members fold
-- ARGV  user seq
-- gives {ok, entry, fold} fold: what has become of it, or "" · {not_found} · {forbidden} as in message_send
local room, log, members, fold = unpack(KEYS)
local user, seq = unpack(ARGV)

local kind = redis.call('HGET', room, 'kind')
if not kind then return {'not_found'} end
if redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'private' and 'not_found' or 'forbidden'}
end

-- include entry

local entry, row = find_entry(seq)
if not entry or not is_message(entry) then return {'not_found'} end
return {'ok', entry, row}
