import type { AnswerLog } from '../answer-log.js';
import { seeded } from '../seeded.js';
import { BKT_BOUNDS, BKT_UNBOUNDED } from './bounds.js';
import { degenerate } from './degenerate.js';
import { fitBkt } from './fit.js';
import { fitSoundBkt } from './sound.js';

interface Law {
  readonly prior: number;
  readonly learn: number;
  readonly guess: number;
  readonly slip: number;
  readonly forget?: number;
}

const FAST: Law = { prior: 0.2, learn: 0.3, guess: 0.2, slip: 0.1 };
const SLOW: Law = { prior: 0.5, learn: 0.05, guess: 0.1, slip: 0.2 };

/** Every learner answers each skill so often, skill after skill; one combination a skill. */
function logOf(laws: readonly Law[], learners: number, answers: number, seed = 1): AnswerLog {
  const random = seeded(seed);
  const rows = learners * laws.length * answers;
  const combination = new Int32Array(rows);
  const right = new Uint8Array(rows);
  let row = 0;
  for (let learner = 0; learner < learners; learner++) {
    for (const [skill, { prior, learn, guess, slip, forget = 0 }] of laws.entries()) {
      let known = random() < prior;
      for (let n = 0; n < answers; n++) {
        combination[row] = skill;
        right[row++] = random() < (known ? 1 - slip : guess) ? 1 : 0;
        known = known ? random() >= forget : random() < learn;
      }
    }
  }
  return {
    vocabulary: { items: [], skills: laws.map((_, n) => `skill-${n}`), combinations: laws.map((_, n) => Int32Array.of(n)) },
    learners: Array.from({ length: learners }, (_, n) => `learner-${n}`),
    starts: Int32Array.from({ length: learners + 1 }, (_, n) => n * laws.length * answers),
    item: new Int32Array(rows).fill(-1),
    combination,
    right,
    at: null,
  };
}

describe('fitting', () => {
  it('finds the parameters that made the answers', () => {
    const { units, degenerate: found } = fitBkt(logOf([FAST, SLOW], 3000, 12), { seed: 1 });
    expect(found).toEqual([]);
    for (const [n, truth] of [FAST, SLOW].entries()) {
      for (const name of ['prior', 'learn', 'guess', 'slip'] as const) expect(Math.abs((units[n]?.parameters[name] ?? NaN) - truth[name])).toBeLessThan(0.04);
      expect(units[n]).toMatchObject({ skill: `skill-${n}`, basis: 'own', converged: true, learners: 3000, answers: 36_000 });
      expect(units[n]?.parameters.forget).toBe(0);
    }
  });

  it('finds how much is forgotten', () => {
    const [unit] = fitBkt(logOf([{ ...FAST, forget: 0.1 }], 4000, 15), { seed: 1, change: 'both' }).units;
    expect(Math.abs((unit?.parameters.forget ?? NaN) - 0.1)).toBeLessThan(0.03);
  });

  it('gives the same bits for the same seed', () => {
    const log = logOf([FAST, SLOW], 100, 8);
    expect(fitBkt(log, { seed: 7 })).toEqual(fitBkt(log, { seed: 7 }));
  });

  it('takes the starts it is given', () => {
    const log = logOf([FAST], 100, 8);
    const start = { prior: 0.4, learn: 0.1, guess: 0.2, slip: 0.1, forget: 0 };
    expect(fitBkt(log, { seed: 1, starts: [start] })).toEqual(fitBkt(log, { seed: 2, starts: [start] }));
    expect(() => fitBkt(log, { seed: 1, starts: [] })).toThrow('starts: at least one is needed, got none');
  });

  it('gives a skill with few answers the parameters of all skills and says so', () => {
    const log = logOf([FAST, SLOW], 40, 8);
    const few = { ...log, combination: log.combination.map((skill, row) => (skill === 1 && row > 16 * 3 ? 0 : skill)) };
    const { units, pooled, degenerate: found } = fitBkt(few, { seed: 1 });
    expect(units[1]).toMatchObject({ basis: 'pooled', learners: 3, answers: 24, parameters: pooled.parameters });
    expect(found).toContainEqual({ skill: 'skill-1', kind: 'too-few-answers', detail: '24 answers, at least 30 needed' });
    expect(found).toContainEqual({ skill: 'skill-1', kind: 'too-few-learners', detail: '3 learners, at least 10 needed' });
  });

  it('fits nothing to no answers without a fault', () => {
    const { units } = fitBkt(logOf([FAST], 0, 0), { seed: 1 });
    expect(units).toMatchObject([{ basis: 'pooled', answers: 0, learners: 0 }]);
  });

  it('traces a combination as one skill where asked to', () => {
    const log = logOf([FAST, SLOW], 60, 8);
    const both = { ...log, vocabulary: { ...log.vocabulary, combinations: [Int32Array.of(0), Int32Array.of(0, 1)] } };
    expect(fitBkt(both, { seed: 1, unit: 'combination' }).units.map(({ skill, answers }) => [skill, answers])).toEqual([['skill-0', 480], ['skill-0+skill-1', 480]]);
    expect(fitBkt(both, { seed: 1 }).units.map(({ skill, answers }) => [skill, answers])).toEqual([['skill-0', 960], ['skill-1', 480]]);
  });

  it('ends when its progress throws', () => {
    const seen: number[] = [];
    const progress = (done: number, of: number): void => {
      seen.push(done / of);
      if (done === 2) throw new Error('cancelled');
    };
    expect(() => fitBkt(logOf([FAST, SLOW, FAST], 30, 5), { seed: 1, progress })).toThrow('cancelled');
    expect(seen).toEqual([0.25, 0.5]);
  });

  it('lets a skill decline where it may change one way only, and keeps a right answer speaking for knowing', () => {
    const declining: Law = { prior: 0.9, learn: 0, guess: 0.2, slip: 0.1, forget: 0.15 };
    const { units, degenerate: found } = fitBkt(logOf([declining, FAST], 1500, 12), { seed: 1, change: 'one-way' });
    expect(units[0]?.parameters.learn).toBe(0);
    expect(Math.abs((units[0]?.parameters.forget ?? NaN) - 0.15)).toBeLessThan(0.04);
    expect(units[1]?.parameters.forget).toBe(0);
    expect(found.map(({ skill, kind }) => [skill, kind])).toContainEqual(['skill-0', 'declines']);
    for (const { parameters: q } of units) expect(q.guess + q.slip).toBeLessThan(1);
  });
});

