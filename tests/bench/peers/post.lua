-- post: what wrk sends: messages of several users, each under a key of its own.
--
--   wrk -s post.lua URL -- PEOPLE RUN      PEOPLE: a file of `TOKEN ROOM`; RUN: part of every key
dofile('summary.lua')

local threads = 0
local people = {}

function setup(thread)
    threads = threads + 1
    thread:set('number', threads)
end

function init(args)
    for line in io.lines(args[1]) do
        local token, room = string.match(line, '^(%S+) (%S+)')
        people[#people + 1] = {path = '/api/v1/rooms/' .. room .. '/messages',
            headers = {['Authorization'] = 'Bearer ' .. token, ['Content-Type'] = 'application/json'}}
    end
    prefix = string.format('%s-%d-', args[2], number)
    count = 0
end

function request()
    count = count + 1
    local who = people[count % #people + 1]
    return wrk.format('POST', who.path, who.headers, string.format(
        '{"text":"Number %d of what is said here, about as long as people write.","key":"%s%d"}',
        count, prefix, count))
end
