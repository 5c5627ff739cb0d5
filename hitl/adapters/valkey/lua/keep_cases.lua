-- Keep settled cases outside the memory of their shard; only its present writer may.
-- KEYS: archive, epoch.  ARGV: epoch, then id and content of each case.
-- Returns 'OK' | 'FENCED'.
if (redis.call('GET', KEYS[2]) or '0') ~= ARGV[1] then return 'FENCED' end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
return 'OK'
