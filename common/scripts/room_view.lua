#!lua flags=no-writes
-- room_view: a room as one user sees it.
--
-- KEYS  room log members read fold gone mentions
-- ARGV  user
-- gives {ok, name, title, topic, kind, created_at, by, seq, n, role, read, unread,
--       mentions, last, fold}
--       role "": a public room that the user isn't in; last: the newest message's entry, or "";
--       fold: what has become of that, or ""
--       {not_found} no such room, or a private one that the user isn't in
local room, log, members, read, fold, gone, mentions = unpack(KEYS)
local user = ARGV[1]

local name, title, topic, kind, created_at, by, seq, n, last = unpack(redis.call('HMGET', room,
    'name', 'title', 'topic', 'kind', 'created_at', 'by', 'seq', 'n', 'last'))
local member = kind and redis.call('HGET', members, user)
if not kind or (kind == 'private' and not member) then return {'not_found'} end

-- include entry
-- include reading

local role, mark, unread, mentioned, entry, row = '', 0, 0, 0, nil, ''
if member then
    role = cjson.decode(member).role
    local at_n, own
    mark, at_n, own = reading_of(user)
    unread = unread_of(n, mark, at_n, own)
    mentioned = redis.call('ZCOUNT', mentions, string.format('(%d', mark), '+inf')
    entry, row = find_entry(last)
end
return {'ok', name, title, topic, kind, created_at, by, tonumber(seq), tonumber(n), role, mark, unread,
    mentioned, entry or '', row}
