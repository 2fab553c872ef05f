import { MemoryStore, MemoryViews, type EventId, type Position, type StreamName } from '@trellis/event-sourcing';
import { engineGauges, positionNumber } from './gauges.js';

const NAMES = ['learner', 'course'];

/** Each value with its labels, as operators see it. */
async function shown(store: MemoryStore, views: MemoryViews): Promise<Readonly<Record<string, number>>> {
  const gauges = engineGauges(store, views, NAMES);
  const values = await Promise.all(gauges.map(async ({ name, values: asked }) => (await asked()).map(({ labels, value }) => [[name, ...Object.values(labels)].join(' '), value] as const)));
  return Object.fromEntries(values.flat());
}

const at = (position: string): Position => position as Position; // any text serves
const row = { revision: 0, version: '1', bytes: Uint8Array.of(1) };

it.each([
  [null, 0],
  ['0', 0],
  ['41', 41],
  ['1034.2', 1034],
  ['000000000000012', 12],
])('shows the position %p as the number %p', (position, number) => {
  expect(positionNumber(position === null ? null : at(position))).toBe(number);
});

it('shows an empty log, and views that are not built', async () => {
  expect(await shown(new MemoryStore(() => 0), new MemoryViews())).toEqual({
    trellis_log_head: 0,
    'trellis_rows learner': 0,
    'trellis_rows course': 0,
    'trellis_projector_position learner': 0,
    'trellis_projector_position course': 0,
    'trellis_view_built learner': 0,
    'trellis_view_built course': 0,
  });
});

it('shows the head of the log, and rows and checkpoint of each view that readers see', async () => {
  const store = new MemoryStore(() => 0);
  const views = new MemoryViews();
  for (let n = 1; n <= 5; n++) {
    // The casts name things by their pattern.
    await store.append('learner-north.ada' as StreamName, [{ id: `00000000-0000-5000-8000-00000000000${n}` as EventId, type: 'AnswerGiven', digest: '0'.repeat(16), bytes: Uint8Array.of(n) }], 'any');
  }
  await views.write({ name: 'learner' }, [{ key: 'north.ada', row }, { key: 'north.bob', row }], at('3'));
  // Of a rebuild that is under way.
  await views.write({ name: 'learner', generation: 7 }, [{ key: 'north.cem', row }], at('4'));
  expect(await shown(store, views)).toMatchObject({
    trellis_log_head: 4,
    'trellis_rows learner': 2,
    'trellis_projector_position learner': 3,
    'trellis_view_built learner': 1,
    'trellis_rows course': 0,
    'trellis_view_built course': 0,
  });
});

it('names every gauge and its labels, and says what it tells', () => {
  for (const { name, help, labels } of engineGauges(new MemoryStore(() => 0), new MemoryViews(), NAMES)) {
    expect([name, help, labels]).toEqual([expect.stringMatching(/^trellis_[a-z_]+$/), expect.stringMatching(/./), name === 'trellis_log_head' ? [] : ['view']]);
  }
});
