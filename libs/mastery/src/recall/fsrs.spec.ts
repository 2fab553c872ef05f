import fc from 'fast-check';
import { CLAMP_PARAMETERS, FSRS, Rating } from 'ts-fsrs';
import { DEFAULT_RECALL, daysUntil, exactFirst, exactNext, firstMemory, nextMemory, recallAfter, recallOfAll, reviewAll, reviewOne, STABILITY_MAX, STABILITY_MIN, type Memory, type RecallParameters } from './fsrs.js';

/** The reference as it comes, fuzz off. It rounds to eight decimals at every step. */
const reference = (p: RecallParameters): FSRS => new FSRS({ w: p.weights, enable_fuzz: false });
const gradeOf = (right: boolean): Rating.Good | Rating.Again => (right ? Rating.Good : Rating.Again);
const near = (ours: number, theirs: number, tolerance: number): void => expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(tolerance * Math.max(1, theirs));
const alike = (ours: Memory, theirs: Memory, tolerance: number): void => {
  near(ours.stability, theirs.stability, tolerance);
  near(ours.difficulty, theirs.difficulty, tolerance);
};

const review = fc.record({ days: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 400 })), right: fc.boolean() });
const others: RecallParameters = { weights: DEFAULT_RECALL.weights.map((weight, n) => weight * (1 + Math.sin(n) / 8)) };
/** The least and the most that ts-fsrs takes, so that every bound of a memory is met. */
const ends = (end: 0 | 1): RecallParameters => ({ weights: CLAMP_PARAMETERS(2).map((bounds) => bounds[end] ?? 0) });

describe.each<[string, RecallParameters]>([
  ['the published weights', DEFAULT_RECALL],
  ['other weights', others],
  ['the least weights', ends(0)],
  ['the greatest weights', ends(1)],
])('with %s', (_, p) => {
  // Recall is handed to it unrounded: great weights make much of its ninth decimal.
  it('each review makes of a memory what ts-fsrs makes of it', () => {
    const fsrs = reference(p);
    fc.assert(
      fc.property(fc.boolean(), fc.array(review, { maxLength: 30 }), (first, rest) => {
        let theirs = fsrs.next_state(null, 0, gradeOf(first));
        alike(exactFirst(first, p), theirs, 2e-8);
        for (const { days, right } of rest) {
          const ours = exactNext(theirs, days, right, p);
          theirs = fsrs.next_state(theirs, days, gradeOf(right), recallAfter(days, theirs.stability, p));
          alike(ours, theirs, 2e-8);
        }
      }),
    );
  });

  it('the forgetting curve is theirs', () => {
    const fsrs = reference(p);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.double({ min: 0.1, max: 3_000, noNaN: true }), (days, stability) => {
        near(recallAfter(days, stability, p), fsrs.forgetting_curve(days, stability), 1e-7);
      }),
    );
  });
});

it('memories of whole histories stay with those of ts-fsrs', () => {
  const fsrs = reference(DEFAULT_RECALL);
  fc.assert(
    fc.property(fc.array(review, { maxLength: 30 }), (reviews) => {
      let theirs = fsrs.next_state(null, 0, Rating.Good);
      let ours = exactFirst(true, DEFAULT_RECALL);
      for (const { days, right } of reviews) {
        theirs = fsrs.next_state(theirs, days, gradeOf(right));
        ours = exactNext(ours, days, right, DEFAULT_RECALL);
      }
      alike(ours, theirs, 1e-6);
    }),
  );
});

// From the tests of ts-fsrs (open-spaced-repetition/ts-fsrs, packages/fsrs/__tests__/FSRS-6.test.ts); the memory is also that of fsrs-rs.
describe('the published sequences', () => {
  const [again, good] = [false, true];

  it('first memories', () => {
    alike(exactFirst(again, DEFAULT_RECALL), { stability: 0.212, difficulty: 6.4133 }, 1e-8);
    alike(exactFirst(good, DEFAULT_RECALL), { stability: 2.3065, difficulty: 2.11810397 }, 1e-8);
  });

  it('memory after a lapse, one review of the same day and four later ones', () => {
    const { stability, difficulty } = [0, 1, 3, 8, 21].reduce((memory, days) => exactNext(memory, days, good, DEFAULT_RECALL), exactFirst(again, DEFAULT_RECALL));
    expect(stability).toBeCloseTo(53.62691, 4);
    expect(difficulty).toBeCloseTo(6.3574867, 4);
  });

  it('intervals until recall has fallen to .9', () => {
    // The first answer and wrong ones come again on the same day; the interval after them is that of the answer after.
    const days = [good, good, good, good, good, again, again, good, good, good, good, good];
    let memory = exactFirst(good, DEFAULT_RECALL);
    let interval = 0;
    const intervals = days.map((right) => {
      memory = exactNext(memory, interval, right, DEFAULT_RECALL);
      return (interval = right ? Math.max(1, Math.round(daysUntil(0.9, memory.stability, DEFAULT_RECALL))) : 0);
    });
    expect(intervals).toEqual([2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]);
  });
});

it('hands out single precision', () => {
  const first = firstMemory(true, DEFAULT_RECALL);
  expect(first).toEqual(singly(exactFirst(true, DEFAULT_RECALL)));
  expect(nextMemory(first, 3, false, DEFAULT_RECALL)).toEqual(singly(exactNext(first, 3, false, DEFAULT_RECALL)));
});

const singly = ({ stability, difficulty }: Memory): Memory => ({ stability: Math.fround(stability), difficulty: Math.fround(difficulty) });

