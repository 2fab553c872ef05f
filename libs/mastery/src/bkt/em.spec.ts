import fc from 'fast-check';
import type { ForgettingBktParameters } from '../bkt.js';
import { BKT_BOUNDS, BKT_UNBOUNDED, bounded, withoutForgetting } from './bounds.js';
import { expectationMaximisation } from './em.js';
import { expected, likeliest, Workspace } from './expectation.js';
import { merged, type Sequences } from './sequences.js';

const p: ForgettingBktParameters = { prior: 0.3, learn: 0.2, guess: 0.25, slip: 0.1, forget: 0.05 };

const sequencesOfTexts = (texts: readonly string[]): Sequences => {
  const starts = Int32Array.of(0, ...texts.map((_, n) => texts.slice(0, n + 1).join('').length));
  return { starts, right: Uint8Array.from(texts.join(''), Number), learners: new Float64Array(texts.length).fill(1) };
};

const texts = fc.array(fc.array(fc.constantFrom('0', '1'), { minLength: 1, maxLength: 7 }).map((answers) => answers.join('')), { minLength: 1, maxLength: 12 });
const inside = fc.double({ min: 0.02, max: 0.98, noNaN: true });
const anyParameters = fc.record({ prior: inside, learn: inside, guess: inside, slip: inside, forget: inside });

/** Every way the states may have run, one by one: 2 to the power of the length. */
function byEnumeration(answers: string, q: ForgettingBktParameters): { likelihood: number; learned: number; guessed: number; knownAtFirst: number } {
  const total = { likelihood: 0, learned: 0, guessed: 0, knownAtFirst: 0 };
  for (let path = 0; path < 2 ** answers.length; path++) {
    const known = Array.from(answers, (_, t) => (path >> t) & 1);
    let weight = 1;
    let learned = 0;
    let guessed = 0;
    for (const [t, state] of known.entries()) {
      const before = known[t - 1];
      if (before === undefined) weight *= state === 1 ? q.prior : 1 - q.prior;
      else if (before === 0) weight *= state === 1 ? q.learn : 1 - q.learn;
      else weight *= state === 0 ? q.forget : 1 - q.forget;
      if (before === 0 && state === 1) learned++;
      const isRight = answers[t] === '1';
      weight *= state === 1 ? (isRight ? 1 - q.slip : q.slip) : isRight ? q.guess : 1 - q.guess;
      if (state === 0 && isRight) guessed++;
    }
    total.likelihood += weight;
    total.learned += weight * learned;
    total.guessed += weight * guessed;
    total.knownAtFirst += weight * (known[0] ?? 0);
  }
  return total;
}

describe('expected counts', () => {
  it('are what enumerating every run of states gives', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('0', '1'), { minLength: 1, maxLength: 8 }).map((answers) => answers.join('')), anyParameters, (answers, q) => {
      const sequences = sequencesOfTexts([answers]);
      const ours = expected(sequences, q, new Workspace(sequences));
      const { likelihood, learned, guessed, knownAtFirst } = byEnumeration(answers, q);
      expect(ours.logLikelihood).toBeCloseTo(Math.log(likelihood), 9);
      expect(ours.learned).toBeCloseTo(learned / likelihood, 9);
      expect(ours.guessed).toBeCloseTo(guessed / likelihood, 9);
      expect(ours.knownAtFirst).toBeCloseTo(knownAtFirst / likelihood, 9);
    }));
  });

  it('of one right answer are those by hand', () => {
    const sequences = sequencesOfTexts(['1']);
    // 0.3*0.9 = 0.27 known, 0.7*0.25 = 0.175 guessed: ln 0.445; known 0.27 / 0.445 = 0.606741...
    const { logLikelihood, knownAtFirst } = expected(sequences, p, new Workspace(sequences));
    expect(logLikelihood).toBeCloseTo(-0.80968099681, 10);
    expect(knownAtFirst).toBeCloseTo(0.60674157303, 10);
  });

  it('do not underflow on the longest histories', () => {
    const sequences = sequencesOfTexts(['01'.repeat(20_000)]);
    expect(Number.isFinite(expected(sequences, p, new Workspace(sequences)).logLikelihood)).toBe(true);
  });

  it('are the same when equal sequences are merged', () => {
    fc.assert(fc.property(texts, (all) => {
      const [alone, together] = [sequencesOfTexts(all), merged([sequencesOfTexts(all)])];
      const counts = [alone, together].map((sequences) => expected(sequences, p, new Workspace(sequences)));
      expect(counts[1]?.logLikelihood).toBeCloseTo(counts[0]?.logLikelihood ?? NaN, 9);
      expect(counts[1]?.slipped).toBeCloseTo(counts[0]?.slipped ?? NaN, 9);
    }));
  });
});

describe('expectation-maximisation', () => {
  it.each([
    ['without bounds', BKT_UNBOUNDED],
    ['within bounds', BKT_BOUNDS],
    ['on the edge of guess + slip', { ...BKT_BOUNDS, guessAndSlipMax: 0.3 }],
  ])('never makes the answers less likely, %s', (_, bounds) => {
    fc.assert(fc.property(texts, anyParameters, (all, start) => {
      const sequences = sequencesOfTexts(all);
      const workspace = new Workspace(sequences);
      let q = bounded(start, bounds);
      let last = -Infinity;
      for (let n = 0; n < 12; n++) {
        const counts = expected(sequences, q, workspace);
        expect(counts.logLikelihood).toBeGreaterThanOrEqual(last - 1e-9);
        last = counts.logLikelihood;
        q = likeliest(counts, bounds, q);
      }
    }));
  });

  it('stays within the bounds', () => {
    fc.assert(fc.property(texts, anyParameters, (all, start) => {
      const { parameters: q } = expectationMaximisation(sequencesOfTexts(all), start, { bounds: BKT_BOUNDS, iterationsMax: 20, gainMin: 0 });
      for (const name of ['prior', 'learn', 'guess', 'slip', 'forget'] as const) {
        expect(q[name]).toBeGreaterThanOrEqual(BKT_BOUNDS[name][0] - 1e-12);
        expect(q[name]).toBeLessThanOrEqual(BKT_BOUNDS[name][1] + 1e-12);
      }
      expect(q.guess + q.slip).toBeLessThanOrEqual(BKT_BOUNDS.guessAndSlipMax + 1e-12);
    }));
  });

  it('never forgets where it may not', () => {
    const { parameters } = expectationMaximisation(sequencesOfTexts(['1100', '10', '1000']), p, { bounds: withoutForgetting(BKT_BOUNDS), iterationsMax: 50, gainMin: 0 });
    expect(parameters.forget).toBe(0);
  });

  it('says how far it came', () => {
    const sequences = sequencesOfTexts(['0111', '0011', '1']);
    expect(expectationMaximisation(sequences, p, { bounds: BKT_BOUNDS, iterationsMax: 2, gainMin: 1e9 })).toMatchObject({ iterations: 2, converged: true });
    expect(expectationMaximisation(sequences, p, { bounds: BKT_BOUNDS, iterationsMax: 3, gainMin: 0 })).toMatchObject({ iterations: 3, converged: false });
  });

  it('stays near what was believed while there is little to go by', () => {
    const belief = { parameters: p, weight: 1000 };
    const { parameters } = expectationMaximisation(sequencesOfTexts(['0000']), p, { bounds: BKT_BOUNDS, iterationsMax: 100, gainMin: 0, belief });
    for (const name of ['prior', 'learn', 'guess', 'slip', 'forget'] as const) expect(Math.abs(parameters[name] - p[name])).toBeLessThan(0.01);
  });
});
