import fc from 'fast-check';
import type { FollowedPage, FollowOptions } from './event-store.js';
import { MemoryStore } from './memory-store.js';
import { MemoryViews } from './memory-views.js';
import { load, rowOf, type Projection } from './projection.js';
import { Projector } from './projector.js';
import type { Position, Recorded } from './records.js';
import { tally, world, type Tally, type World } from './testing/tally.js';
import type { KeyedRow, View } from './view-store.js';

const view = tally();
const ANA = 'north.ana';
const BEN = 'north.ben';
const noSignal = (): AbortSignal => new AbortController().signal;

async function rows({ views }: Pick<World, 'views'>, of: View = { name: view.name }): Promise<{ [key: string]: { revision: number; state: Tally } }> {
  const found: { [key: string]: { revision: number; state: Tally } } = {};
  for await (const page of views.scan(of)) for (const { key, row } of page) found[key] = { revision: row.revision, state: view.decode(row.bytes, key) };
  return found;
}

/** What the rows must be: each stream folded from its first event. */
async function expected(it: World, keys: readonly string[] = [ANA, BEN]): Promise<{ [key: string]: { revision: number; state: Tally } }> {
  const loaded = await Promise.all(keys.map(async (key) => [key, await load({ ...it, views: new MemoryViews() }, view, key)] as const));
  return Object.fromEntries(loaded.filter(([, { revision }]) => revision >= 0));
}

/** Waits for others, without a clock. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

const catchUp = (it: World, projection: Projection<Tally> = view): Promise<void> => new Projector(it, projection).catchUp(noSignal());

/** View store whose calls a spec can hold up or make fail. */
class HeldViews extends MemoryViews {
  beforeRead: (of: View) => Promise<void> = () => Promise.resolve();
  beforeWrite: (of: View) => Promise<void> = () => Promise.resolve();
  afterWrite: (of: View) => Promise<void> = () => Promise.resolve();
  beforeActivate: () => Promise<void> = () => Promise.resolve();

  override async read(of: View, keys: readonly string[]): ReturnType<MemoryViews['read']> {
    await this.beforeRead(of);
    return super.read(of, keys);
  }

  override async write(of: View, all: readonly KeyedRow[], checkpoint?: Position): Promise<void> {
    await this.beforeWrite(of);
    await super.write(of, all, checkpoint);
    await this.afterWrite(of);
  }

  override async activate(name: string, generation: number): Promise<boolean> {
    await this.beforeActivate();
    return super.activate(name, generation);
  }
}

