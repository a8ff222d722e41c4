#!lua
-- room_leave: ends a membership; a log entry tells, and is the last that the user receives.
--
-- KEYS  room log members read bans mentions hooks
-- ARGV  actor admin(0|1) user op(left|kicked|banned) channel tail forced(0|1) asks(0|1)
--       actor: who asks, who is `user` where he has left; admin: as one of the site
--       forced: the account is being closed; asks: only whether it may be, nothing is done
--       banned: noted in the bans as well, whether the user is a member or not; webhooks that the
--       user has made end, since through them he would still be heard
-- gives {ok, seq} 0: banned who was no member
--       {ok, -1} nobody else is in: nothing is done, the room itself is to be deleted
--       {not_found} no such room, or one that the actor may not know of, or the user is no member
--       {forbidden} · {last_owner, heir} nobody would own the room any more; heir: the moderator,
--       or else the member, who has been in longest
local room, log, members, read, bans, mentions, hooks = unpack(KEYS)
local actor, admin, user, op, channel, tail, forced, asks = unpack(ARGV)

-- include roles
-- include change

-- Who would own the room then, and whether that is so already.
local function next_owner()
    local all, heir, rank, since = redis.call('HGETALL', members), '', 0, 0
    for i = 1, #all, 2 do
        local one = cjson.decode(all[i + 1])
        local its = RANK[one.role]
        if all[i] ~= user and (its > rank or (its == rank and one.seq < since)) then
            heir, rank, since = all[i], its, one.seq
        end
    end
    return heir, rank == RANK.owner
end

local kind, mine = enter_room()
if not kind then return {'not_found'} end
local has = role_of(user)
local rank = RANK[has] or 0
if op == 'left' then
    if not has then return {'not_found'} end
    if kind == 'direct' and forced ~= '1' then return {'forbidden'} end
else
    if kind == 'direct' or actor == user or mine < RANK.moderator or mine <= rank then
        return {'forbidden'}
    end
    if not has and op == 'kicked' then return {'not_found'} end
end

-- The default room is nobody's, and stays.
if has and redis.call('HGET', room, 'by') ~= '' then
    if op == 'left' and redis.call('HLEN', members) == 1 then return {'ok', -1} end
    if has == 'owner' and kind ~= 'direct' then
        local heir, is_owner = next_owner()
        if not is_owner then return {'last_owner', heir} end
    end
end
if asks == '1' then return {'ok', 0} end

if op == 'banned' then
    local time = redis.call('TIME')
    redis.call('HSET', bans, user, string.format('{"by":"%s","at":%.0f}', actor,
        time[1] * 1000 + math.floor(time[2] / 1000)))
    local all = redis.call('HGETALL', hooks)
    for i = 1, #all, 2 do
        if cjson.decode(all[i + 1]).by == user then redis.call('HDEL', hooks, all[i]) end
    end
end
if not has then return {'ok', 0} end

redis.call('HDEL', members, user)
redis.call('HDEL', read, user)
redis.call('DEL', mentions)
return {'ok', (append('member', tail))}
