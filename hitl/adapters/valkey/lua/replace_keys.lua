-- Let another file, or none, take the place of a segment's file of keys: nobody opens the old one any more.
-- KEYS: key files.  ARGV: segment, its entry so far, its new entry.  Returns 1, or 0 when the entry is another by now.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
