-- Write a change of an alert and make its deliveries due, in one step.
-- KEYS: alerts, deliveries, due, counts.
-- ARGV: name, expected seq (0: not standing), the alert ('' when it is over), then (id, delivery, due at) a delivery.
-- Returns 1, or 0 when somebody else has changed it.
local standing = redis.call('HGET', KEYS[1], ARGV[1])
local seq = standing and cjson.decode(standing)['seq'] or 0
if seq ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
for i = 4, #ARGV, 3 do
  if redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('ZADD', KEYS[3], ARGV[i + 2], ARGV[i])
    redis.call('HINCRBY', KEYS[4], 'enqueued', 1)
  end
end
return 1
