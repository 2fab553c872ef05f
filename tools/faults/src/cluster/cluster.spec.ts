// The distributed system under faults, on real Kafka and Redis. What each drill did and found is printed at the end.
import { mkdirSync, writeFileSync } from 'node:fs';
import { drill, type Drill, type Drilled } from './drill.js';
import { DRILLS, KILLS, WORST_MOMENTS } from './drills.js';
import { plantedMain, type PlantedKind } from './planted-mains.js';

const DRILL_MS_MAX = 420_000;
/** What a planted bug has broken does not mend itself. */
const BROKEN_MS_MAX = 15_000;

const RESULTS = new URL('../../.results/', import.meta.url);

const table: object[] = [];
afterAll(() => {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL('cluster-counts.json', RESULTS), `${JSON.stringify(table, null, 1)}\n`);
  process.stdout.write(`${table.map((row) => JSON.stringify(row)).join('\n')}\n`);
});

async function drilled(of: Drill): Promise<Drilled> {
  const result = await drill(of);
  const { counts, done, seconds, violations } = result;
  table.push({ name: of.name, seconds, done, counts, violations: violations.length });
  return result;
}

describe('every acknowledged event is effective once, every row is the fold of its stream and no choice was stale, after', () => {
  it.each([KILLS, ...DRILLS, WORST_MOMENTS].map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { violations, counts, done } = await drilled(each);
    expect(violations).toEqual([]);
    expect(counts.acknowledged).toBeGreaterThanOrEqual(each.events);
    expect(counts.events).toBeGreaterThanOrEqual(counts.acknowledged + counts.repeats + counts.recommendations);
    expect(counts.recommendations).toBeGreaterThan(0);
    if (each.disturb !== undefined) expect(Object.keys(done)).not.toEqual([]);
  }, DRILL_MS_MAX);
});

describe('the checks find', () => {
  it.each<[string, PlantedKind, RegExp]>([
    ['offsets that are committed before the append', 'ingest', /acknowledged events are not in the log/],
    ['rows that are written after the checkpoint', 'projector', /rows are wrong/],
  ])('%s', async (name, kind, violation) => {
    const { violations } = await drilled({ ...WORST_MOMENTS, name: `planted: ${name}`, settledMsMax: BROKEN_MS_MAX, options: { planted: { [kind]: plantedMain(kind) } } });
    expect(violations).toContainEqual(expect.stringMatching(violation));
  }, DRILL_MS_MAX);
});
