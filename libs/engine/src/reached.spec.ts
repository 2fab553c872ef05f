import { openDistributed } from './distributed-engine.js';
import { reached } from './reached.js';
import { openTransport } from './transport.js';

class RedisError extends Error {
  override readonly name = 'RedisError';

  constructor(message: string, readonly retriable: boolean) {
    super(message);
  }
}

it('says what to do where a server cannot be reached', async () => {
  const fault = new RedisError('Redis at redis://127.0.0.1:1: cannot connect.', true);
  await expect(reached(Promise.reject(fault))).rejects.toMatchObject({
    message: 'Redis at redis://127.0.0.1:1: cannot connect; start it, or set TRELLIS_REDIS_URL to where it is',
    retriable: true,
    cause: fault,
  });
});

it('leaves alone what trying again cannot help, and what no server said', async () => {
  const refused = new RedisError('Redis evicts rows: set maxmemory-policy to noeviction', false);
  await expect(reached(Promise.reject(refused))).rejects.toBe(refused);
  const bug = new TypeError('no such thing');
  await expect(reached(Promise.reject(bug))).rejects.toBe(bug);
});

it('names the variable of the server that is away', async () => {
  // Nobody listens on port 1 of this machine.
  const settings = { kurrentUrl: 'kurrentdb://127.0.0.1:1?tls=false', redisUrl: 'redis://127.0.0.1:1', namespace: 'trellis' };
  await expect(openDistributed(settings)).rejects.toThrow('set TRELLIS_REDIS_URL to');
  await expect(openTransport({ kafkaBrokers: '127.0.0.1:1', namespace: 'trellis', ingressTenants: [] }, { clientId: 'spec' })).rejects.toThrow('set TRELLIS_KAFKA_BROKERS to');
});
