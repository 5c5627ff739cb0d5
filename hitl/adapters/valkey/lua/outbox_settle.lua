-- Write what became of an attempt: the delivery, where it waits now, its line in the log, the counts, and what else is due.
-- KEYS: deliveries, due, dead, done, log, counts.
-- ARGV: id, delivery, status, next at, attempted at, seconds, error ('' for none), attempt, channel, most log lines,
--       most finished ones, then (id, delivery, due at) for each other that is due because of it.
-- Returns 1, or 0 when the delivery is gone or done: somebody else has settled it.
local standing = redis.call('HGET', KEYS[1], ARGV[1])
if not standing or cjson.decode(standing)['status'] ~= 'waiting' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[3] == 'waiting' then
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
else
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZADD', ARGV[3] == 'dead' and KEYS[3] or KEYS[4], ARGV[5], ARGV[1])
  redis.call('HINCRBY', KEYS[6], ARGV[3], 1)
end
redis.call('HINCRBY', KEYS[6], 'attempts', 1)
if tonumber(ARGV[8]) > 1 then redis.call('HINCRBY', KEYS[6], 'retries', 1) end
redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[10], '*', 'id', ARGV[1], 'channel', ARGV[9], 'at', ARGV[5],
  'attempt', ARGV[8], 'seconds', ARGV[6], 'status', ARGV[3], 'error', ARGV[7])
for i = 12, #ARGV, 3 do
  if redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('ZADD', KEYS[2], ARGV[i + 2], ARGV[i])
    redis.call('HINCRBY', KEYS[6], 'enqueued', 1)
  end
end
for _, set in ipairs({KEYS[3], KEYS[4]}) do
  local surplus = redis.call('ZCARD', set) - tonumber(ARGV[11])
  if surplus > 0 then
    local popped = redis.call('ZPOPMIN', set, surplus)
    for i = 1, #popped, 2 do redis.call('HDEL', KEYS[1], popped[i]) end
  end
end
return 1
