// What the store knows of streams is bounded, and a repeat is found as far back as it looks.
import { EMPTY, type EventId } from '@trellis/event-sourcing';
import { Lanes } from './lanes.js';
import { APPEND_LOOK_BACK_EVENTS, LOOK_BACKS_PARALLEL_MAX, LOOK_BACKS_WAITING_MAX, OBSERVATION_LOOK_BACK_EVENTS, STREAM_IDS_MAX, TAIL_IDS } from './limits.js';
import type { Pages } from './pages.js';
import type { StreamRange } from './read-requests.js';
import { Tails } from './tails.js';
import { eventOf } from './testing/kurrent-contract.js';
import { ana, ben, withDouble } from './testing/with-double.js';

const events = (first: number, count: number) => Array.from({ length: count }, (_, n) => eventOf(first + n));

describe('looking for repeats', () => {
  const COUNT = 5_000;

  it('finds them among the newest events of a long stream, deeper for observations; beyond that the log holds them twice', withDouble(async ({ store, another }) => {
    for (let n = 0; n < COUNT; n += 500) await store.append(ana, events(n, 500), n - 1);
    const fresh = another();
    const recent = COUNT - APPEND_LOOK_BACK_EVENTS;
    expect(await fresh.append(ana, [eventOf(recent)], COUNT - 1)).toMatchObject({ revision: recent, repeated: true });
    const older = COUNT - OBSERVATION_LOOK_BACK_EVENTS;
    const { outcomes } = await fresh.appendObservations([older, older - 1].map((n) => ({ stream: ana, event: eventOf(n) })));
    expect(outcomes).toEqual(['duplicate', 'accepted']);
  }));
});

describe('a stream that grows beyond what is known of it', () => {
  it('is not read again for ids that nobody has seen, and only the oldest are forgotten', async () => {
    const log = events(0, STREAM_IDS_MAX * 1.5).map(({ id, digest }, revision) => [id as EventId, { revision, digest, tag: '0123456789abcdef' }] as const);
    const place = { commit: 0n, prepare: 0n };
    let reads = 0;
    const ofStream = () => {
      reads++;
      return Promise.resolve([]);
    };
    const tails = new Tails({ ofStream } as unknown as Pages); // all that tails use
    for (let n = 0; n < log.length; n += 64) {
      tails.add(ana, log.slice(n, n + 64), place);
      await tails.reach(ana, STREAM_IDS_MAX);
    }
    expect(reads).toBe(0);
    const { tail } = await tails.reach(ana, OBSERVATION_LOOK_BACK_EVENTS);
    expect([tail.head, tail.ids.size >= STREAM_IDS_MAX, tail.ids.get(log[tail.from - 1]?.[0] as EventId)]).toEqual([log.length - 1, true, undefined]); // among those that were dropped
    for (const at of [tail.from, log.length - 1]) expect(tail.ids.get(log[at]?.[0] as EventId)?.revision).toBe(at); // below the length
  });
});

describe('what is known of streams', () => {
  it('stays within its bound: streams that were not used for longest are read again', async () => {
    const reads: string[] = [];
    // Streams without events: the tails hold only what is added.
    const ofStream = (stream: string, _: StreamRange) => {
      reads.push(stream);
      return Promise.resolve([]);
    };
    const pages = { ofStream } as unknown as Pages; // all that tails use
    const tails = new Tails(pages, 10 + 2 * TAIL_IDS);
    const add = (stream: typeof ana, count: number) =>
      tails.add(stream, events(0, count).map(({ id, digest }, revision) => [id as EventId, { revision, digest, tag: 't' }]), { commit: 0n, prepare: 0n });
    add(ana, 5);
    add(ben, 3);
    expect((await tails.reach(ana, 1)).tail.head).toBe(4);
    expect(reads).toEqual([]);
    add(ben, 6);
    expect((await tails.reach(ben, 1)).tail.head).toBe(5);
    expect((await tails.reach(ana, 1)).tail.head).toBe(EMPTY);
    expect(reads).toEqual([ana]);
  });
});

describe('looking back', () => {
  it('reads few streams at a time, whoever asks, and refuses more than may wait', async () => {
    const release: (() => void)[] = [];
    const ofStream = (): Promise<never[]> => new Promise((resolve) => release.push(() => resolve([])));
    const tails = new Tails({ ofStream } as unknown as Pages); // all that tails use
    const stream = (n: number) => `${ana}-${n}` as typeof ana;
    const asked = Array.from({ length: LOOK_BACKS_PARALLEL_MAX + LOOK_BACKS_WAITING_MAX }, (_, n) => tails.reach(stream(n), 1));
    await expect(tails.reach(stream(-1), 1)).rejects.toMatchObject({ name: 'BusyError', retriable: true });
    expect(release.length).toBe(LOOK_BACKS_PARALLEL_MAX);
    release[0]?.();
    await asked[0];
    // The slot went to the first that waited.
    expect(release.length).toBe(LOOK_BACKS_PARALLEL_MAX + 1);
    for (let n = 1; n < asked.length; n++) {
      release[n]?.();
      await asked[n];
    }
    expect((await tails.reach(stream(0), 1)).tail.head).toBe(EMPTY);
  });
});

describe('lanes', () => {
  it('run work of one stream in its order, and of several streams without a circle', async () => {
    const lanes = new Lanes(10);
    const order: string[] = [];
    const work = (name: string) => async () => {
      await Promise.resolve();
      order.push(name);
    };
    await Promise.all([lanes.hold([ana, ben], work('both')), lanes.hold([ben, ana], work('both again')), lanes.hold([ben], work('ben')), lanes.hold([ana], work('ana'))]);
    expect(order).toEqual(['both', 'both again', 'ben', 'ana']);
  });

  it('go on after work that failed, and refuse more than may wait', async () => {
    const lanes = new Lanes(1);
    let release!: () => void;
    const first = lanes.hold([ana], () => new Promise<void>((resolve) => (release = resolve)));
    await Promise.resolve();
    const failing = lanes.hold([ana], () => Promise.reject(new Error('no')));
    await expect(lanes.hold([ana], () => Promise.resolve())).rejects.toMatchObject({ name: 'BusyError', retriable: true });
    release();
    await first;
    await expect(failing).rejects.toThrow('no');
    expect(await lanes.hold([ana], () => Promise.resolve(7))).toBe(7);
  });
});
