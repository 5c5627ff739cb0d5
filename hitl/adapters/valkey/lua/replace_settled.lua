-- Let another file, or none, take the place of a file of what is settled.
-- KEYS: files.  ARGV: number, digest so far, new digest or ''.  Returns 1, or 0 when the file is not that one any more.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
