#!lua
-- file_open: the row of a new file, which its uploader may send in a message of this room.
--
-- KEYS  room members mutes files
-- ARGV  user file size shown
--       shown: the file as clients see it, JSON
-- gives {ok} · {invalid} it is empty · {forbidden} muted
--       {not_found} · {forbidden} as in message_send
local room, members, mutes, files = unpack(KEYS)
local user, file, size, shown = unpack(ARGV)

local kind = redis.call('HGET', room, 'kind')
if not kind then return {'not_found'} end
if redis.call('HEXISTS', members, user) == 0 then
    return {kind == 'public' and 'forbidden' or 'not_found'}
end
local until_ms = tonumber(redis.call('HGET', mutes, user) or -1)
local time = redis.call('TIME')
if until_ms == 0 or until_ms > time[1] * 1000 + math.floor(time[2] / 1000) then return {'forbidden'} end
if size == '0' then return {'invalid'} end

redis.call('HSET', files, file, user .. ' 0 ' .. shown)
return {'ok'}
