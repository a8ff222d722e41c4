#!lua
-- room_clear: who was in a room that has been deleted, some at a time.
--
-- KEYS  room leavers
-- ARGV  most done
--       done: `USER USER ...`, those whose own lists don't name the room any more
-- gives {ok, user, ...} at most `most` of those who are left; none: that was all
--       {conflict} the room is there
local room, leavers = unpack(KEYS)
local most, done = ARGV[1], ARGV[2]

if redis.call('EXISTS', room) == 1 then return {'conflict'} end
local stem = string.match(room, '^(.*:)room$')
for user in string.gmatch(done, '%w+') do
    redis.call('UNLINK', stem .. 'mention:' .. user)
    redis.call('HDEL', leavers, user)
end
local answer = redis.call('HRANDFIELD', leavers, most)
table.insert(answer, 1, 'ok')
return answer
