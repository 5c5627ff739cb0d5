-- Say that a run of positions is in the archive; from then on their cases may leave the store.
-- KEYS: border, segments.  ARGV: epoch of the archiver, first position, last position, name of the segment, its digest.
-- Returns 'OK' | 'FENCED' for any but the present archiver | 'MOVED' when the border is elsewhere.
if (redis.call('HGET', KEYS[1], 'epoch') or '0') ~= ARGV[1] then return 'FENCED' end
local to = tonumber(redis.call('HGET', KEYS[1], 'archived_to') or '0')
if to > 0 and to + 1 ~= tonumber(ARGV[2]) then return 'MOVED' end
redis.call('HSET', KEYS[2], ARGV[4], ARGV[5])
redis.call('HSET', KEYS[1], 'archived_to', ARGV[3])
return 'OK'
