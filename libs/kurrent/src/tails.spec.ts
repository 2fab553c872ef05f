// What the store knows of streams is bounded, and a repeat is found as far back as it looks.
import { EMPTY, type EventId } from '@trellis/event-sourcing';
import { Lanes } from './lanes.js';
import { APPEND_LOOK_BACK_EVENTS, OBSERVATION_LOOK_BACK_EVENTS } from './limits.js';
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

describe('what is known of streams', () => {
  it('stays within its bound: streams that were not used for longest are read again', async () => {
    const reads: string[] = [];
    // Streams without events: the tails hold only what is added.
    const ofStream = (stream: string, _: StreamRange) => {
      reads.push(stream);
      return Promise.resolve([]);
    };
    const pages = { ofStream } as unknown as Pages; // all that tails use
    const tails = new Tails(pages, 10);
    const add = (stream: typeof ana, count: number) =>
      tails.add(stream, events(0, count).map(({ id, digest }, revision) => [id as EventId, { revision, digest, tag: 't', covered: { commit: 0n, prepare: 0n } }]));
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
