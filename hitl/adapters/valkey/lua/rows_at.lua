-- KEYS: stream.  ARGV: positions.
-- Returns the entries at these positions, in this order, without those that are not there.
local found = {}
for i = 1, #ARGV do
  local rows = redis.call('XRANGE', KEYS[1], ARGV[i] .. '-0', ARGV[i] .. '-0')
  if #rows > 0 then found[#found + 1] = rows[1] end
end
return found
