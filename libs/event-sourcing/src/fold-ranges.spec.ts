import { foldRanges } from './fold-ranges.js';
import { refold } from './projection.js';
import { tally, world, type World } from './testing/tally.js';

const view = tally();
const running = new AbortController().signal;

async function folded(it: World, bytesMax?: number): Promise<readonly (readonly [string, unknown])[]> {
  const rows: (readonly [string, unknown])[] = [];
  const options = bytesMax === undefined ? { signal: running } : { signal: running, bytesMax };
  for await (const page of foldRanges(it, view, options)) rows.push(...page);
  return rows;
}

/** Streams that take turns, some with events that come late. */
async function written(streams: number, turns: number): Promise<World> {
  const it = world();
  for (let turn = 0; turn < turns; turn++) {
    for (let n = 0; n < streams; n++) {
      const key = `north.${(n * 7) % streams}`;
      await it.add(key, (n + turn) % 5 === 0 ? 10_000 - 100 * turn + n : 10_000 + 100 * turn + n, ...(n % 3 === 0 ? (['note'] as const) : []));
    }
  }
  return it;
}

it.each([[1], [600], [2_000], [10_000]])('gives every stream once, in the order of the names, whatever is held at once: %i bytes', async (bytesMax) => {
  const it = await written(20, 6);
  const whole = await folded(it);
  expect(await folded(it, bytesMax)).toEqual(whole);
  expect(whole.map(([key]) => key)).toEqual(whole.map(([key]) => key).sort());
  expect(whole).toHaveLength(20);
  for (const [key, loaded] of whole) {
    const { state, revision } = loaded as { state: unknown; revision: number };
    expect(state).toEqual(await refold(it, view, key, revision));
  }
});

it('reads the log once where everything fits, and says how much it folds', async () => {
  const it = await written(5, 4);
  const counts: number[] = [];
  for await (const page of foldRanges(it, view, { signal: running, folded: (events) => counts.push(events) })) expect(page).toHaveLength(5);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(await it.store.lag(null));
});

it('gives nothing of an empty log, and ends once it is told to', async () => {
  expect(await folded(world())).toEqual([]);
  const stopped = new AbortController();
  stopped.abort();
  for await (const page of foldRanges(await written(3, 1), view, { signal: stopped.signal })) throw new Error(`a page of ${page.length}`);
});
