export { BusyError, RedisError, RowsLostError } from './errors.js';
export { openRedis } from './open-redis.js';
export type { OpenedRedis, RedisOptions } from './open-redis.js';
