import fc from 'fast-check';
import { FSRS, Rating } from 'ts-fsrs';
import { DEFAULT_RECALL, daysUntil, exactFirst, exactNext, firstMemory, nextMemory, recallAfter, recallOfAll, type Memory, type RecallParameters } from './fsrs.js';

/** The reference, with one review a day. It rounds to eight decimals at every step. */
const reference = (p: RecallParameters): FSRS => new FSRS({ w: p.weights, enable_fuzz: false, enable_short_term: false });
const gradeOf = (right: boolean): Rating.Good | Rating.Again => (right ? Rating.Good : Rating.Again);

const review = fc.record({ days: fc.integer({ min: 1, max: 400 }), right: fc.boolean() });
const others: RecallParameters = { weights: DEFAULT_RECALL.weights.map((weight, n) => weight * (1 + Math.sin(n) / 8)) };

describe.each<[string, RecallParameters]>([
  ['the published weights', DEFAULT_RECALL],
  ['other weights', others],
])('with %s', (_, p) => {
  it('memory is what ts-fsrs says, review by review', () => {
    fc.assert(
      fc.property(fc.array(review, { minLength: 1, maxLength: 30 }), ([first, ...rest]) => {
        const fsrs = reference(p);
        let theirs = fsrs.next_state(null, 0, gradeOf(first?.right ?? true));
        let ours: Memory = exactFirst(first?.right ?? true, p);
        for (const { days, right } of rest) {
          theirs = fsrs.next_state(theirs, days, gradeOf(right));
          ours = exactNext(ours, days, right, p);
          expect(Math.abs(ours.stability - theirs.stability)).toBeLessThan(1e-6 * Math.max(1, theirs.stability));
          expect(Math.abs(ours.difficulty - theirs.difficulty)).toBeLessThan(1e-6);
        }
      }),
    );
  });

  it('the forgetting curve is theirs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.double({ min: 0.1, max: 3_000, noNaN: true }), (days, stability) => {
        expect(recallAfter(days, stability, p)).toBeCloseTo(reference(p).forgetting_curve(days, stability), 6);
      }),
    );
  });
});

it('starts where the published sequence starts: Good and Again', () => {
  expect(firstMemory(true, DEFAULT_RECALL)).toEqual({ stability: Math.fround(2.3065), difficulty: Math.fround(6.4133 - Math.exp(2 * 0.8334) + 1) });
  expect(firstMemory(false, DEFAULT_RECALL)).toEqual({ stability: Math.fround(0.212), difficulty: Math.fround(6.4133) });
});

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
