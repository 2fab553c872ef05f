// What readers and followers see when the network, the server or its leader fails: everything, once, in order.
import { setTimeout as sleep } from 'node:timers/promises';
import { EMPTY, type Position } from '@trellis/event-sourcing';
import { ForeignEventError, KurrentError } from './errors.js';
import { openKurrent } from './open-kurrent.js';
import { DoubleLog } from './testing/double-log.js';
import type { ReadFault, SubscriptionFault } from './testing/faults.js';
import { openKurrentDouble } from './testing/kurrent-double.js';
import { eventOf, everything } from './testing/kurrent-contract.js';
import { ana, ben, course, followedUntil, withDouble } from './testing/with-double.js';

/** Only for cases that wait for it. */
const callMsMax = 500;
const events = (first: number, count: number) => Array.from({ length: count }, (_, n) => eventOf(first + n));

describe('reading', () => {
  it.each<ReadFault>(['disconnect', 'no-answer', 'unavailable'])('goes on after %s', (fault) => withDouble(async ({ double, store }) => {
    await store.append(ana, events(0, 3), EMPTY);
    double.faults.reads.push(fault, fault);
    expect(await everything(store.read(ana))).toHaveLength(3);
    double.faults.reads.push(fault);
    expect(await everything(store.readAll())).toHaveLength(3);
  }, fault === 'no-answer' ? { callMsMax } : {})());

  it('gives up after some tries, with a fault that can be tried again', withDouble(async ({ double, store }) => {
    double.faults.reads.push(...Array.from({ length: 20 }, () => 'unavailable' as const));
    await expect(store.head()).rejects.toMatchObject({ name: 'KurrentError', retriable: true });
    expect(double.counts.reads).toBeLessThan(20);
  }));

  it('works once the server is there, though it was not when the store was opened', async () => {
    const log = new DoubleLog();
    const before = await openKurrentDouble({ log });
    await before.close();
    const { store, close } = openKurrent(before.connectionString);
    await expect(store.head()).rejects.toBeInstanceOf(KurrentError);
    const { port } = before.endPoint;
    const double = await openKurrentDouble({ log, port });
    expect(await store.head()).toBeNull();
    expect(await store.append(ana, [eventOf(1)], EMPTY)).toMatchObject({ revision: 0 });
    await close();
    await double.close();
  });

  it('is refused by a closed store', withDouble(async ({ store }) => {
    await store.close();
    await expect(store.head()).rejects.toMatchObject({ message: 'the store is closed', retriable: false });
    await expect(store.append(ana, [eventOf(1)], EMPTY)).rejects.toMatchObject({ message: 'the store is closed' });
  }));

  it('counts a short lag and estimates a long one', withDouble(async ({ store }) => {
    for (let n = 0; n < 2_000; n += 500) await store.append(ana, events(n, 500), n - 1);
    const records = await everything(store.readAll());
    expect(await store.lag(records[1_900]?.position ?? null)).toBe(99);
    const estimated = await store.lag(null);
    expect(estimated).toBeGreaterThan(1_800);
    expect(estimated).toBeLessThan(2_200);
    expect(await store.lag(records.at(-1)?.position ?? null)).toBe(0);
  }));

  it.each(['-1', '1.', 'x', '18446744073709551616', '7 '])('refuses %j as a position', (position) => withDouble(async ({ store }) => {
    // A position of no store, on purpose.
    await expect(store.lag(position as Position)).rejects.toThrow(`${JSON.stringify(position)} is not a position`);
  })());
});

