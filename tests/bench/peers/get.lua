-- get: what wrk sends: the same GET again and again, by one user.
--
--   wrk -s get.lua URL -- TOKEN
dofile('summary.lua')

function init(args)
    wrk.headers['Authorization'] = 'Bearer ' .. args[1]
end
