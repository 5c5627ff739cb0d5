-- KEYS: wrapped keys.  ARGV: field, old, new.  Returns 1, or 0 when the field is not the old one any more: erased meanwhile.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
