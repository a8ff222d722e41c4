#!lua flags=no-writes
-- room_view: a room as one user sees it.
--
-- KEYS  room log members read fold gone mentions mutes notify
-- ARGV  user admin(0|1) usual
--       admin: as one of the site, who sees every room
-- gives {ok, name, title, topic, kind, created_at, by, seq, n, role, read, unread,
--       mentions, last, fold, peer, muted, keep_days, keep_messages, notify}
--       role "": a room that the user isn't in; last: the newest message's entry, or "";
--       fold: what has become of that, or ""; peer: of a direct room, the other user's id, or "";
--       muted: until when, 0: until that is lifted, -1: not at all
--       keep_*: the room's own limits of its log, 0: none
--       notify: what the user wants to hear of, see shared/wants; usual: where they have not said so
--       {not_found} no such room, or one that is not public and that the user isn't in
local room, log, members, read, fold, gone, mentions, mutes, notify = unpack(KEYS)
local user, admin, usual = unpack(ARGV)

local name, title, topic, kind, created_at, by, seq, n, last, pair, keep_days, keep_messages =
    unpack(redis.call('HMGET', room, 'name', 'title', 'topic', 'kind', 'created_at', 'by', 'seq', 'n',
        'last', 'pair', 'keep_days', 'keep_messages'))
local member = kind and redis.call('HGET', members, user)
if not kind or (kind ~= 'public' and not member and admin ~= '1') then return {'not_found'} end

-- include entry
-- include reading
-- include muted

local role, mark, unread, mentioned, entry, row, muted = '', 0, 0, 0, nil, '', -1
if member then
    role = cjson.decode(member).role
    local at_n, own
    mark, at_n, own = reading_of(user)
    unread = unread_of(n, mark, at_n, own)
    mentioned = redis.call('ZCOUNT', mentions, string.format('(%d', mark), '+inf')
    entry, row = find_entry(last)
    if is_muted(user) then muted = tonumber(redis.call('HGET', mutes, user)) end
end
local peer = ''
if pair then
    local one, other = string.match(pair, '^(%w+) (%w+)$')
    peer = user == one and other or one
end
return {'ok', name, title, topic, kind, created_at, by, tonumber(seq), tonumber(n), role, mark, unread,
    mentioned, entry or '', row, peer, muted, tonumber(keep_days or 0), tonumber(keep_messages or 0),
    redis.call('HGET', notify, user) or (kind == 'direct' and 'all' or usual)}