describe('events of others', () => {
  const foreign = (log: DoubleLog, stream: string) => log.append([{ stream, expected: 'any', events: [{ id: eventOf(99).id, type: 'Theirs', contentType: 'application/json', data: new Uint8Array(), metadata: new Uint8Array() }] }]);

  it('are passed over in the log, and do not count', withDouble(async ({ double, store }) => {
    foreign(double.log, 'orders-1');
    expect(await store.head()).toBeNull();
    await store.append(ana, [eventOf(1)], EMPTY);
    const head = await store.head();
    foreign(double.log, 'orders-1');
    foreign(double.log, 'learner-of-others');
    expect(await everything(store.readAll())).toHaveLength(1);
    expect([await store.head(), await store.lag(null), await store.lag(head)]).toEqual([head, 1, 0]);
    const pages = await followedUntil(store, null, (_, { caughtUp }) => caughtUp);
    expect(pages.flatMap(({ records }) => records)).toHaveLength(1);
  }));

  it('are an error in a stream that is read, with their place', withDouble(async ({ double, store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    foreign(double.log, ana);
    const error = await everything(store.read(ana)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ForeignEventError);
    expect(error).toMatchObject({ stream: ana, revision: 1n, retriable: false });
  }));
});

describe('following', () => {
  it.each<[string, SubscriptionFault]>([
    ['the server ends the subscription', { kind: 'drop', afterEvents: 3 }],
    ['the connection breaks', { kind: 'disconnect', afterEvents: 3 }],
    ['the connection breaks at once', { kind: 'disconnect', afterEvents: 0 }],
    ['the server sends every event twice', { kind: 'duplicate' }],
    ['the server is slow', { kind: 'slow', waitMs: 2 }],
  ])('gives everything once and in order when %s', (_, fault) => withDouble(async ({ double, store }) => {
    await store.append(ana, events(0, 10), EMPTY);
    double.faults.subscriptions.push(fault);
    let added = false;
    const pages = await followedUntil(store, null, (records, { caughtUp }) => {
      if (caughtUp && !added) {
        added = true;
        void store.append(ben, events(10, 10), EMPTY);
      }
      return records.length >= 20;
    });
    expect(pages.flatMap(({ records }) => records)).toEqual(await everything(store.readAll()));
  })());

  it('goes on after the leader has changed', async () => {
    const log = new DoubleLog();
    const [first, second] = await Promise.all([openKurrentDouble({ log }), openKurrentDouble({ log })]);
    const hosts = [first, second].map(({ endPoint }) => `${endPoint.host}:${endPoint.port}`).join(',');
    second.followLeader(first.endPoint);
    const { store, close } = openKurrent(`kurrentdb://${hosts}?tls=false&discoveryInterval=1`);
    await store.append(ana, events(0, 5), EMPTY);
    let changed = false;
    const pages = await followedUntil(store, null, (records, { caughtUp }) => {
      if (caughtUp && !changed) {
        changed = true;
        second.followLeader(null);
        first.followLeader(second.endPoint);
        first.cut();
        void store.append(ben, events(5, 5), EMPTY);
      }
      return records.length >= 10;
    });
    expect(pages.flatMap(({ records }) => records)).toEqual(await everything(store.readAll()));
    expect(second.counts.subscriptions).toBe(1);
    await close();
    await Promise.all([first.close(), second.close()]);
  });

  it('holds the server back while nobody takes what was sent', withDouble(async ({ double, store }) => {
    const COUNT = 8_000;
    for (let n = 0; n < COUNT; n += 500) await store.append(ana, Array.from({ length: 500 }, (_, k) => eventOf(n + k, { bytes: new Uint8Array(1_500) })), n - 1);
    const stop = new AbortController();
    const pages = store.follow({ after: null, signal: stop.signal })[Symbol.asyncIterator]();
    const first = await pages.next();
    // Until the double has nothing more that it may send.
    for (let before = -1; before !== double.counts.eventsSent; await sleep(100)) before = double.counts.eventsSent;
    expect(double.counts.eventsSent).toBeLessThan(COUNT / 2);
    let count = first.done === true ? 0 : first.value.records.length;
    while (count < COUNT) {
      const page = await pages.next();
      if (page.done === true) break;
      count += page.value.records.length;
    }
    expect(count).toBe(COUNT);
    stop.abort();
    expect(await pages.next()).toMatchObject({ done: true });
  }));

  it('can go on from every position it gave, also from one between two events', withDouble(async ({ store }) => {
    for (let n = 0; n < 6; n++) {
      await store.append(ana, events(n * 50, 50), 'any');
      await store.append(course, [eventOf(1_000 + n)], 'any');
    }
    await store.append(ana, events(900, 50), 'any');
    const all = await everything(store.readAll({ prefix: 'course-' }));
    const pages = await followedUntil(store, null, (_, { caughtUp }) => caughtUp, 'course-');
    let seen = 0;
    for (const { records, position } of pages) {
      seen += records.length;
      expect((await everything(store.readAll({ after: position, prefix: 'course-' })))).toEqual(all.slice(seen));
      const rest = await followedUntil(store, position, (_, { caughtUp }) => caughtUp, 'course-');
      expect(rest.flatMap((page) => page.records)).toEqual(all.slice(seen));
    }
    expect(seen).toBe(6);
    expect(await store.lag(pages.at(-1)?.position ?? null)).toBe(0);
  }));

  it('ends when the store is closed', withDouble(async ({ store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    const seen = [];
    for await (const page of store.follow({ after: null, signal: new AbortController().signal })) {
      seen.push(page);
      void store.close();
    }
    expect(seen.flatMap(({ records }) => records)).toHaveLength(1);
  }));

  it('opens a subscription again that is accepted and stays silent', withDouble(async ({ double, store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    double.faults.subscriptions.push({ kind: 'unconfirmed' });
    const pages = await followedUntil(store, null, (records) => records.length === 1);
    expect(pages.flatMap(({ records }) => records)).toHaveLength(1);
    expect(double.counts.subscriptions).toBe(2);
  }, { callMsMax }));

  it('fails in the end when every subscription fails at once', withDouble(async ({ double, store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    double.faults.subscriptions.push(...Array.from({ length: 40 }, () => ({ kind: 'drop', afterEvents: 0 }) as const));
    await expect(followedUntil(store, null, () => false)).rejects.toMatchObject({ retriable: true });
    expect(double.counts.subscriptions).toBeLessThan(40);
  }, { subscribeTriesMax: 3 }));
});