describe('catching up', () => {
  it('folds every stream of its kind and notes how far it came', async () => {
    const it = world();
    await it.add(ANA, 1, 2);
    await it.add(BEN, 5, 'note');
    await it.add(ANA, 3);
    const projector = new Projector(it, view);
    await projector.catchUp(noSignal());
    expect(await rows(it)).toEqual({
      [ANA]: { revision: 2, state: { seen: [1, 2, 3], newest: 3, notes: 0 } },
      [BEN]: { revision: 1, state: { seen: [5], newest: 5, notes: 1 } },
    });
    expect(await it.views.checkpoint({ name: view.name })).toBe(await it.store.head());
    expect(projector.status()).toEqual({ position: await it.store.head(), caughtUp: true, events: 5, rowsWritten: 2, lateRefolds: 0, gapsHealed: 0 });
  });

  it('does nothing on an empty log, and again when nothing is new', async () => {
    const it = world();
    await catchUp(it);
    expect(await rows(it)).toEqual({});
    await it.add(ANA, 1);
    await catchUp(it);
    const projector = new Projector(it, view);
    await projector.catchUp(noSignal());
    expect(projector.status()).toMatchObject({ events: 0, rowsWritten: 0, caughtUp: true });
  });

  it('goes on where it stopped', async () => {
    const it = world();
    await it.add(ANA, 1, 2);
    await catchUp(it);
    await it.add(ANA, 3);
    const projector = new Projector(it, view);
    await projector.catchUp(noSignal());
    expect(projector.status().events).toBe(1);
    expect(await rows(it)).toEqual(await expected(it));
  });

  it('folds a learner again when an event is late', async () => {
    const it = world();
    await it.add(ANA, 10, 20);
    await catchUp(it);
    await it.add(ANA, 15, 30, 5);
    const projector = new Projector(it, view);
    await projector.catchUp(noSignal());
    expect((await rows(it))[ANA]?.state.seen).toEqual([5, 10, 15, 20, 30]);
    expect(projector.status().lateRefolds).toBe(1);
  });

  it('goes on from the row that was written when events since then are out of order', async () => {
    const it = world();
    await it.add(ANA, 1, 2);
    // A row that says something else shows that it was used.
    await it.views.write({ name: view.name }, [{ key: ANA, row: rowOf(view, { state: { seen: [100], newest: 2, notes: 0 }, revision: 1 }) }], (await it.store.head()) ?? undefined);
    await it.add(ANA, 4, 3);
    await catchUp(it);
    expect((await rows(it))[ANA]?.state.seen).toEqual([100, 3, 4]);
  });

  it('skips what is delivered again', async () => {
    const it = world();
    await it.add(ANA, 1, 2, 'note');
    await catchUp(it);
    const before = await rows(it);
    // As when the checkpoint of an earlier moment came back.
    await it.views.write({ name: view.name }, [], '0' as Position);
    const projector = new Projector(it, view);
    await projector.catchUp(noSignal());
    expect(projector.status()).toMatchObject({ events: 2, rowsWritten: 0 });
    expect(await rows(it)).toEqual(before);
  });

  it('heals rows of another version when their stream moves on', async () => {
    const it = world();
    await it.add(ANA, 1, 2);
    await it.add(BEN, 1);
    await catchUp(it, { ...tally('older'), encode: () => Uint8Array.of(9) });
    await it.add(ANA, 3);
    const projector = new Projector(it, view);
    await projector.catchUp(noSignal());
    expect(projector.status().gapsHealed).toBe(1);
    const [row] = await it.views.read({ name: view.name }, [ANA]);
    expect(row).toEqual(rowOf(view, { state: { seen: [1, 2, 3], newest: 3, notes: 0 }, revision: 2 }));
  });

  it('writes rows and the checkpoint in one step, so that a lost write is done again', async () => {
    for (const moment of ['beforeWrite', 'afterWrite'] as const) {
      const views = new HeldViews();
      const it = world({ views });
      await it.add(ANA, 10, 5);
      views[moment] = () => Promise.reject(new Error('power is out'));
      await expect(catchUp(it)).rejects.toThrow('power is out');
      expect(await views.checkpoint({ name: view.name })).toBe(moment === 'beforeWrite' ? null : '1');
      views[moment] = () => Promise.resolve();
      await catchUp(it);
      expect(await rows(it)).toEqual(await expected(it));
    }
  });
});

