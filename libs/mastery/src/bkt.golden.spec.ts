import { readFileSync } from 'node:fs';
import { traceUnknown, type BktParameters } from './bkt.js';

interface Golden {
  readonly parameters: readonly BktParameters[];
  readonly sequences: readonly Sequence[];
}

/** The same answers, "0" or "1" each, under several parameters; `known` is the state after each answer. */
interface Sequence {
  readonly answers: string;
  readonly runs: readonly { readonly parameters: number; readonly known: readonly number[] }[];
}

// Made by golden/pybkt.py, which says how and with which versions. A cast: the file is ours and read by this test only.
const golden = JSON.parse(readFileSync(new URL('../golden/pybkt.json', import.meta.url), 'utf8')) as Golden;

describe('tracing whole sequences', () => {
  it('has enough to compare', () => {
    expect(golden.sequences.length).toBeGreaterThanOrEqual(20);
    expect(golden.sequences.flatMap(({ runs }) => runs).length).toBe(golden.sequences.length * golden.parameters.length);
  });

  it.each(golden.parameters.map((p, index) => ({ index, ...p })))(
    'agrees with pyBKT 1.4.3 to 1e-9: prior $prior, learn $learn, guess $guess, slip $slip',
    ({ index, ...p }) => {
      for (const { answers, runs } of golden.sequences) {
        const theirs = runs.find((run) => run.parameters === index)?.known ?? [];
        const ours = states(answers, p);
        expect(ours.length).toBe(theirs.length);
        ours.forEach((known, n) => expect(Math.abs(known - (theirs[n] ?? NaN))).toBeLessThanOrEqual(1e-9));
      }
    },
  );
});

function states(answers: string, p: BktParameters): readonly number[] {
  let unknown = 1 - p.prior;
  return [...answers].map((answer) => 1 - (unknown = traceUnknown(unknown, Number(answer), p)));
}
