-- KEYS: sessions.  ARGV: digest, session (JSON).  Returns 1, or 0 when the session was removed meanwhile.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
