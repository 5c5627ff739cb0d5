-- Append a micro-batch of routed cases: everything is checked first and written last, in one step.
-- KEYS: cases, refs, seq, serving, wrapped keys, gateways' heads, border, then one key a case.
-- ARGV: gateway, first link, position up to which the caller looked in the archive, how often partitions were added as far as the
--       caller knows, number of tasks, then (task, generation) a task,
--       then (case id, body, payload, '1' when people decide it else '0', chain hash, wrapped key or '') a case.
-- Returns {'OK', first seq} | {'STALE', task, current generation} | {'EXISTS', seq or false, a case}
--       | {'BEHIND', position up to which cases may have left} | {'ADDED', how often partitions were added}.
local HEAD, FIELDS, FIRST = 7, 6, 6
local border = redis.call('HMGET', KEYS[7], 'archived_to', 'added')
local left, added = tonumber(border[1] or '0'), tonumber(border[2] or '0')
if added ~= tonumber(ARGV[4]) then return {'ADDED', added} end
if left > tonumber(ARGV[3]) then return {'BEHIND', left} end

local tasks = tonumber(ARGV[5])
for i = 0, tasks - 1 do
  local task, had = ARGV[FIRST + 2 * i], tonumber(ARGV[FIRST + 1 + 2 * i])
  local pointer = redis.call('HGET', KEYS[4], task)
  local current = pointer and cjson.decode(pointer)['generation'] or 0
  if current ~= had then return {'STALE', task, current} end
end

local count = #KEYS - HEAD
local positions, known = {'EXISTS'}, false
for i = 1, count do
  local at = redis.call('GET', KEYS[HEAD + i])
  positions[1 + i] = at
  known = known or at
end
if known then return positions end

local first = redis.call('INCRBY', KEYS[3], count) - count + 1
for i = 0, count - 1 do
  local a = FIRST + 2 * tasks + FIELDS * i
  local id = string.format('%.0f-0', first + i)
  redis.call('XADD', KEYS[1], id, 'b', ARGV[a + 1], 'p', ARGV[a + 2], 'g', ARGV[1],
    'n', string.format('%.0f', tonumber(ARGV[2]) + i), 'h', ARGV[a + 4])
  if ARGV[a + 3] == '1' then redis.call('XADD', KEYS[2], id, 'c', ARGV[a]) end
  if ARGV[a + 5] ~= '' then redis.call('HSET', KEYS[5], ARGV[a], ARGV[a + 5]) end
  redis.call('SET', KEYS[HEAD + 1 + i], string.format('%.0f', first + i))
end
local last = FIRST + 2 * tasks + FIELDS * (count - 1)
redis.call('HSET', KEYS[6], ARGV[1],
  string.format('%.0f %.0f %s', first + count - 1, tonumber(ARGV[2]) + count - 1, ARGV[last + 4]))
return {'OK', first}
