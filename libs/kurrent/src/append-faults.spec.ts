// What becomes of an append when the network, the server or its leader fails: nothing acknowledged is lost, nothing is written twice.
import { EMPTY, type Appended, type Recording } from '@trellis/event-sourcing';
import { KurrentError, UnknownOutcomeError } from './errors.js';
import { openKurrent } from './open-kurrent.js';
import { DoubleLog } from './testing/double-log.js';
import type { AppendFault, Fate } from './testing/faults.js';
import { openKurrentDouble } from './testing/kurrent-double.js';
import { eventOf, everything } from './testing/kurrent-contract.js';
import { ana, ben, withDouble } from './testing/with-double.js';

/** Only cases that wait for it have a short deadline. */
const deadline = ({ kind }: AppendFault) => (kind === 'no-answer' ? { callMsMax: 500 } : {});
const FATES: readonly Fate[] = ['lost', 'written', 'lands-before-the-next', 'lands-after-the-next'];
const FAULTS: readonly (readonly [string, AppendFault])[] = [
  ...FATES.map((fate) => [`a connection that breaks, with the append ${fate}`, { kind: 'disconnect', fate }] as const),
  ...FATES.map((fate) => [`an answer that never comes, with the append ${fate}`, { kind: 'no-answer', fate }] as const),
  ['a wrong expected version that is none', { kind: 'wrong-version' }],
  ['a server that is too busy', { kind: 'unavailable' }],
];

