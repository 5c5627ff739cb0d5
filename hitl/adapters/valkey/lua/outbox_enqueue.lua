-- Make deliveries due and move a source's cursor, in one step.
-- KEYS: cursors, deliveries, due, counts.
-- ARGV: source, expected seq, new cursor ('<seq> <hash>'), most that may wait, then (id, delivery, due at) a delivery.
-- Returns 'OK' | 'MOVED' when the cursor is elsewhere | 'FULL' when too many wait.
local standing = redis.call('HGET', KEYS[1], ARGV[1])
local seq = standing and tonumber(string.match(standing, '^%d+')) or 0
if seq ~= tonumber(ARGV[2]) then return 'MOVED' end
if #ARGV > 4 and redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[4]) then return 'FULL' end

for i = 5, #ARGV, 3 do
  if redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('ZADD', KEYS[3], ARGV[i + 2], ARGV[i])
    redis.call('HINCRBY', KEYS[4], 'enqueued', 1)
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 'OK'
