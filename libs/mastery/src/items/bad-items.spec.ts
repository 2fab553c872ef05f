import type { AnswerLog } from '../answer-log.js';
import { logistic } from '../ability.js';
import { seeded } from '../seeded.js';
import { gervetFolder, readGervet } from '../testing/gervet.js';
import { badItems, FALSE_DISCOVERY_RATE, type BadItemKind } from './bad-items.js';
import { itemStatistics } from './statistics.js';

const LEARNERS = 800;
const ITEMS = 200;
const ANSWERS = 60;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

type Law = (ability: number) => number;

/** P(right) by ability of items with numbers 0 to 3 n - 1: n of each kind. */
const PLANTED: readonly { readonly kind: BadItemKind; readonly law: Law }[] = [
  { kind: 'discriminates-backwards', law: (ability) => logistic(1 - ability) },
  // Who knows ticks what is marked wrong, others guess among the four choices.
  { kind: 'key-likely-wrong', law: (ability) => (1 - logistic(1.5 * ability)) / 1.7 },
  { kind: 'nobody-passes', law: () => 0.002 },
  { kind: 'everybody-passes', law: () => 0.998 },
];

/** Sound items follow the two-parameter logistic model: slopes from 0.3 to 2, difficulties from -2 to 2. */
function simulated(seed: number, ofEachKind: number): AnswerLog {
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const laws = Array.from({ length: ITEMS }, (_, n): Law => {
    const [slope, difficulty] = [0.3 + 1.7 * random(), 4 * random() - 2];
    return PLANTED[Math.floor(n / ofEachKind)]?.law ?? ((ability) => logistic(slope * (ability - difficulty)));
  });
  const item = new Int32Array(LEARNERS * ANSWERS);
  const right = new Uint8Array(item.length);
  for (let learner = 0; learner < LEARNERS; learner++) {
    const ability = normal();
    for (let row = learner * ANSWERS; row < (learner + 1) * ANSWERS; row++) {
      const number = Math.floor(random() * ITEMS);
      item[row] = number;
      right[row] = random() < (laws[number]?.(ability) ?? 0) ? 1 : 0;
    }
  }
  return {
    vocabulary: { items: Array.from({ length: ITEMS }, (_, n) => `i${n}`), skills: ['s'], combinations: [Int32Array.of(0)] },
    learners: Array.from({ length: LEARNERS }, (_, n) => `l${n}`),
    starts: Int32Array.from({ length: LEARNERS + 1 }, (_, n) => n * ANSWERS),
    item,
    combination: new Int32Array(item.length),
    right,
    at: null,
  };
}

const foundIn = (seed: number, ofEachKind: number) => badItems(itemStatistics(simulated(seed, ofEachKind)));

describe('items that behave badly', () => {
  const OF_EACH = 5;
  const runs = SEEDS.map((seed) => foundIn(seed, OF_EACH).found);

  it.each(PLANTED.map(({ kind }, n) => ({ kind, n })))('are found where planted: $kind', ({ kind, n }) => {
    const planted = SEEDS.length * OF_EACH;
    const named = runs.flatMap((found) => found.filter(({ item }) => Math.floor(item / OF_EACH) === n).map((one) => one.kind));
    expect(named.filter((one) => one === kind).length / planted).toBeGreaterThanOrEqual(0.85);
    // None for two reasons.
    expect(named.length).toBeLessThanOrEqual(planted);
  });

  it('are few among sound ones: no more are named than the stated rate allows', () => {
    const named = runs.flat();
    const sound = named.filter(({ item }) => item >= PLANTED.length * OF_EACH);
    expect(sound.length / named.length).toBeLessThanOrEqual(FALSE_DISCOVERY_RATE);
  });

  it('are hardly ever named where all are sound', () => {
    const runs = SEEDS.map((seed) => foundIn(seed, 0));
    expect(runs.reduce((sum, { tested }) => sum + tested, 0)).toBeGreaterThan(0.95 * ITEMS * SEEDS.length);
    expect(runs.flatMap(({ found }) => found).length).toBeLessThanOrEqual(1);
  });

  it('come with the numbers, wrong keys before all', () => {
    const kinds = (runs[0] ?? []).map(({ kind }) => kind);
    expect(kinds).toEqual([...kinds].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other)));
    for (const { detail } of runs.flat()) expect(detail).toMatch(/^(passing correlates -0\.\d\d \(-0\.\d\d to -?0\.\d\d\) with|\d+ of \d+ learners pass)/);
  });

  it('are not guessed at where answers are few', () => {
    const log = simulated(1, OF_EACH);
    const few = { ...log, learners: log.learners.slice(0, 20), starts: log.starts.slice(0, 21) };
    expect(badItems(itemStatistics(few))).toEqual({ found: [], tested: 0 });
  });
});

const ORDER: readonly BadItemKind[] = ['key-likely-wrong', 'discriminates-backwards', 'nobody-passes', 'everybody-passes'];

describe('items of ASSISTments 2009', () => {
  const folder = gervetFolder('gervet_assistments09');
  const isThere = folder !== null;

  (isThere ? it : it.skip)('are nearly all sound, and one has its key the wrong way round', () => {
    const { train } = readGervet(folder as URL);
    const { found, tested } = badItems(itemStatistics(train));
    expect(tested).toBeGreaterThan(2500);
    expect(found.map(({ item, kind }) => [train.vocabulary.items[item], kind])).toEqual([['6309', 'key-likely-wrong']]);
  });
});
