-- Keep, take or ask for the place of the cluster that owns the store. The store's clock counts, so clusters need none in common.
-- KEYS: ownership (hash), age of this cluster.  ARGV: cluster, milliseconds that a word counts, '1' when the cluster is whole,
--       milliseconds that its age is remembered.
-- Returns 'owns' | 'yields' | 'waits'.
local cluster, counts = ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local age = tonumber(redis.call('GET', KEYS[2]) or redis.call('HINCRBY', KEYS[1], 'clusters', 1))
redis.call('SET', KEYS[2], string.format('%.0f', age), 'PX', ARGV[4])

local fields = {'owner', 'owner_age', 'owns_until', 'claimant', 'claimant_age', 'claims_until'}
local had = redis.call('HMGET', KEYS[1], unpack(fields))
local owner, owner_age, owns_until = had[1], tonumber(had[2] or 0), tonumber(had[3] or 0)
local claimed = had[4] and had[4] ~= cluster and tonumber(had[5]) > age and tonumber(had[6]) > now
local until_then = string.format('%.0f', now + counts)

if owner == cluster then
  if claimed then return 'yields' end
  redis.call('HSET', KEYS[1], 'owns_until', until_then)
  return 'owns'
end
if (not owner or owns_until <= now) and not claimed then
  redis.call('HSET', KEYS[1], 'owner', cluster, 'owner_age', string.format('%.0f', age), 'owns_until', until_then)
  redis.call('HDEL', KEYS[1], 'claimant', 'claimant_age', 'claims_until')
  return 'owns'
end
if ARGV[3] == '1' and age > owner_age and not claimed then
  redis.call('HSET', KEYS[1], 'claimant', cluster, 'claimant_age', string.format('%.0f', age), 'claims_until', until_then)
end
return 'waits'
