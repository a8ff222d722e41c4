#!lua flags=no-writes
-- file_see: a file, for whoever may read the room; until it is sent, for its uploader alone.
--
-- KEYS  members files
-- ARGV  user file
-- gives {ok, shown} the file as clients see it, JSON
--       {not_found} no such file, or not for this user
local members, files = unpack(KEYS)
local user, file = unpack(ARGV)

local by, seq, shown = string.match(redis.call('HGET', files, file) or '', '^(%w+) (%d+) (.*)$')
if not by or redis.call('HEXISTS', members, user) == 0 or (seq == '0' and by ~= user) then
    return {'not_found'}
end
return {'ok', shown}
