-- Take what is due and hold it: who dies with it lets it come due again.
-- KEYS: deliveries, due.  ARGV: now, limit, held until.  Returns the deliveries.
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local delivery = redis.call('HGET', KEYS[1], id)
  if delivery then
    redis.call('ZADD', KEYS[2], ARGV[3], id)
    taken[#taken + 1] = delivery
  else
    redis.call('ZREM', KEYS[2], id)
  end
end
return taken
