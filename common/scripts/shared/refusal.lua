-- refusal (needs `room`, `members`): the answer to who may not read or write here; nil where they
-- may, and the room's kind. Only a public room lets a stranger know that it is there.
local function refusal(user)
    local kind = redis.call('HGET', room, 'kind')
    if kind and redis.call('HEXISTS', members, user) == 1 then return nil, kind end
    return {kind == 'public' and 'forbidden' or 'not_found'}
end
