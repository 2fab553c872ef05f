// Figures on public sets that others have published figures on. The data lie beside the repository and are never part of it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { place, removeFolders } from '../src/testing.js';

afterAll(removeFolders);

const ROOT = join(import.meta.dirname, '..', '..', '..');
const DATA = process.env['TRELLIS_TEST_DATA'] ?? join(ROOT, '..', 'shared', 'data');

/** The specs of a set, or a note that says why there are none. */
const withSet = (set: string) => {
  const isThere = existsSync(join(DATA, set));
  if (!isThere) console.warn(`Skipped: ${join(DATA, set)} is absent, so nothing is said about it. TRELLIS_TEST_DATA names the folder that holds it.`);
  return isThere ? describe : describe.skip;
};

interface Evaluated {
  readonly traps: { readonly found: readonly string[]; readonly twins: Readonly<Record<string, number>> };
  readonly models: readonly { readonly model: string; readonly training: string; readonly auc: number; readonly ece: number; readonly n: number }[];
}

async function evaluated(words: readonly string[]): Promise<Evaluated & { readonly auc: (model: string, training?: string) => number; readonly ece: (model: string, training?: string) => number }> {
  const ran = await place().trellis(['evaluate', ...words, '--json']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  const result = ran.json<Evaluated>();
  const of = (model: string, training: string) => result.models.find((one) => one.model === model && one.training === training);
  return { ...result, auc: (model, training = 'official') => of(model, training)?.auc ?? NaN, ece: (model, training = 'official') => of(model, training)?.ece ?? NaN };
}

function gervet(set: string): readonly string[] {
  const file = (name: string): string => join(DATA, set, `${name}.tsv.gz`);
  return ['--train', file('train'), '--test', file('test'), '--q-matrix', file('q_matrix')];
}

withSet('gervet_assistments09')('ASSISTments 2009', () => {
  it('holds twins; knowledge tracing and the regression are as good as they should be, the regression on new learners too', async () => {
    const { traps, models, auc, ece } = await evaluated([...gervet('gervet_assistments09'), '--models', 'majority,bkt,bkt-forgetting,elo,lr-14']);
    expect(traps.found).toEqual(['twins']);
    expect(traps.twins).toMatchObject({ pairs: 89, across: 25, insideTrain: 61, insideTest: 3, testAnswers: 14_601 });
    for (const { n } of models) expect(n).toBe(58_266);
    expect(auc('majority', 'strict')).toBe(0.5);
    expect(auc('bkt')).toBeGreaterThanOrEqual(0.715);
    expect(auc('bkt-forgetting')).toBeGreaterThanOrEqual(0.721);
    expect(auc('elo')).toBeCloseTo(0.7608, 3);
    expect(auc('lr-14', 'strict')).toBeGreaterThanOrEqual(0.775);
    expect(ece('lr-14', 'strict')).toBeLessThanOrEqual(0.01);
  }, 300_000);
});

withSet('gervet_statics')('OLI Statics', () => {
  it('are foreseen as well as they should be', async () => {
    const { auc, ece } = await evaluated([...gervet('gervet_statics'), '--models', 'bkt,bkt-forgetting,elo,lr-14']);
    expect(auc('bkt')).toBeGreaterThanOrEqual(0.693);
    expect(auc('bkt-forgetting')).toBeGreaterThanOrEqual(0.713);
    expect(auc('elo')).toBeCloseTo(0.8226, 3);
    expect(auc('lr-14', 'strict')).toBeGreaterThanOrEqual(0.84);
    expect(ece('lr-14', 'strict')).toBeLessThanOrEqual(0.01);
  }, 300_000);
});

withSet('akt_assist2015')('ASSISTments 2015, which names no items', () => {
  it('is foreseen as well as it should be', async () => {
    const fold = (k: number): string => join(DATA, 'akt_assist2015', `fold${k}.csv.gz`);
    const { auc } = await evaluated(['--format', 'akt', '--train', fold(3), '--train', fold(4), '--train', fold(5), '--test', fold(1), '--models', 'lr-14']);
    expect(auc('lr-14')).toBeGreaterThanOrEqual(0.719);
  }, 300_000);
});

withSet('timed_assistments17_first_attempt')('ASSISTments 2017 with times', () => {
  it('is foreseen as well as it should be, pooled over folds by learner', async () => {
    const file = (name: string): string => join(DATA, 'timed_assistments17_first_attempt', `${name}.tsv.gz`);
    const { auc, models } = await evaluated(['--data', file('students_subset'), '--q-matrix', file('q_matrix'), '--folds', '5', '--fold-by', 'id-order', '--models', 'elo,lr-14']);
    expect(models[0]?.n).toBe(90_586);
    expect(auc('lr-14')).toBeGreaterThanOrEqual(0.764);
  }, 300_000);
});
