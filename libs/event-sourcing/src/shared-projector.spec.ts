// Rows that several projectors write together, whatever the queue between them and the log does.
import fc from 'fast-check';
import { MemoryViews } from './memory-views.js';
import { load } from './projection.js';
import { Projector } from './projector.js';
import type { Recorded } from './records.js';
import { RowKeeper } from './row-keeper.js';
import { SharedProjector } from './shared-projector.js';
import { tally, world, type Tally, type World } from './testing/tally.js';

const view = tally();
const KEYS = ['north.ana', 'north.ben', 'south.cleo'];
const noSignal = (): AbortSignal => new AbortController().signal;

async function recordsOf({ store }: World): Promise<Recorded[]> {
  const records: Recorded[] = [];
  for await (const page of store.readAll()) records.push(...page);
  return records;
}

async function rows({ views }: Pick<World, 'views'>): Promise<{ [key: string]: { revision: number; state: Tally } }> {
  const found: { [key: string]: { revision: number; state: Tally } } = {};
  for await (const page of views.scan({ name: view.name })) for (const { key, row } of page) found[key] = { revision: row.revision, state: view.decode(row.bytes, key) };
  return found;
}

/** Each stream folded from its first event. */
async function expected(it: World): Promise<{ [key: string]: { revision: number; state: Tally } }> {
  const loaded = await Promise.all(KEYS.map(async (key) => [key, await load({ ...it, views: new MemoryViews() }, view, key)] as const));
  return Object.fromEntries(loaded.filter(([, { revision }]) => revision >= 0));
}

async function filled(): Promise<World> {
  const it = world();
  for (let n = 1; n <= 8; n++) for (const key of KEYS) await it.add(key, n % 3 === 0 ? n - 2.5 : n);
  return it;
}

