-- Let a file of what is settled count, and drop its cases from the store, as one step.
-- KEYS: settled cases, files, epoch of the shard.  ARGV: epoch, number, digest, then id and SHA-1 of the stored value of each case.
-- Returns 'OK' | 'FENCED' for any but the present writer, or another number | 'CHANGED' when a case is not what the file has.
if (redis.call('GET', KEYS[3]) or '0') ~= ARGV[1] then return 'FENCED' end
if tonumber(redis.call('HGET', KEYS[2], 'last') or '0') + 1 ~= tonumber(ARGV[2]) then return 'FENCED' end
for i = 4, #ARGV, 2 do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  if not value or redis.sha1hex(value) ~= ARGV[i + 1] then return 'CHANGED' end
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3], 'last', ARGV[2])
for i = 4, #ARGV, 2 do redis.call('HDEL', KEYS[1], ARGV[i]) end
return 'OK'
