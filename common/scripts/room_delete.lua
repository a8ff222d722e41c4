#!lua
-- room_delete: a room and all that it holds, but for who was in it (see room_clear).
--
-- KEYS  room members leavers
-- ARGV  actor admin(0|1) alone(0|1) name kind
--       alone: only if no more than one is in it, whatever he is and the room's kind
--       name, kind: what the actor has seen; another by now is a conflict
-- gives {ok} · {not_found} · {forbidden} as in room_leave, and for who is no owner
--       {conflict} or not alone any more
-- From here on there is no such room: whatever asks for it finds none. The keys that bear a
-- message's `key` run out by themselves: the room's id never comes again.
local room, members, leavers = unpack(KEYS)
local actor, admin, alone, name, kind = unpack(ARGV)
local KEPT = {'log', 'read', 'bans', 'mutes', 'fold', 'gone', 'pins', 'hooks', 'files', 'online', 'told',
    'notify', 'pushers'}

-- include roles

local has_kind, mine = enter_room()
if not has_kind then return {'not_found'} end
if alone == '1' then
    if redis.call('HLEN', members) > 1 then return {'conflict'} end
elseif has_kind == 'direct' or mine < RANK.owner then
    return {'forbidden'}
end
if redis.call('HGET', room, 'name') ~= name or has_kind ~= kind then return {'conflict'} end

local stem = string.match(room, '^(.*:)room$')
for _, key in ipairs(KEPT) do redis.call('UNLINK', stem .. key) end
redis.call('DEL', room)
if redis.call('EXISTS', members) == 1 then redis.call('RENAME', members, leavers) end
return {'ok'}
