-- KEYS: serving.  ARGV: task, pointer (JSON).  Returns 1 when another text stood there, whatever its generation, or 0.
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
