-- KEYS: border, then one key a case.
-- Returns the position up to which cases may have left, then the seq of each case or false.
local found = {tonumber(redis.call('HGET', KEYS[1], 'archived_to') or '0')}
for i = 2, #KEYS do found[i] = redis.call('GET', KEYS[i]) end
return found
