-- KEYS: cases, the case's own key.  Returns the one row of the case's stream entry, or nothing.
local seq = redis.call('GET', KEYS[2])
if not seq then return {} end
return redis.call('XRANGE', KEYS[1], seq .. '-0', seq .. '-0')
