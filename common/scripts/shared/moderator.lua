-- moderator (needs `room` and `members`): who may look after a room: its owners and moderators, and
-- whoever may in all rooms.

-- Why `user` may not; nil: he may.
local function why_not(user, all_rooms)
    local kind = redis.call('HGET', room, 'kind')
    if not kind then return 'not_found' end
    if all_rooms == '1' then return nil end
    local member = redis.call('HGET', members, user)
    local role = member and cjson.decode(member).role
    if role == 'owner' or role == 'moderator' then return nil end
    return (role or kind == 'public') and 'forbidden' or 'not_found'
end