describe.each([
  ['in batches', ['batch-append', 'append-session', 'append-records'] as const],
  ['one by one', [] as const],
])('appending %s', (_, features) => {
  it.each(FAULTS)('is done once after %s', (_name, fault) => withDouble(async ({ double, store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    double.faults.appends.push(fault);
    expect(await store.append(ana, [eventOf(2), eventOf(3)], 0)).toMatchObject({ revision: 2, repeated: false });
    expect(await store.append(ana, [eventOf(4)], 'any')).toMatchObject({ revision: 3, repeated: false });
    expect((await everything(store.read(ana))).map(({ id }) => id)).toEqual([1, 2, 3, 4].map((n) => eventOf(n).id));
    expect(double.faults.appends).toEqual([]);
  }, { features, ...deadline(fault) })());

  const drawn = (n: number) => ({ ...eventOf(n), isDrawn: true });
  // What the server says of the revision is believed: whoever drew the id chooses again.
  it.each(FAULTS.filter(([, { kind }]) => kind !== 'wrong-version'))('of an id that was drawn for it is done once after %s', (_name, fault) => withDouble(async ({ double, store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    double.faults.appends.push(fault);
    expect(await store.append(ana, [drawn(2)], 0)).toMatchObject({ revision: 1, repeated: false });
    expect(await store.append(ana, [drawn(3)], 1)).toMatchObject({ revision: 2, repeated: false });
    expect((await everything(store.read(ana))).map(({ id }) => id)).toEqual([1, 2, 3].map((n) => eventOf(n).id));
    expect(double.faults.appends).toEqual([]);
  }, { features, ...deadline(fault) })());

  it('of an id that was drawn for it takes one call, and gives its place', withDouble(async ({ double, store, another }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    const other = another();
    const { reads, appends } = double.counts;
    const appended = await other.append(ana, [drawn(2)], 0);
    expect(double.counts).toMatchObject({ reads, appends: appends + 1 });
    const [, second] = await everything(store.read(ana));
    expect(appended).toEqual({ revision: 1, position: second?.position, repeated: false });
    // Both know of it from now on, whoever wrote last.
    expect(await store.append(ana, [eventOf(2)], 'any')).toMatchObject({ revision: 1, repeated: true });
    expect(await other.append(ana, [eventOf(1), eventOf(2)], 'any')).toMatchObject({ revision: 1, repeated: true });
    expect(await other.append(ana, [drawn(3)], 0)).toBe('conflict');
    expect(await store.append(ana, [drawn(4)], 1)).toMatchObject({ revision: 2, repeated: false });
    expect(await other.append(ana, [drawn(5)], 2)).toMatchObject({ revision: 3, repeated: false });
    expect(await other.append(ana, [eventOf(4)], 'any')).toMatchObject({ revision: 2, repeated: true });
    expect(await everything(store.read(ana))).toHaveLength(4);
  }, { features }));

  it.each(FAULTS)('records each fact once after %s', (_name, fault) => withDouble(async ({ double, store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    double.faults.appends.push(fault);
    const facts = [1, 2, 3, 2, 4].map((n) => ({ stream: n % 2 === 0 ? ben : ana, event: eventOf(n) }));
    expect((await store.appendObservations(facts)).outcomes).toEqual(['duplicate', 'accepted', 'accepted', 'duplicate', 'accepted']);
    expect((await everything(store.readAll())).map(({ id }) => id).sort()).toEqual([1, 2, 3, 4].map((n) => eventOf(n).id));
    expect(double.log.stream(ana)).toHaveLength(2);
    expect(double.faults.appends).toEqual([]);
  }, { features, ...deadline(fault) })());
});

describe('an append without an answer', () => {
  it('is tried a limited number of times, and sent again it is done once', withDouble(async ({ double, store }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    double.faults.appends.push({ kind: 'disconnect', fate: 'written' });
    const sent = store.append(ana, [eventOf(2)], 0);
    // Nobody can be asked what became of it.
    double.faults.reads.push(...Array.from({ length: 20 }, () => 'unavailable' as const));
    const error = await sent.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ retriable: true });
    double.faults.reads.length = 0;
    expect(await store.append(ana, [eventOf(2)], 0)).toMatchObject({ revision: 1, repeated: true });
    expect(double.log.stream(ana)).toHaveLength(2);
  }));

  it('gives up when the server refuses every time, and has written nothing', withDouble(async ({ double, store }) => {
    double.faults.appends.push(...Array.from({ length: 20 }, () => ({ kind: 'unavailable' }) as const));
    await expect(store.append(ana, [eventOf(1)], EMPTY)).rejects.toMatchObject({ retriable: true });
    expect(double.counts.appends).toBeLessThan(20);
    expect(double.log.stream(ana)).toHaveLength(0);
  }));

  it('answers conflict when another writer took the place meanwhile', withDouble(async ({ double, store, another }) => {
    await store.append(ana, [eventOf(1)], EMPTY);
    double.faults.appends.push({ kind: 'disconnect', fate: 'lost' });
    const other = another();
    const [mine, others] = await Promise.all([store.append(ana, [eventOf(2)], 0), other.append(ana, [eventOf(3)], 0)]);
    expect([mine, others].filter((answer) => answer === 'conflict')).toHaveLength(1);
    expect(double.log.stream(ana)).toHaveLength(2);
  }));
});

describe('facts of many streams without an answer', () => {
  it('are looked for before they are sent again', withDouble(async ({ double, store }) => {
    double.faults.appends.push({ kind: 'disconnect', fate: 'written' });
    const facts = [1, 2, 3].map((n) => ({ stream: n % 2 === 0 ? ben : ana, event: eventOf(n) }));
    expect((await store.appendObservations(facts)).outcomes).toEqual(['accepted', 'accepted', 'accepted']);
    expect(double.counts).toMatchObject({ sessions: 1, appends: 1 });
  }));
});

describe('many writers while connections break', () => {
  it('lose no update and write none twice', withDouble(async ({ double, store, another }) => {
    const WRITERS = 16;
    const stores = [store, another()] as const;
    for (const fate of [...FATES, ...FATES]) double.faults.appends.push({ kind: 'disconnect', fate });
    const answers = await Promise.all(Array.from({ length: WRITERS }, (_, n) => stores[n % 2 === 0 ? 0 : 1].append(ana, [eventOf(n)], 'any')));
    // An append that does not mind its place has no conflict here: no id is used twice.
    const revisions = (answers as Appended[]).map(({ revision }) => revision);
    expect(revisions.sort((a, b) => a - b)).toEqual(Array.from({ length: WRITERS }, (_, n) => n));
    expect(new Set((await everything(store.read(ana))).map(({ id }) => id)).size).toBe(WRITERS);
    expect(double.log.stream(ana)).toHaveLength(WRITERS);
  }));
});

describe('a server with bounds and rules of its own', () => {
  it('refuses an append that is too large for it, and nothing is written', async () => {
    const log = new DoubleLog({ appendBytesMax: 1_000 });
    await withDouble(async ({ store, double }) => {
      const error = await store.append(ana, [eventOf(1, { bytes: new Uint8Array(2_000) })], EMPTY).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(KurrentError);
      expect(error).toMatchObject({ retriable: false, message: expect.stringMatching(/maximum-append-size-exceeded/) });
      expect(double.log.stream(ana)).toHaveLength(0);
    }, { log })();
  });

  it('takes a batch of facts in parts that fit', async () => {
    const log = new DoubleLog({ appendBytesMax: 600_000 });
    await withDouble(async ({ store, double }) => {
      const facts = Array.from({ length: 12 }, (_, n) => ({ stream: n < 10 ? ana : ben, event: eventOf(n, { bytes: new Uint8Array(200_000) }) }));
      expect((await store.appendObservations(facts)).outcomes).toEqual(Array(12).fill('accepted'));
      expect([double.log.stream(ana).length, double.log.stream(ben).length]).toEqual([10, 2]);
    }, { log })();
  });

  it('appends facts of many streams at once where it can', withDouble(async ({ store, double }) => {
    const facts = (first: number): Promise<Recording> =>
      store.appendObservations(Array.from({ length: 40 }, (_, n) => ({ stream: n % 2 === 0 ? ana : ben, event: eventOf(first + n) })));
    await facts(0);
    await facts(100);
    expect(double.counts).toMatchObject({ sessions: 2, appends: 2 });
  }));
});

describe('a leader that changes', () => {
  it('is found again by appends and reads', async () => {
    const log = new DoubleLog();
    const [first, second] = await Promise.all([openKurrentDouble({ log }), openKurrentDouble({ log })]);
    const hosts = [first, second].map(({ endPoint }) => `${endPoint.host}:${endPoint.port}`).join(',');
    second.followLeader(first.endPoint);
    const { store, close } = openKurrent(`kurrentdb://${hosts}?tls=false&discoveryInterval=1&nodePreference=leader`);
    expect(await store.append(ana, [eventOf(1)], EMPTY)).toMatchObject({ revision: 0 });
    for (const [now, before] of [[second, first], [first, second]] as const) {
      now.followLeader(null);
      before.followLeader(now.endPoint);
      const head = (await everything(store.read(ana))).length - 1;
      expect(await store.append(ana, [eventOf(10 + head)], head)).toMatchObject({ revision: head + 1, repeated: false });
      expect((await store.appendObservations([ana, ben].map((stream, n) => ({ stream, event: eventOf(20 + 2 * head + n) })))).outcomes).toEqual(['accepted', 'accepted']);
    }
    expect([log.stream(ana).length, log.stream(ben).length]).toEqual([5, 2]);
    await close();
    await Promise.all([first.close(), second.close()]);
  });
});
