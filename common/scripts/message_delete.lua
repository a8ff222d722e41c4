#!lua
-- message_delete: erases a message, its number stays; a log entry tells.
--
-- KEYS  room log members read fold gone pins files
-- ARGV  user channel seq tail admin(0|1)
-- gives {ok, file, ...} the ids of its files, which nobody gets any more; none when it was deleted
--       before · {not_found} no such room or message
--       {forbidden} neither one's own nor a moderator's, owner's or site admin's to delete
local room, log, members, read, fold, gone, pins, files = unpack(KEYS)
local user, channel, seq, tail, admin = unpack(ARGV)

local kind = redis.call('HGET', room, 'kind')
if not kind then return {'not_found'} end
local member = redis.call('HGET', members, user)
if not member and admin ~= '1' then return {kind == 'public' and 'forbidden' or 'not_found'} end

-- include entry
-- include change
-- include mentions
-- include reading
-- include burial

local entry, _, folded = find_entry(seq)
if not entry or not is_message(entry) then return {'not_found'} end
local author = author_of(entry)
if author ~= user and admin ~= '1' and cjson.decode(member).role == 'member' then return {'forbidden'} end
if is_tombstone(entry) then return {'ok'} end

local answer = {'ok'}
for i, file in ipairs(bury_message(seq, entry, folded)) do answer[1 + i] = file end
append('deleted', tail)
return answer
