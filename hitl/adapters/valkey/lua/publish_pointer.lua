-- KEYS: serving.  ARGV: task, generation, pointer (JSON).  Returns 1, or 0 when a later generation stands there.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and cjson.decode(known)['generation'] > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
