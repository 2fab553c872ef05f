// What must happen in one atomic step, as Lua scripts. Each touches the keys that it is given and no other.
import { createHash } from 'node:crypto';

export interface Script {
  readonly source: string;
  readonly sha: string;
}

/**
 * Rows of one bucket. KEYS: index, then the rows; ARGV: key and value of each row. The guard is that of `ViewStore.write`: a higher
 * revision, or another version of a revision that is not lower. A value of another format is replaced.
 */
export const PUT_ROWS = script(`#!lua
for i = 2, #KEYS do
  local key, value = ARGV[i * 2 - 3], ARGV[i * 2 - 2]
  local head = 9 + struct.unpack('>I2', value, 8)
  local old = redis.call('GETRANGE', KEYS[i], 0, head - 1)
  local put = #old < 9 or string.byte(old) ~= string.byte(value)
  if not put then
    local before, after = struct.unpack('>I6', old, 2), struct.unpack('>I6', value, 2)
    put = after > before or (after == before and string.sub(old, 8) ~= string.sub(value, 8, head))
  end
  if put then redis.call('SET', KEYS[i], value) end
  if old == '' then redis.call('ZADD', KEYS[1], 0, key) end
end
return #KEYS - 1`);

/** KEYS: index, then rows of its bucket; ARGV: their keys. Runs in full memory too: it makes room. */
export const DROP_ROWS = script(`#!lua flags=allow-oom
redis.call('UNLINK', unpack(KEYS, 2))
return redis.call('ZREM', KEYS[1], unpack(ARGV))`);

/** KEYS: build, builds; ARGV: a new name, generation. Gives the name that the build has had since its first row. */
export const BEGIN = script(`#!lua
redis.call('HSETNX', KEYS[1], 'begun', ARGV[1])
redis.call('SADD', KEYS[2], ARGV[2])
return redis.call('HGET', KEYS[1], 'begun')`);

/**
 * KEYS: build; ARGV: name of the build, run id of the server or an empty text, incarnation, position. 0: it is another build by now, or
 * the server was started again since the rows were written, and may have come back without them.
 */
export const CHECKPOINT = script(`#!lua
if redis.call('HGET', KEYS[1], 'begun') ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' and not string.find(redis.call('INFO', 'server'), 'run_id:' .. ARGV[2], 1, true) then return 0 end
redis.call('HSET', KEYS[1], 'incarnation', ARGV[3], 'checkpoint', ARGV[4])
return 1`);

/** KEYS: build; ARGV: from, to, the incarnation that it must have been written in or an empty text. */
export const MOVE_CHECKPOINT = script(`#!lua
if redis.call('HGET', KEYS[1], 'checkpoint') ~= ARGV[1] then return 0 end
if ARGV[3] ~= '' and redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'checkpoint', ARGV[2])
return 1`);

/** KEYS: live, newest; gives the next generation and keeps it from others. */
export const NEXT_GENERATION = script(`#!lua
local live, newest = tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(redis.call('GET', KEYS[2]) or '0')
local next = math.max(live, newest) + 1
redis.call('SET', KEYS[2], string.format('%.0f', next))
return next`);

/** KEYS: live; ARGV: generation. Gives the generation that was live; a later one stays. */
export const ACTIVATE = script(`#!lua flags=allow-oom
local before = tonumber(redis.call('GET', KEYS[1]) or '0')
if before < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
return before`);

function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
