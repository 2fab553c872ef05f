import type { Envelope } from './event-codec.js';
import { foldOn, load, loadWith, refold, rowOf, streamOf, usable, type Loaded } from './projection.js';
import type { Recorded } from './records.js';
import type { Row } from './view-store.js';
import { tally, world, type Tally, type World } from './testing/tally.js';

const view = tally();
const KEY = 'north.ana';
const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, n) => from + n);

async function rowIn({ views }: World): Promise<Row | null> {
  return (await views.read({ name: view.name }, [KEY]))[0] ?? null;
}

async function keep({ views }: World, loaded: Loaded<Tally>, version = '1'): Promise<void> {
  await views.write({ name: view.name }, [{ key: KEY, row: rowOf(tally(version), loaded) }]);
}

describe('loading', () => {
  it('gives the beginning for a stream that does not exist', async () => {
    expect(await load(world(), view, KEY)).toEqual({ state: { seen: [], newest: -1, notes: 0 }, revision: -1 });
  });

  it('folds the stream where there is no row', async () => {
    const it = world();
    await it.add(KEY, 1, 'note', 2);
    expect(await load(it, view, KEY)).toEqual({ state: { seen: [1, 2], newest: 2, notes: 1 }, revision: 2 });
  });

  it('folds only what came after the row', async () => {
    const it = world();
    await it.add(KEY, 1, 2);
    // A row that says something else shows that it was used.
    await keep(it, { state: { seen: [100], newest: 2, notes: 0 }, revision: 1 });
    await it.add(KEY, 3, 'note');
    expect(await load(it, view, KEY)).toEqual({ state: { seen: [100, 3], newest: 3, notes: 1 }, revision: 3 });
  });

  it('takes a row of another version for none', async () => {
    const it = world();
    await it.add(KEY, 1, 2);
    await keep(it, { state: { seen: [100], newest: 2, notes: 0 }, revision: 1 }, 'older');
    expect(await load(it, view, KEY)).toEqual({ state: { seen: [1, 2], newest: 2, notes: 0 }, revision: 1 });
  });

  it('folds the whole stream again when a late event is in the tail', async () => {
    const it = world();
    await it.add(KEY, 10, 20);
    await keep(it, await load(it, view, KEY));
    await it.add(KEY, 30, 15, 'note', 40, 5);
    expect(await load(it, view, KEY)).toEqual({ state: { seen: [5, 10, 15, 20, 30, 40], newest: 40, notes: 1 }, revision: 6 });
  });

  it('puts a tail in order first: what comes after the row is not late', async () => {
    const it = world();
    await it.add(KEY, 1, 2);
    await keep(it, { state: { seen: [100], newest: 2, notes: 0 }, revision: 1 });
    await it.add(KEY, 5, 'note', 4, 3);
    expect(await load(it, view, KEY)).toEqual({ state: { seen: [100, 3, 4, 5], newest: 5, notes: 1 }, revision: 5 });
  });

  it('writes the row back after a long stream had to be folded again for one event', async () => {
    const it = world();
    await it.add(KEY, ...upTo(250));
    await keep(it, await foldOn(it, view, KEY, usable(view, null, KEY)));
    await it.add(KEY, -1);
    const loaded = await load(it, view, KEY);
    expect(loaded.state.seen.slice(0, 2)).toEqual([-1, 0]);
    expect(await rowIn(it)).toEqual(rowOf(view, loaded));
  });

  it('takes an event that is not in the log in with the tail, up to a revision', async () => {
    const it = world();
    await it.add(KEY, 1, 2);
    await keep(it, { state: { seen: [100], newest: 2, notes: 0 }, revision: 1 });
    await it.add(KEY, 5, 9, 7);
    const other = world();
    // Ids are counted: the sixth is one that `it` does not have.
    await other.add(KEY, 0, 0, 0, 0, 0, 4);
    const records: Recorded[] = [];
    for await (const page of other.store.read(streamOf(view, KEY), { from: 5 })) records.push(...page);
    const event = other.codec.decode(records[0] as Recorded) as Envelope;
    expect((await loadWith(it, view, KEY, 3, event)).seen).toEqual([100, 4, 5, 9]);
    expect((await loadWith(it, view, KEY, 0, event)).seen).toEqual([1, 4]);
    expect((await loadWith(it, view, KEY, 4, { ...event, meta: { ...event.meta, occurredAt: 0 } })).seen).toEqual([4, 1, 2, 5, 7, 9]);
  });

  it('writes the row back after a tail of more than 200 events', async () => {
    const it = world();
    await it.add(KEY, ...upTo(200));
    await load(it, view, KEY);
    expect(await rowIn(it)).toBeNull();
    await it.add(KEY, 200);
    const loaded = await load(it, view, KEY);
    expect(await rowIn(it)).toEqual(rowOf(view, loaded));
    expect(usable(view, await rowIn(it), KEY)).toEqual(loaded);
  });

  it('reads a tail of many pages, with a late event on the first', async () => {
    const it = world();
    await it.add(KEY, 1_000, 0, ...upTo(1_500, 2_000));
    const { state, revision } = await load(it, view, KEY);
    expect(revision).toBe(1_501);
    expect(state.seen).toEqual([0, 1_000, ...upTo(1_500, 2_000)]);
  });
});

describe('folding up to a revision', () => {
  it('takes in nothing later, late or not', async () => {
    const it = world();
    await it.add(KEY, 10, 20, 15, 30, 5);
    const start = usable(view, null, KEY);
    const at = async (to: number): Promise<unknown> => (await foldOn(it, view, KEY, start, to)).state.seen;
    expect([await at(0), await at(1), await at(2), await at(3), await at(99)]).toEqual([[10], [10, 20], [10, 15, 20], [10, 15, 20, 30], [5, 10, 15, 20, 30]]);
    expect((await refold(it, view, KEY, 2)).seen).toEqual([10, 15, 20]);
  });
});
