-- Let the partitioning grow, unless somebody else did.
-- KEYS: partitions.  ARGV: text that stands there, text of the grown one.  Returns 1 | 0 where another text stands there.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
