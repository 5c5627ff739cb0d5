-- Take over a message that has no journal event, once for each id.
-- KEYS: the id's own key, puts, number of the last put.
-- ARGV: id, kind, at, payload, seconds that the id is remembered, most that may wait.
-- Returns 1 | 0 when the id was put before | -1 when too many wait.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('XLEN', KEYS[2]) >= tonumber(ARGV[6]) then return -1 end
local seq = string.format('%.0f', redis.call('INCR', KEYS[3]))
redis.call('XADD', KEYS[2], seq .. '-0', 'i', ARGV[1], 'k', ARGV[2], 'a', ARGV[3], 'p', ARGV[4])
redis.call('SET', KEYS[1], seq, 'EX', ARGV[5])
return 1
