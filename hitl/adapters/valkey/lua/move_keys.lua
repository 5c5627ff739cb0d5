-- Let a file have the keys of a segment's cases, and drop them from the store, as one step.
-- KEYS: wrapped keys, key files.  ARGV: segment, its entry, then id and SHA-1 of the stored key of each case.
-- Returns 'OK' | 'THERE' when the segment has an entry | 'CHANGED' when a key is not what the file has: erased, or wrapped anew.
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 'THERE' end
for i = 3, #ARGV, 2 do
  local key = redis.call('HGET', KEYS[1], ARGV[i])
  if not key or redis.sha1hex(key) ~= ARGV[i + 1] then return 'CHANGED' end
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HDEL', KEYS[1], ARGV[i]) end
return 'OK'