describe('a degenerate fit', () => {
  const p = { prior: 0.3, learn: 0.2, guess: 0.2, slip: 0.1, forget: 0 };

  it.each([
    ['labels-switched', { guess: 0.7, slip: 0.4 }, 'guess 0.7000 + slip 0.4000 = 1.1000, must stay below 1.0000: a right answer says little or the reverse'],
    ['guess-high', { guess: 0.6 }, 'guess 0.6000, must stay below 0.5'],
    ['slip-high', { slip: 0.55 }, 'slip 0.5500, must stay below 0.5'],
    ['learn-at-bound', { learn: 1 }, 'learn 1.0000 at a bound of 0..1'],
    ['prior-at-bound', { prior: 0 }, 'prior 0.0000 at a bound of 0..1'],
    ['declines', { learn: 0, forget: 0.1 }, 'forget 0.1000 and no learning: answers get worse with practice'],
  ])('is named: %s', (kind, change, detail) => {
    expect(degenerate('fractions', { ...p, ...change }, BKT_UNBOUNDED)).toContainEqual({ skill: 'fractions', kind, detail });
  });

  it('is not seen in a sane one', () => {
    expect(degenerate('fractions', p, BKT_BOUNDS)).toEqual([]);
  });
});

describe('parameters for shown mastery', () => {
  // Nearly everybody is right from the first answer on: hardly a wrong answer to tell guessing from knowing by.
  const easy: Law = { prior: 0, learn: 0, guess: 0.8, slip: 0.1 };

  it('keep sound fits as they are and fit degenerate ones again within stricter bounds', () => {
    const log = logOf([easy, FAST, FAST, FAST], 200, 10);
    const fit = fitBkt(log, { seed: 1 });
    const sound = fitSoundBkt(log, { seed: 1 });
    expect(fit.degenerate.map(({ skill }) => skill)).toContain('skill-0');
    expect(sound.degenerate).toEqual(fit.degenerate);
    expect(sound.units[1]).toEqual(fit.units[1]);
    expect(sound.units[0]).toMatchObject({ skill: 'skill-0' });
    expect(sound.units[0]?.basis).not.toBe('own');
    for (const { parameters: q } of sound.units) expect(degenerate('any', q, BKT_BOUNDS)).toEqual([]);
  });

  it('are the default ones where no fit is sound', () => {
    // All right, always: whatever is fitted is at a bound.
    const log = logOf([{ prior: 1, learn: 0, guess: 0.5, slip: 0 }], 40, 10);
    const { pooled, units } = fitSoundBkt(log, { seed: 1, beliefWeight: 0 });
    const parameters = { prior: 0.3, learn: 0.2, guess: 0.3, slip: 0.2, forget: 0 };
    for (const one of [pooled, ...units]) expect(one).toMatchObject({ basis: 'given', parameters });
  });

  it('tell how far they are', () => {
    const seen: number[] = [];
    fitSoundBkt(logOf([FAST], 20, 5), { seed: 1, progress: (done, of) => seen.push(done / of) });
    expect(seen).toEqual([0.25, 0.5, 0.75, 1]);
  });
});
