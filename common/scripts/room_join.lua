#!lua
-- room_join: makes a user a member, or gives a member another role; a log entry tells.
--
-- KEYS  room log members read bans
-- ARGV  actor admin(0|1) user role channel joined changed
--       actor: who asks, who may be `user`; admin: as one of the site
--       role: owner, moderator, member, or "": as it is, `member` for who is new
--       joined, changed: the entry's tail in either case; joined "": only who is in already
-- gives {ok, 1, member, read} joined now · {ok, 0, member, read} was a member already
--       {not_found} no such room, or one that the actor may not know of · {forbidden}
--       {last_owner} nobody would own the room any more
-- `member` is the JSON of the members hash, `read` a seq.
local room, log, members, read, bans = unpack(KEYS)
local actor, admin, user, role, channel, joined, changed = unpack(ARGV)

-- include roles
-- include change

local function is_owned_by_another()
    local all = redis.call('HGETALL', members)
    for i = 1, #all, 2 do
        if all[i] ~= user and cjson.decode(all[i + 1]).role == 'owner' then return true end
    end
    return false
end

local kind, mine = enter_room()
if not kind then return {'not_found'} end

local has, member = role_of(user)
if has then
    if role ~= '' and role ~= has then
        local given = mine >= RANK.owner and mine > RANK[has]
        local laid_down = actor == user and RANK[role] < RANK[has]
        if kind == 'direct' or not (given or laid_down) then return {'forbidden'} end
        if has == 'owner' and redis.call('HGET', room, 'by') ~= '' and not is_owned_by_another() then
            return {'last_owner'}
        end
        append('member', changed)
        member = string.gsub(member, '"role":"%a+"', '"role":"' .. role .. '"', 1)
        redis.call('HSET', members, user, member)
    elseif actor ~= user and mine < RANK.moderator then
        return {'forbidden'}
    end
    local seq = string.match(redis.call('HGET', read, user) or '0', '^%d+')
    return {'ok', 0, member, tonumber(seq)}
end

if joined == '' then return {'not_found'} end
if role == '' then role = 'member' end
local brought = mine >= RANK.moderator and (role == 'member' or mine >= RANK.owner)
local comes = actor == user and kind == 'public' and role == 'member'
if kind == 'direct' or not (brought or comes) or redis.call('HEXISTS', bans, user) == 1 then
    return {'forbidden'}
end

local seq, now = append('member', joined)
member = string.format('{"role":"%s","joined_at":%.0f,"seq":%d}', role, now, seq)
redis.call('HSET', members, user, member)
redis.call('HSET', read, user, string.format('%d %d 0', seq, redis.call('HGET', room, 'n')))
return {'ok', 1, member, seq}
