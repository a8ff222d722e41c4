-- wants (needs `room`, `log`, `members`, `read`, `fold`, `gone`, `notify` and shared/entry,
-- shared/reading, shared/mentions): what a member wants to hear of.
-- The level that they have chosen, or the usual one: all of a direct room, of others as the site has
-- it. A mention is heard of unless it is `nothing`.
local function level_of(user, kind, usual)
    return redis.call('HGET', notify, user) or (kind == 'direct' and 'all' or usual)
end

local function is_mentioned(user, entry, folded)
    for _, id in ipairs(mentions_of(entry, folded)) do
        if id == user then return true end
    end
    return false
end
