import { readFileSync } from 'node:fs';
import { traceUnknownForgetting, type ForgettingBktParameters } from '../bkt.js';
import { gervetFolder, readGervet } from '../testing/gervet.js';
import { BKT_UNBOUNDED, withoutForgetting } from './bounds.js';
import { expectationMaximisation } from './em.js';
import { sequencesOf, sizeOf, type Sequences } from './sequences.js';

interface Run {
  readonly start: number;
  readonly forgetting: boolean;
  readonly iterations: number;
  readonly logLikelihood: number;
}

interface Golden {
  readonly parameters: readonly ForgettingBktParameters[];
  readonly starts: readonly ForgettingBktParameters[];
  readonly forgetting: readonly { readonly answers: string; readonly runs: readonly { readonly parameters: number; readonly known: readonly number[] }[] }[];
  readonly generated: readonly { readonly answers: string; readonly runs: readonly Run[] }[];
  readonly real: readonly { readonly skill: string; readonly answers: number; readonly learners: number; readonly runs: readonly Run[] }[];
}

// Made by golden/pybkt_fit.py, which says how and with which versions. A cast: the file is ours and read by this test only.
const golden = JSON.parse(readFileSync(new URL('../../golden/pybkt-fit.json', import.meta.url), 'utf8')) as Golden;

/** Of log likelihood. */
const TOLERANCE = 1e-6;

it.each(golden.parameters.map((p, index) => ({ index, ...p })))(
  'agrees with pyBKT 1.4.3 to 1e-9 with forgetting: prior $prior, learn $learn, guess $guess, slip $slip, forget $forget',
  ({ index, ...p }) => {
    expect(golden.forgetting.length).toBeGreaterThanOrEqual(16);
    for (const { answers, runs } of golden.forgetting) {
      const theirs = runs.find((run) => run.parameters === index)?.known ?? [];
      let unknown = 1 - p.prior;
      const ours = [...answers].map((answer) => 1 - (unknown = traceUnknownForgetting(unknown, Number(answer), p)));
      expect(ours.length).toBe(theirs.length);
      ours.forEach((known, n) => expect(Math.abs(known - (theirs[n] ?? NaN))).toBeLessThanOrEqual(1e-9));
    }
  },
);

/** From the same start, without bounds as pyBKT. */
function reached(sequences: Sequences, { start, forgetting }: Run, iterationsMax: number): number {
  const from = golden.starts[start];
  if (from === undefined) throw new Error(`start ${start}: not among the golden starts`);
  const bounds = forgetting ? BKT_UNBOUNDED : withoutForgetting(BKT_UNBOUNDED);
  return expectationMaximisation(sequences, from, { bounds, iterationsMax, gainMin: 1e-9 }).logLikelihood;
}

describe('expectation-maximisation from the starts of pyBKT 1.4.3', () => {
  const skills = golden.generated.map(({ answers, runs }, skill) => ({ skill, runs, sequences: ofTexts(answers.split(' ')) }));

  it.each(skills)('is as far after as many iterations, and no worse at the end: generated skill $skill', ({ runs, sequences }) => {
    expect(runs.map(({ forgetting }) => forgetting)).toEqual([false, false, false, true, true, true]);
    for (const run of runs) {
      expect(Math.abs(reached(sequences, run, run.iterations) - run.logLikelihood)).toBeLessThanOrEqual(TOLERANCE);
      expect(reached(sequences, run, 500)).toBeGreaterThanOrEqual(run.logLikelihood - TOLERANCE);
    }
  });

  const folder = gervetFolder('gervet_assistments09');
  (folder !== null ? it : it.skip)('is no worse on real answers', () => {
    const { train } = readGervet(folder as URL);
    const all = sequencesOf(train, 'skill');
    for (const { skill, answers, learners, runs } of golden.real) {
      const sequences = all[train.vocabulary.skills.indexOf(skill)] as Sequences;
      expect(sizeOf(sequences)).toEqual({ answers, learners });
      for (const run of runs) expect(reached(sequences, run, 500)).toBeGreaterThanOrEqual(run.logLikelihood - TOLERANCE);
    }
  });
});

function ofTexts(texts: readonly string[]): Sequences {
  const starts = new Int32Array(texts.length + 1);
  for (const [n, { length }] of texts.entries()) starts[n + 1] = (starts[n] ?? 0) + length;
  return { starts, right: Uint8Array.from(texts.join(''), Number), learners: new Float64Array(texts.length).fill(1) };
}
