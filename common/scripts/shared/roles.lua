-- roles (needs `room`, `members`, `actor` and `admin`): who somebody is in a room, as a rank.
-- Of an administrator of the site it is above all, in every room; 0: not in it.
local RANK = {member = 1, moderator = 2, owner = 3}

local function role_of(user)
    local json = redis.call('HGET', members, user)
    return json and cjson.decode(json).role, json
end

local function rank_of(user) return RANK[role_of(user)] or 0 end

-- What the room is, and the actor's rank in it; nil where he may not know of it.
local function enter_room()
    local kind = redis.call('HGET', room, 'kind')
    local mine = admin == '1' and 4 or rank_of(actor)
    if not kind or (mine == 0 and kind ~= 'public') then return nil end
    return kind, mine
end
