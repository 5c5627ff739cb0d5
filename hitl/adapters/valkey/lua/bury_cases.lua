-- Let what is kept of deleted cases become a line that says so; what is not there stays away.
-- KEYS: archive.  ARGV: id and line of each case.
for i = 1, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
return 'OK'
