// What every way of reading has in common, and what becomes of a store while its server is away.
import { jest } from '@jest/globals';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { EMPTY, type Recorded, type StreamName } from '@trellis/event-sourcing';
import { openKurrent } from './open-kurrent.js';
import { DoubleLog } from './testing/double-log.js';
import { eventOf, everything } from './testing/kurrent-contract.js';
import { openKurrentDouble } from './testing/kurrent-double.js';
import { ana, ben, followedUntil, withDouble } from './testing/with-double.js';

describe('every way of reading', () => {
  const at = 1_772_000_000_789;

  it('gives an event the same time, to the millisecond', withDouble(async ({ store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    await store.appendObservations([{ stream: ana, event: eventOf(2) }]);
    const read = await everything(store.read(ana));
    const followed = (await followedUntil(store, null, (records) => records.length === 2)).flatMap(({ records }) => records);
    const found = await Promise.all([1, 2].map((n) => store.find(ana, eventOf(n).id)));
    for (const records of [read, await everything(store.readAll()), followed, found as Recorded[]]) {
      expect(records.map(({ recordedAt }) => recordedAt)).toEqual([at, at]);
      expect(records).toEqual(read);
    }
  }, { log: new DoubleLog({ now: () => at }) }));

  it("leaves the client's native half alone", async () => {
    const native = jest.spyOn(KurrentDBClient.prototype, 'rustClient', 'get').mockImplementation(() => {
      throw new Error('the native half was used');
    });
    try {
      await withDouble(async ({ store, double }) => {
        await store.append(ana, [eventOf(1)], EMPTY);
        await store.appendObservations([ana, ben].map((stream, n) => ({ stream, event: eventOf(2 + n) })));
        expect([(await everything(store.read(ana))).length, (await everything(store.read(ana, { from: 1, to: 1 }))).length]).toEqual([2, 1]);
        expect(await everything(store.readAll())).toHaveLength(3);
        expect(await store.find(ana, eventOf(9).id)).toBeNull();
        expect(await store.head()).not.toBeNull();
        expect(await store.lag(null)).toBe(3);
        await followedUntil(store, null, (_, { caughtUp }) => caughtUp);
        expect(double.counts.subscriptions).toBe(1);
      })();
      expect(native).not.toHaveBeenCalled();
    } finally {
      native.mockRestore();
    }
  });

  it('shares the trip of those who ask for the same at the same moment, and never one that is on its way', withDouble(async ({ store, double }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    await store.find(ana, eventOf(1).id);
    const { reads } = double.counts;
    const [tail, found] = await Promise.all([everything(store.read(ana, { from: 1 })), store.find(ana, eventOf(2).id)]);
    expect([tail, found, double.counts.reads - reads]).toEqual([[], null, 1]);
    const underway = everything(store.read(ana, { from: 1 }));
    await store.append(ana, [eventOf(2)], 0);
    expect((await everything(store.read(ana, { from: 1 }))).map(({ id }) => id)).toEqual([eventOf(2).id]);
    await underway;
  }));

  it('asks the leader', async () => {
    const log = new DoubleLog();
    const [leader, follower] = await Promise.all([openKurrentDouble({ log }), openKurrentDouble({ log })]);
    follower.followLeader(leader.endPoint);
    // A connection to one node only, which is not the leader.
    const { store, whyNot, close } = openKurrent(follower.connectionString);
    expect(await store.append(ana, [eventOf(1)], EMPTY)).toMatchObject({ revision: 0 });
    expect(await everything(store.read(ana))).toHaveLength(1);
    expect(await whyNot()).toBeNull();
    expect([follower.counts.reads, leader.counts.reads > 0]).toEqual([0, true]);
    await close();
    await Promise.all([leader.close(), follower.close()]);
  });
});

describe('whether it can be used', () => {
  it('is said in a sentence that names the server and nothing secret', async () => {
    const log = new DoubleLog();
    const first = await openKurrentDouble({ log });
    const { port } = first.endPoint;
    const { whyNot, close } = openKurrent(first.connectionString.replace('://', '://ann:hush@'));
    expect(await whyNot()).toBeNull();
    await first.close();
    expect(await whyNot()).toBe(`asking for the end of the log: unavailable (KurrentDB at kurrentdb://***@127.0.0.1:${port}?tls=false)`);
    const second = await openKurrentDouble({ log, port });
    // The first call after a broken connection may still meet it.
    while ((await whyNot()) !== null);
    second.faults.reads.push('no-answer');
    expect(await whyNot()).toContain('no answer within 1000 ms (KurrentDB at kurrentdb://***@127');
    await close();
    expect(await whyNot()).toBe('the store is closed');
    await second.close();
  });
});

describe('a server that was away while many calls failed', () => {
  it('is used again by reads, appends and followers once it is back', async () => {
    const CALLS = 8;
    const log = new DoubleLog();
    const first = await openKurrentDouble({ log });
    const { port } = first.endPoint;
    const { store, close } = openKurrent(first.connectionString, { subscribeTriesMax: 1 });
    await store.append(ana, [eventOf(1)], EMPTY);
    const following = followedUntil(store, null, () => false);
    first.cut();
    await first.close();
    await expect(following).rejects.toMatchObject({ retriable: true, message: expect.stringContaining(`127.0.0.1:${port}`) as unknown });
    // Names of ours, as that of Ben is.
    const calls = Array.from({ length: CALLS }, (_, n) => [everything(store.read(ana)), store.head(), store.append(`${ben}-${n}` as StreamName, [eventOf(10 + n)], 'any')] as const).flat();
    for (const call of await Promise.allSettled(calls)) expect(call).toMatchObject({ status: 'rejected', reason: { retriable: true } });
    const second = await openKurrentDouble({ log, port });
    expect(await everything(store.read(ana))).toHaveLength(1);
    expect(await store.append(ana, [eventOf(2)], 0)).toMatchObject({ revision: 1 });
    expect((await store.appendObservations([ana, ben].map((stream, n) => ({ stream, event: eventOf(3 + n) })))).outcomes).toEqual(['accepted', 'accepted']);
    expect((await followedUntil(store, null, (records) => records.length === 4)).flatMap(({ records }) => records)).toHaveLength(4);
    await close();
    await second.close();
  });
});
