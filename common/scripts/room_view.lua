#!lua flags=no-writes
-- room_view: a room as one user sees it.
--
-- KEYS  room log members read
-- ARGV  user
-- gives {ok, name, title, topic, kind, created_at, by, seq, n, role, read, unread, last}
--       role "": a public room that the user isn't in; last: the newest message's entry, or ""
--       {not_found} no such room, or a private one that the user isn't in
local room, log, members, read = unpack(KEYS)
local user = ARGV[1]

local name, title, topic, kind, created_at, by, seq, n, last = unpack(redis.call('HMGET', room,
    'name', 'title', 'topic', 'kind', 'created_at', 'by', 'seq', 'n', 'last'))
local member = kind and redis.call('HGET', members, user)
if not kind or (kind == 'private' and not member) then return {'not_found'} end

local role, mark, unread, entry = '', 0, 0, ''
if member then
    role = cjson.decode(member).role
    local at_n, own
    mark, at_n, own = string.match(redis.call('HGET', read, user) or '0 0 0', '^(%d+) (%d+) (%d+)$')
    unread = n - at_n - own
    local found = redis.call('XRANGE', log, last .. '-0', last .. '-0')
    entry = found[1] and found[1][2][2] or ''
end
return {'ok', name, title, topic, kind, created_at, by, tonumber(seq), tonumber(n), role,
    tonumber(mark), unread, entry}
