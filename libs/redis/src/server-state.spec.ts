import { refusalOf } from './server-state.js';
import { Gate } from './waiting.js';

const good = { redis_version: '7.0.15', role: 'master', maxmemory_policy: 'noeviction' };

describe('a server', () => {
  it.each([
    ['of the oldest version that will do',   {},                                  null],
    ['of a later version',                   { redis_version: '10.1.0' },         null],
    ['that is too old',                      { redis_version: '6.2.14' },         'it is Redis 6.2.14; Trellis needs Redis 7 or later'],
    ['that is a replica',                    { role: 'slave' },                   'it is a replica; give the address of the server that takes writes'],
    ['that evicts',                          { maxmemory_policy: 'allkeys-lfu' }, 'it evicts rows when its memory is full: maxmemory-policy is allkeys-lfu; set it to noeviction'],
  ])('%s', (_, other, why) => {
    expect(refusalOf(new Map(Object.entries({ ...good, ...other })))).toBe(why);
  });
});

describe('a gate', () => {
  it('lets a few in, the others in their order, and refuses who would wait behind too many', async () => {
    const gate = new Gate({ what: 'writes', parallelMax: 1, waitingMax: 2 });
    const inside: number[] = [];
    await gate.enter();
    const waiting = [1, 2].map((n) => gate.enter().then(() => inside.push(n)));
    await expect(gate.enter()).rejects.toMatchObject({ message: 'busy: 2 writes wait already; try again later', retriable: true });
    gate.leave();
    await waiting[0];
    expect(inside).toEqual([1]);
    gate.leave();
    await waiting[1];
    gate.leave();
    await gate.enter();
  });
});
