-- Make a finished delivery due again, under its id.
-- KEYS: deliveries, due, dead, done, counts.  ARGV: id, delivery, due at.
-- Returns 1, or 0 when it is gone or waits already.
local standing = redis.call('HGET', KEYS[1], ARGV[1])
if not standing or cjson.decode(standing)['status'] == 'waiting' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('HINCRBY', KEYS[5], 'replayed', 1)
return 1