describe('recall', () => {
  it('is 1 on the day, .9 after as many days as the stability says, and falls', () => {
    expect(recallAfter(0, 5, DEFAULT_RECALL)).toBe(1);
    expect(recallAfter(5, 5, DEFAULT_RECALL)).toBeCloseTo(0.9, 12);
    for (let days = 1; days < 400; days++) expect(recallAfter(days, 5, DEFAULT_RECALL)).toBeLessThan(recallAfter(days - 1, 5, DEFAULT_RECALL));
  });

  it('falls to a given level after so many days', () => {
    for (const level of [0.97, 0.9, 0.5]) expect(recallAfter(daysUntil(level, 12, DEFAULT_RECALL), 12, DEFAULT_RECALL)).toBeCloseTo(level, 12);
  });

  it('of many at once is that of each', () => {
    const [days, stability, out] = [Float64Array.of(0, 3, 90), Float64Array.of(1, 5, 40), new Float64Array(3)];
    recallOfAll(days, stability, DEFAULT_RECALL, out);
    expect(Array.from(out)).toEqual([0, 1, 2].map((n) => recallAfter(days[n] ?? 0, stability[n] ?? 1, DEFAULT_RECALL)));
  });

  it('of many at once refuses columns of different lengths', () => {
    const [two, one] = [new Float64Array(2).fill(1), new Float64Array(1).fill(1)];
    expect(() => recallOfAll(two, one, DEFAULT_RECALL, two)).toThrow('got 2 elapsedDays, 1 stabilities, 2 places');
  });
});

describe('reviews of many at once', () => {
  it('make of each to the bit what one makes of it', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ days: fc.integer({ min: 0, max: 400 }), right: fc.boolean(), first: fc.boolean() }), { maxLength: 40 }), (cards) => {
        const memories = cards.map(({ first }) => firstMemory(first, DEFAULT_RECALL));
        const columns = { stability: Float32Array.from(memories, ({ stability }) => stability), difficulty: Float32Array.from(memories, ({ difficulty }) => difficulty) };
        const [days, right] = [Int32Array.from(cards, (card) => card.days), Uint8Array.from(cards, (card) => (card.right ? 1 : 0))];
        reviewAll(columns, days, right, DEFAULT_RECALL);
        const expected = memories.map((memory, n) => nextMemory(memory, days[n] ?? 0, right[n] === 1, DEFAULT_RECALL));
        expect(Array.from(columns.stability)).toEqual(expected.map(({ stability }) => stability));
        expect(Array.from(columns.difficulty)).toEqual(expected.map(({ difficulty }) => difficulty));
        cards.forEach((card, n) => reviewOne(memories[n] as Memory, card.days, card.right, DEFAULT_RECALL));
        expect(memories).toEqual(expected);
      }),
    );
  });

  it.each([
    ['difficulties', [2, 1, 2, 2]],
    ['elapsedDays', [2, 2, 1, 2]],
    ['answers', [2, 2, 2, 1]],
  ])('refuse %s of another length', (_, [stabilities = 0, difficulties = 0, days = 0, answers = 0]) => {
    const columns = { stability: new Float32Array(stabilities).fill(1), difficulty: new Float32Array(difficulties).fill(5) };
    const message = `got ${stabilities} stabilities, ${difficulties} difficulties, ${days} elapsedDays, ${answers} answers`;
    expect(() => reviewAll(columns, new Int32Array(days), new Uint8Array(answers), DEFAULT_RECALL)).toThrow(message);
  });
});

it('stays within its bounds however long it goes on', () => {
  for (const right of [true, false]) {
    let memory = firstMemory(right, DEFAULT_RECALL);
    for (let n = 0; n < 500; n++) memory = nextMemory(memory, 10_000, right, DEFAULT_RECALL);
    expect(memory.stability).toBeGreaterThanOrEqual(Math.fround(STABILITY_MIN));
    expect(memory.stability).toBeLessThanOrEqual(STABILITY_MAX);
    expect(memory.difficulty).toBeGreaterThanOrEqual(1);
    expect(memory.difficulty).toBeLessThanOrEqual(10);
  }
});

it('goes on alike from a stored memory and from one that was kept', () => {
  let kept = firstMemory(true, DEFAULT_RECALL);
  let stored = Float32Array.of(kept.stability, kept.difficulty);
  for (const [days, right] of [[3, true], [10, true], [40, false], [2, true], [300, true]] as const) {
    kept = nextMemory(kept, days, right, DEFAULT_RECALL);
    const next = nextMemory({ stability: stored[0] ?? 0, difficulty: stored[1] ?? 0 }, days, right, DEFAULT_RECALL);
    stored = Float32Array.of(next.stability, next.difficulty);
  }
  expect(Array.from(stored)).toEqual([kept.stability, kept.difficulty]);
});

it('a wrong answer never lengthens a memory, a right one never shortens it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 2_000, noNaN: true }), fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: 1, max: 3_000 }), (stability, difficulty, days) => {
      expect(exactNext({ stability, difficulty }, days, false, DEFAULT_RECALL).stability).toBeLessThanOrEqual(stability);
      expect(exactNext({ stability, difficulty }, days, true, DEFAULT_RECALL).stability).toBeGreaterThanOrEqual(stability);
    }),
  );
});

it('keeps more after a wrong answer, and never less than a floor, for whoever asks for that', () => {
  const weak: Memory = { stability: 0.2, difficulty: 1 };
  expect(exactNext(weak, 300, false, DEFAULT_RECALL).stability).toBeLessThan(0.2);
  expect(exactNext(weak, 300, false, { ...DEFAULT_RECALL, lapseShare: 1 }).stability).toBe(0.2);
  const weakest: Memory = { stability: 0.012, difficulty: 10 };
  expect(exactNext(weakest, 0, false, DEFAULT_RECALL).stability).toBeLessThan(0.01);
  expect(exactNext(weakest, 0, false, { ...DEFAULT_RECALL, stabilityMin: 0.01 }).stability).toBe(0.01);
});