describe('any delivery', () => {
  /** Delivers what the spec says instead of what is there. */
  class Courier extends MemoryStore {
    pages: FollowedPage[] = [];

    override async *follow({ after, prefix = '' }: FollowOptions): AsyncGenerator<FollowedPage> {
      const own = (records: readonly Recorded[]): readonly Recorded[] => records.filter(({ stream }) => stream.startsWith(prefix));
      const head = await this.head();
      for (const { records } of this.pages) yield { records: own(records), position: after, caughtUp: false };
      yield { records: [], position: head, caughtUp: true };
    }
  }

  it('twice, out of order or with holes, gives the rows that an orderly one gives', async () => {
    const what = fc.oneof(fc.nat({ max: 30 }), fc.constant('note' as const));
    const burst = fc.tuple(fc.constantFrom(ANA, BEN), fc.array(what, { minLength: 1, maxLength: 4 }));
    const delivery = fc.array(fc.array(fc.nat(), { maxLength: 6 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { minLength: 1, maxLength: 6 }), delivery, async (bursts, pages) => {
        const store = new Courier(() => 0);
        const it = world({ store });
        // Equal times would make the order depend on ids, which the tally does not look at.
        let spread = 0;
        for (const [key, all] of bursts) await it.add(key, ...all.map((one) => (one === 'note' ? one : one * 100 + spread++)));
        const log: Recorded[] = [];
        for await (const page of store.readAll()) log.push(...page);
        const newest = [ANA, BEN].flatMap((key) => log.filter(({ stream }) => stream === `learner-${key}`).slice(-1));
        const delivered = [...pages.map((page) => page.map((n) => log[n % log.length] as Recorded)), newest];
        store.pages = delivered.map((records) => ({ records, position: null, caughtUp: false }));
        await catchUp(it);
        expect(await rows(it)).toEqual(await expected(it));
      }),
      { numRuns: 200 },
    );
  });

  it('with a restart in any place gives the rows that an uninterrupted one gives', async () => {
    const step = fc.record({
      key: fc.constantFrom(ANA, BEN),
      what: fc.array(fc.oneof(fc.nat({ max: 30 }), fc.constant('note' as const)), { minLength: 1, maxLength: 5 }),
      then: fc.constantFrom('nothing', 'catch up', 'lose before the write', 'lose after the write', 'read', 'rebuild'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const views = new HeldViews();
        const it = world({ views });
        let spread = 0;
        for (const { key, what, then } of steps) {
          await it.add(key, ...what.map((one) => (one === 'note' ? one : one * 100 + spread++)));
          if (then === 'nothing') continue;
          if (then === 'read') await load(it, view, key);
          else if (then === 'rebuild') await new Projector(it, view).rebuild(noSignal());
          else if (then === 'catch up') await catchUp(it);
          else {
            const moment = then === 'lose before the write' ? 'beforeWrite' : 'afterWrite';
            views[moment] = () => Promise.reject(new Error('power is out'));
            const outcome = await catchUp(it).then(() => 'well', String);
            expect(outcome).toMatch(/well|power is out/);
            views[moment] = () => Promise.resolve();
          }
        }
        await catchUp(it);
        const live = await rows(it);
        expect(live).toEqual(await expected(it));
        await new Projector(it, view).rebuild(noSignal());
        expect(await rows(it)).toEqual(live);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a writer that lags behind', () => {
  it('does no harm', async () => {
    const views = new HeldViews();
    const it = world({ views });
    await it.add(ANA, 1, 2);
    let isHeld = false;
    let release = (): void => undefined;
    views.beforeWrite = async () => {
      isHeld = true;
      await new Promise<void>((resolve) => (release = resolve));
    };
    const slow = catchUp(it);
    await until(() => isHeld);
    views.beforeWrite = () => Promise.resolve();
    await it.add(ANA, 3);
    await catchUp(it);
    release();
    await slow;
    expect(await rows(it)).toEqual(await expected(it));
    await catchUp(it);
    expect(await rows(it)).toEqual(await expected(it));
    expect(await views.checkpoint({ name: view.name })).toBe(await it.store.head());
  });
});

describe('a rebuild', () => {
  it('shows readers the old rows until it switches, then the new ones at once', async () => {
    const views = new HeldViews();
    const it = world({ views });
    await it.add(ANA, 1);
    await it.add(BEN, 2);
    const wrong: Projection<Tally> = { ...view, fold: (state) => state };
    await catchUp(it, wrong);
    const old = await rows(it);
    const seenMeanwhile: unknown[] = [];
    views.beforeActivate = async () => void seenMeanwhile.push(await rows(it), await rows(it, { name: view.name, generation: 1 }));
    await new Projector(it, view).rebuild(noSignal());
    expect(seenMeanwhile).toEqual([old, await expected(it)]);
    expect(await rows(it)).toEqual(await expected(it));
    expect(await views.liveGeneration(view.name)).toBe(1);
    expect(await views.checkpoint({ name: view.name })).toBe(await it.store.head());
    expect(await rows(it, { name: view.name, generation: 0 })).toEqual({});
  });

  it('begins anew after one that was broken off', async () => {
    const it = world();
    await it.add(ANA, 1);
    await it.views.write({ name: view.name, generation: 1 }, [{ key: 'left.over', row: rowOf(view, { state: view.initial(''), revision: 7 }) }], '0' as Position);
    await new Projector(it, view).rebuild(noSignal());
    expect(await rows(it)).toEqual(await expected(it));
  });

  it('does not switch when it is stopped', async () => {
    const it = world();
    await it.add(ANA, 1);
    const stop = new AbortController();
    stop.abort();
    await new Projector(it, view).rebuild(stop.signal);
    expect(await it.views.liveGeneration(view.name)).toBe(0);
  });

  it('of an empty log is empty', async () => {
    const it = world();
    await new Projector(it, view).rebuild(noSignal());
    expect(await rows(it)).toEqual({});
    expect(await it.views.liveGeneration(view.name)).toBe(1);
  });

  it('by the projector that is also keeping the live rows leaves out nothing', async () => {
    const views = new HeldViews();
    const it = world({ views });
    const stop = new AbortController();
    const projector = new Projector(it, view);
    let isLiveHeld = false;
    let releaseLive = (): void => undefined;
    views.beforeWrite = async ({ generation }) => {
      if (generation === 0) {
        isLiveHeld = true;
        await new Promise<void>((resolve) => (releaseLive = resolve));
        return;
      }
      // The live rows reach the head while the rebuild is about to write there.
      releaseLive();
      await until(async () => (await views.checkpoint({ name: view.name, generation: 0 })) !== null);
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    const live = projector.run(stop.signal);
    await it.add(ANA, 1);
    await until(() => isLiveHeld);
    await projector.rebuild(noSignal());
    expect(await rows(it)).toEqual(await expected(it));
    stop.abort();
    await live;
  });
});

describe('running', () => {
  it('keeps rows current until the signal', async () => {
    const it = world();
    const stop = new AbortController();
    const pauses: number[] = [];
    const projector = new Projector(it, view, { pause: (ms) => Promise.resolve(void pauses.push(ms)) });
    const running = projector.run(stop.signal);
    for (const n of [1, 5, 3]) {
      await it.add(ANA, n);
      await until(async () => (await it.views.checkpoint({ name: view.name })) === (await it.store.head()));
    }
    expect(await rows(it)).toEqual(await expected(it));
    expect(projector.status()).toMatchObject({ events: 3, lateRefolds: 1, caughtUp: true });
    expect(pauses.length).toBeGreaterThan(0);
    stop.abort();
    await running;
    await it.add(ANA, 9);
    expect((await rows(it))[ANA]?.revision).toBe(2);
  });

  it('rests between steps of writing rows, unless it hurries to catch up', async () => {
    const views = new HeldViews();
    const steps: (number | string)[] = [];
    views.afterWrite = () => Promise.resolve(void steps.push('wrote'));
    const it = { ...world(), views };
    const stop = new AbortController();
    const keys = Array.from({ length: 40 }, (_, n) => `north.l${n}`);
    for (const key of keys) await it.add(key, 1);
    await catchUp(it);
    for (const key of keys) await it.add(key, 3);
    await new Projector(it, view, { pause: (ms) => Promise.resolve(void steps.push(ms)) }).catchUp(noSignal());
    expect(steps.filter((step) => typeof step === 'number')).toEqual([]);
    steps.length = 0;
    for (const key of keys) await it.add(key, 2);
    const running = new Projector(it, view, { pause: (ms) => Promise.resolve(void steps.push(ms)) }).run(stop.signal);
    await until(async () => (await views.checkpoint({ name: view.name })) === (await it.store.head()));
    const [linger, due, ...writing] = steps;
    expect([typeof linger, typeof due]).toEqual(['number', 'number']);
    const rest = writing[1];
    expect(writing.slice(0, 5)).toEqual(['wrote', rest, 'wrote', rest, 'wrote']);
    expect(rest).toBeLessThan(due as number);
    expect(await rows(it)).toEqual(await expected(it, keys));
    stop.abort();
    await running;
  });

  it('goes on in the new rows when a rebuild has switched', async () => {
    const it = world();
    const stop = new AbortController();
    const running = new Projector(it, view).run(stop.signal);
    await it.add(ANA, 1);
    await until(async () => (await rows(it))[ANA]?.revision === 0);
    await new Projector(it, view).rebuild(noSignal());
    await it.add(ANA, 2);
    await it.add(BEN, 3);
    await until(async () => (await it.views.checkpoint({ name: view.name })) === (await it.store.head()));
    expect(await rows(it, { name: view.name, generation: 1 })).toEqual(await expected(it));
    stop.abort();
    await running;
    expect(await rows(it, { name: view.name, generation: 0 })).toEqual({});
    expect(await it.views.checkpoint({ name: view.name, generation: 0 })).toBeNull();
  });

  it('ends with the fault when an event cannot be decoded', async () => {
    const it = world();
    await it.add(ANA, 1);
    const codec = { ...it.codec, decode: () => { throw new Error('unreadable'); } };
    await expect(new Projector({ ...it, codec }, view).run(noSignal())).rejects.toThrow('unreadable');
    expect(await rows(it)).toEqual({});
    expect(await it.views.checkpoint({ name: view.name })).toBeNull();
  });
});
