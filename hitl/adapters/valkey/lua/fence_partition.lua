-- From now on refuse the cases of writers that know of fewer added partitions.
-- KEYS: border.  ARGV: how often partitions were added.  Returns how often as far as the partition knows now: never less than before.
local added = tonumber(redis.call('HGET', KEYS[1], 'added') or '0')
if added >= tonumber(ARGV[1]) then return added end
redis.call('HSET', KEYS[1], 'added', ARGV[1])
return tonumber(ARGV[1])
