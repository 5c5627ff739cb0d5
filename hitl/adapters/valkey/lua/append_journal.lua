-- Append entries to a shard's journal: everything is checked first and written last, in one step.
-- KEYS: journal, epoch.  ARGV: epoch, expected seq, then body, hash and signature (or '') of each entry.
-- Returns {'OK', seq} | {'FENCED', current epoch} | {'SEQ', actual seq}.
local epoch = tonumber(redis.call('GET', KEYS[2]) or '0')
if epoch ~= tonumber(ARGV[1]) then return {'FENCED', epoch} end

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local seq = #last > 0 and tonumber(string.match(last[1][1], '^%d+')) or 0
if seq ~= tonumber(ARGV[2]) then return {'SEQ', seq} end

for i = 3, #ARGV, 3 do
  seq = seq + 1
  local id = string.format('%.0f-0', seq)
  if ARGV[i + 2] == '' then
    redis.call('XADD', KEYS[1], id, 'b', ARGV[i], 'h', ARGV[i + 1])
  else
    redis.call('XADD', KEYS[1], id, 'b', ARGV[i], 'h', ARGV[i + 1], 's', ARGV[i + 2])
  end
end
return {'OK', seq}
