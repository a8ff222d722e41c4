-- pushers (needs `room`, whose name it takes for the others'): a message for whose sake somebody may
-- have to be woken. Where nobody in the room has asked for that, it costs one look.
-- `push` of the room is the first message that nobody has been woken for yet; gives 1 where there is
-- something to be done, which is then to be noted outside of the room as well (push_note).
local function note_push(seq)
    if redis.call('EXISTS', string.sub(room, 1, -5) .. 'pushers') == 0 then return 0 end
    redis.call('HSETNX', room, 'push', seq)
    return 1
end
