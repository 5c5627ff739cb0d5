-- KEYS: cases, the case's own key, wrapped keys.  ARGV: case id.
-- Returns the case's stream entry and its wrapped key (or false), or nothing.
local seq = redis.call('GET', KEYS[2])
if not seq then return {} end
local rows = redis.call('XRANGE', KEYS[1], seq .. '-0', seq .. '-0')
if #rows == 0 then return {} end
return {rows[1], redis.call('HGET', KEYS[3], ARGV[1])}
