-- Add what a page of history says to the counters and move its cursor, in one step.
-- KEYS: cursors, starts, averages, all, then one key a day.
-- ARGV: source, expected seq, new cursor, seconds that days are kept, then how many and
--       (number of the day, field, amount) a counter; how many and (id, start) a start; how many and (field, average) an
--       average; then the ids that are over.
-- Returns 1, or 0 when the cursor is elsewhere.
local standing = redis.call('HGET', KEYS[1], ARGV[1])
if tonumber(standing or '0') ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])

local at = 5
local function take()
  at = at + 1
  return ARGV[at - 1]
end
for _ = 1, tonumber(take()) do
  local day, field, amount = tonumber(take()), take(), take()
  redis.call('HINCRBYFLOAT', KEYS[4 + day], field, amount)
  redis.call('HINCRBYFLOAT', KEYS[4], field, amount)
end
for _ = 1, tonumber(take()) do redis.call('HSET', KEYS[2], take(), take()) end
for _ = 1, tonumber(take()) do redis.call('HSET', KEYS[3], take(), take()) end
while at <= #ARGV do redis.call('HDEL', KEYS[2], take()) end
for i = 5, #KEYS do redis.call('EXPIRE', KEYS[i], ARGV[4]) end
return 1
