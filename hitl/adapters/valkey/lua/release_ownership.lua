-- Give up the place of the cluster that owns the store.  KEYS: ownership (hash).  ARGV: cluster.  Returns 1, or 0 when it is another's.
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'owner', 'owner_age', 'owns_until')
return 1