describe('deliveries', () => {
  it('may repeat, skip and mix streams, to any of the projectors, and rows become the folds', async () => {
    const deliveries = fc.array(fc.record({ to: fc.nat(2), from: fc.nat(23), count: fc.integer({ min: 1, max: 9 }), flush: fc.boolean() }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(deliveries, async (all) => {
        const it = await filled();
        const records = await recordsOf(it);
        const projectors = [0, 1, 2].map(() => new SharedProjector(it, view));
        for (const { to, from, count, flush } of [...all, { to: 0, from: 0, count: 24, flush: true }]) {
          const projector = projectors[to];
          await projector?.take(records.slice(from, from + count));
          if (flush) await projector?.flush();
        }
        for (const projector of projectors) await projector.flush();
        expect(await rows(it)).toEqual(await expected(it));
      }),
      { numRuns: 60 },
    );
  });

  it('are written by flush only, and kept for the next try where that fails', async () => {
    class Failing extends MemoryViews {
      fails = true;
      override write(...asked: Parameters<MemoryViews['write']>): Promise<void> {
        return this.fails ? Promise.reject(new Error('out of reach')) : super.write(...asked);
      }
    }
    const views = new Failing();
    const it = world({ views });
    await it.add('north.ana', 1, 2);
    const projector = new SharedProjector(it, view);
    await projector.take(await recordsOf(it));
    await expect(projector.flush()).rejects.toThrow('out of reach');
    expect(await rows(it)).toEqual({});
    views.fails = false;
    await projector.flush();
    expect(await rows(it)).toEqual(await expected(it));
    expect(projector.counts()).toMatchObject({ events: 2, rowsWritten: 1 });
  });
});

it('rests between the steps of a flush that nothing hurries', async () => {
  const it = world();
  const keys = Array.from({ length: 40 }, (_, n) => `north.l${n}`);
  for (const key of keys) await it.add(key, 1);
  const projector = new SharedProjector(it, view);
  await projector.take(await recordsOf(it));
  let rests = 0;
  await projector.flush(() => Promise.resolve(void rests++));
  expect([rests, Object.keys(await rows(it)).length]).toEqual([2, keys.length]);
});

describe('a rebuild beside shared projectors', () => {
  it('leaves out nothing that was written around the switch', async () => {
    for (const moment of ['before it reads', 'before the switch', 'after the switch'] as const) {
      const it = await filled();
      const projector = new SharedProjector(it, view);
      await projector.take(await recordsOf(it));
      await projector.flush();
      const during = async (): Promise<void> => {
        const before = (await recordsOf(it)).length;
        await it.add('north.ana', 50);
        await projector.take((await recordsOf(it)).slice(before));
        await projector.flush();
      };
      const activate = it.views.activate.bind(it.views);
      it.views.activate = async (...asked) => {
        if (moment === 'before the switch') await during();
        const switched = await activate(...asked);
        if (moment === 'after the switch') await during();
        return switched;
      };
      if (moment === 'before it reads') await during();
      await new Projector(it, view).rebuild(noSignal());
      expect(await rows(it)).toEqual(await expected(it));
    }
  });

  it('that switches while rows are being written gets these rows too', async () => {
    const it = await filled();
    const projector = new SharedProjector(it, view);
    await projector.take(await recordsOf(it));
    const write = it.views.write.bind(it.views);
    let isFirst = true;
    it.views.write = async (...asked) => {
      if (isFirst) {
        isFirst = false;
        // Empty, as if it had been read before the first event.
        await it.views.activate(view.name, await it.views.nextGeneration(view.name));
      }
      await write(...asked);
    };
    await projector.flush();
    expect(await rows(it)).toEqual(await expected(it));
    expect(await it.views.count({ name: view.name, generation: 0 })).toBe(0);
  });
});

describe('the keeper of shared rows', () => {
  /** A view store that can lose what it had, as a server does. */
  class LossyViews extends MemoryViews {
    life = 1;
    override incarnation(): Promise<string> {
      return Promise.resolve(String(this.life));
    }
  }

  async function kept(): Promise<{ it: World; views: LossyViews; keeper: RowKeeper; tend: (covered?: Recorded) => Promise<string> }> {
    const views = new LossyViews();
    const it = world({ views });
    for (const key of KEYS) await it.add(key, 1, 2);
    const keeper = new RowKeeper(it.store, views);
    const kept = { view: view.name, ...bound(new Projector(it, view)) };
    return { it, views, keeper, tend: (covered) => keeper.tend(kept, covered?.position ?? null, noSignal()) };
  }

  const bound = (projector: Projector<Tally>): { catchUp: (signal: AbortSignal) => Promise<void>; rebuild: (signal: AbortSignal) => Promise<void> } => ({
    catchUp: (signal) => projector.catchUp(signal),
    rebuild: (signal) => projector.rebuild(signal),
  });

  it('makes the rows where there is no checkpoint, and then moves it on', async () => {
    const { it, views, tend } = await kept();
    expect(await tend()).toBe('rebuilt');
    expect(await rows(it)).toEqual(await expected(it));
    expect(await tend()).toBe('nothing');
    await it.add('north.ana', 3);
    const projector = new SharedProjector(it, view);
    const records = await recordsOf(it);
    await projector.take(records.slice(-1));
    await projector.flush();
    expect(await tend(records.at(-1))).toBe('moved');
    expect(await views.checkpoint({ name: view.name })).toBe(records.at(-1)?.position);
    expect(await tend(records.at(-1))).toBe('nothing');
  });

  it('has nothing to do for an empty log', async () => {
    const it = world();
    const keeper = new RowKeeper(it.store, it.views);
    expect(await keeper.tend({ view: view.name, ...bound(new Projector(it, view)) }, null, noSignal())).toBe('nothing');
  });

  it('makes all rows again when they are gone, whatever is said to be covered', async () => {
    const { it, views, tend } = await kept();
    await tend();
    const generation = await views.liveGeneration(view.name);
    await views.drop({ name: view.name, generation });
    expect(await tend((await recordsOf(it)).at(-1))).toBe('rebuilt');
    expect(await rows(it)).toEqual(await expected(it));
  });

  it('does not believe what was covered before the view store started again', async () => {
    const { it, views, tend } = await kept();
    await tend();
    await it.add('north.ana', 3);
    // The row of this event was written, its offset committed; then the server came back without it.
    views.life++;
    expect(await tend((await recordsOf(it)).at(-1))).toBe('healed');
    expect(await rows(it)).toEqual(await expected(it));
  });

  it('does not move a checkpoint on across a loss in the very moment', async () => {
    const { it, views, tend } = await kept();
    await tend();
    await it.add('north.ana', 3);
    const move = views.moveCheckpoint.bind(views);
    views.moveCheckpoint = (...asked) => {
      views.life++;
      views.moveCheckpoint = move;
      return move(...asked);
    };
    const last = (await recordsOf(it)).at(-1);
    expect(await tend(last)).toBe('nothing');
    expect(await tend(last)).toBe('healed');
    expect(await rows(it)).toEqual(await expected(it));
  });

  it('starts its term by bringing rows up from their checkpoint: nobody may have looked after them', async () => {
    const { it, views, tend } = await kept();
    await tend();
    await it.add('south.cleo', 9);
    const next = new RowKeeper(it.store, views);
    expect(await next.tend({ view: view.name, ...bound(new Projector(it, view)) }, (await recordsOf(it)).at(-1)?.position ?? null, noSignal())).toBe('healed');
    expect(await rows(it)).toEqual(await expected(it));
  });
});
