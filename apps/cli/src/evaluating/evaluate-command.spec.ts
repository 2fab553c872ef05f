import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '@trellis/mastery';
import { algebra, place, removeFolders, type Place } from '../testing.js';

afterAll(removeFolders);

interface Figures {
  readonly model: string;
  readonly training: string;
  readonly auc: number | null;
  readonly ece: number;
  readonly n: number;
  readonly fitSeconds: number;
  readonly regression: { readonly features: readonly { readonly weight: number; readonly mean: number; readonly sd: number }[] } | null;
  readonly ci: readonly [number, number];
  readonly slices: { readonly position: readonly { readonly name: string; readonly n: number }[]; readonly itemAge: readonly object[]; readonly skill: readonly object[] };
  readonly subgroups: { readonly groups: readonly { readonly name: string; readonly verdict: string; readonly gap: number }[] } | null;
}

interface Evaluated {
  readonly data: { readonly split: string; readonly train: Part; readonly test: Part; readonly times: boolean; readonly skills: number };
  readonly traps: { readonly found: readonly string[]; readonly twins: Readonly<Record<string, number>>; readonly repeatedRows: Readonly<Record<string, number>> };
  readonly models: readonly Figures[];
  readonly comparisons: readonly { readonly model: string; readonly against: string }[];
  readonly peakMemoryMb: number;
}

interface Part {
  readonly answers: number;
  readonly learners: number;
}

const HEADER = 'user_id\titem_id\ttimestamp\tcorrect\tskill_id';
const ITEMS = 40;
const SKILLS = 5;

interface Answered {
  readonly learner: string;
  readonly item: number;
  readonly right: boolean;
}

/** Learners who differ in ability, items who differ in difficulty, and who learns while answering. */
function answersOf(learners: number, { seed = 1, from = 0, each = 40, items = ITEMS } = {}): readonly Answered[] {
  const random = seeded(seed);
  return Array.from({ length: learners }, (_, n) => n).flatMap((n) => {
    const ability = 3 * random() - 1.5;
    return Array.from({ length: each }, (_unused, k) => {
      const item = Math.floor(random() * items);
      const logit = ability + (item % 7) / 2 - 1.5 + k / each;
      return { learner: String(from + n), item, right: random() < 1 / (1 + Math.exp(-logit)) };
    });
  });
}

function tsv(answers: readonly Answered[]): string {
  return [HEADER, ...answers.map(({ learner, item, right }) => `${learner}\t${item}\t0\t${right ? 1 : 0}\t${item % SKILLS}`)].join('\n');
}

/** A split into two files, and the words that name them. */
function split(at: Place, learners = 40): readonly string[] {
  const train = at.file('train.tsv', tsv(answersOf(learners)));
  return ['evaluate', '--train', train, '--test', at.file('test.tsv', tsv(answersOf(learners / 2, { seed: 2, from: 1000 })))];
}

const QUICK = ['--models', 'majority,item-mean,elo'];

describe('an evaluation', () => {
  it('says how good each model is, with its interval, slices and seconds', async () => {
    const at = place();
    const ran = await at.trellis([...split(at), ...QUICK, '--json']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const { data, traps, models, comparisons, peakMemoryMb } = ran.json<Evaluated>();
    expect(data).toMatchObject({ split: 'files', train: { answers: 1600, learners: 40 }, test: { answers: 800, learners: 20 }, times: false, skills: SKILLS });
    expect(traps.found).toEqual([]);
    expect(models.map(({ model, training }) => [model, training])).toEqual([['majority', 'official'], ['item-mean', 'official'], ['elo', 'official']]);
    for (const { n, auc, ci, fitSeconds, slices } of models) {
      expect(n).toBe(800);
      expect(fitSeconds).toBeGreaterThanOrEqual(0);
      expect(ci[0]).toBeLessThanOrEqual(auc ?? NaN);
      expect(slices.position.map(({ name, n: rows }) => [name, rows])).toEqual([['1-5', 100], ['6-10', 100], ['11-50', 600]]);
      expect(slices.skill).toHaveLength(SKILLS);
    }
    const [majority, , elo] = models;
    expect(majority?.auc).toBe(0.5);
    expect(elo?.auc ?? 0).toBeGreaterThan(0.6);
    expect(comparisons.map(({ model, against }) => [model, against])).toEqual([['item-mean', 'majority'], ['elo', 'majority'], ['elo', 'item-mean']]);
    expect(peakMemoryMb).toBeGreaterThan(10);
  });

  it('lists what a regression rests on, feature by feature', async () => {
    const at = place();
    const { models } = (await at.trellis([...split(at), '--models', 'majority,placement,lr-14', '--json', '--report', 'report.html'])).json<Evaluated>();
    expect(models.map(({ model, regression }) => [model, regression?.features.length ?? null])).toEqual([['majority', null], ['placement', 9], ['lr-14', 14]]);
    for (const { weight, mean, sd } of models[2]?.regression?.features ?? []) expect([weight, mean, sd].every(Number.isFinite)).toBe(true);
    expect(readFileSync(join(at.cwd, 'report.html'), 'utf8')).toContain('What the regressions rest on');
  });

  it('is the same for a seed, whatever the number of workers', async () => {
    const at = place();
    const words = [...split(at), '--models', 'majority,bkt,best-lr,lr-14,network', '--json'];
    const [one, two] = [await at.trellis([...words, '--workers', '1']), await at.trellis([...words, '--workers', '2'])];
    const bare = ({ models, comparisons }: Evaluated): unknown => ({ comparisons, models: models.map(({ fitSeconds: _, ...one }) => ({ ...one, predictSeconds: 0 })) });
    expect(bare(two.json<Evaluated>())).toEqual(bare(one.json<Evaluated>()));
  }, 60_000);

  it('does not depend on how the rows of learners are mixed', async () => {
    const at = place();
    const answers = answersOf(40);
    const mixed = [...answers.entries()].sort(([a], [b]) => (a % 40) - (b % 40) || a - b).map(([, one]) => one);
    const figures = async (name: string, rows: readonly Answered[]): Promise<unknown> => {
      const { models } = (await at.trellis(['evaluate', '--data', at.file(name, tsv(rows), 'gzip'), '--fold-by', 'id-order', ...QUICK, '--json'])).json<Evaluated>();
      return models.map(({ model, auc, ece }) => ({ model, auc, ece }));
    };
    expect(await figures('mixed.tsv.gz', mixed)).toEqual(await figures('plain.tsv.gz', answers));
  });

  it('predicts every answer once when it cuts folds', async () => {
    const at = place();
    const { data, models } = (await at.trellis(['evaluate', '--data', at.file('all.tsv', tsv(answersOf(30))), '--folds', '3', ...QUICK, '--json'])).json<Evaluated>();
    expect(data.split).toBe('3 folds by seed, pooled');
    for (const { n } of models) expect(n).toBe(1200);
  });

  it('reads columns by other names, scores, and skills from a table of links', async () => {
    const at = place();
    const rows = ['who,what,points,when', ...answersOf(20).map(({ learner, item, right }, n) => `${learner},i${item},${right ? '0.8' : '0.2'},2026-01-01T00:00:${String(n % 60).padStart(2, '0')}Z`)];
    const links = ['item_id\tskill_id', ...Array.from({ length: ITEMS }, (_, item) => `i${item}\ts${item % 3}\ni${item}\ts9`)];
    const words = ['evaluate', '--data', at.file('a.csv', rows.join('\n')), '--q-matrix', at.file('q.tsv', links.join('\n')), '--map', 'learner=who,item=what,score=points,time=when', ...QUICK, '--json'];
    const ran = await at.trellis(words);
    expect(ran.err).toBe('');
    expect(ran.json<Evaluated>().data).toMatchObject({ times: true, skills: 4, test: { answers: 800, learners: 20 } });
  });

  it('reads three lines a student, without items', async () => {
    const at = place();
    const akt = (answers: readonly Answered[]): string =>
      [...Map.groupBy(answers, ({ learner }) => learner)].map(([learner, own], n) => `${n},${learner}\n${own.map(({ item }) => item % SKILLS).join(',')}\n${own.map(({ right }) => (right ? 1 : 0)).join(',')}\n`).join('');
    const answers = answersOf(60);
    const files = [0, 1, 2].map((k) => at.file(`fold${k}.csv`, akt(answers.slice(k * 800, (k + 1) * 800)), 'gzip'));
    const words = ['evaluate', '--format', 'akt', ...['--train', files[0] ?? '', '--train', files[1] ?? '', '--test', files[2] ?? ''], ...QUICK, '--json'];
    const { data, models } = (await at.trellis(words)).json<Evaluated>();
    expect(data).toMatchObject({ train: { answers: 1600, learners: 40, items: 0 }, test: { answers: 800, learners: 20, items: 0 } });
    expect(models[0]?.slices.itemAge).toEqual([]);
  });

  it('reads the log of a data folder', async () => {
    const at = await algebra();
    const answers = answersOf(20).map(({ learner, item, right }, n) => `${learner},q${(item % 4) + 1},${right},${1_700_000_000 + n}`);
    await at.trellis(['import', at.file('answers.csv', ['learner,item,correct,time', ...answers].join('\n'))]);
    const ran = await at.trellis(['evaluate', '--data', '.trellis', ...QUICK, '--json']);
    expect(ran.err).toBe('');
    expect(ran.json<Evaluated>().data).toMatchObject({ times: true, skills: 2, test: { answers: 800, learners: 20, items: 4 } });
  });

  it('ends at once when it is interrupted, and writes nothing', async () => {
    const at = place();
    const interrupted = new AbortController();
    const report = join(at.cwd, 'report.html');
    const running = at.trellis([...split(at, 400), '--report', report], { signal: interrupted.signal });
    setTimeout(() => interrupted.abort(), 150);
    const ran = await running;
    expect(ran.code).toBe(130);
    expect(ran.err).toBe('trellis: interrupted; nothing was written.\n');
    expect(existsSync(report)).toBe(false);
  });
});

describe('traps', () => {
  it('names twins and trains every model with them and without', async () => {
    const at = place();
    const train = answersOf(40, { each: 150, items: 400 });
    const copies = train.filter(({ learner }) => Number(learner) < 4).map((one) => ({ ...one, learner: `9${one.learner}` }));
    const words = ['evaluate', '--train', at.file('train.tsv', tsv(train)), '--test', at.file('test.tsv', tsv([...answersOf(10, { seed: 2, from: 1000, items: 400 }), ...copies])), ...QUICK];
    const { traps, models } = (await at.trellis([...words, '--json'])).json<Evaluated>();
    expect(traps.found).toEqual(['twins']);
    expect(traps.twins).toMatchObject({ pairs: 4, across: 4, insideTrain: 0, testAnswers: 600, leftOutLearners: 4, leftOutAnswers: 600 });
    expect(models.map(({ model, training }) => `${model} ${training}`).sort()).toEqual(['elo official', 'elo strict', 'item-mean official', 'item-mean strict', 'majority official', 'majority strict']);
    const { out } = await at.trellis(words);
    expect(out).toContain('trap   twins: 4 pairs of ids are one student each');
    expect(out).toMatch(/elo +official .*\nelo +strict /);
  });

  it('names rows that are repeated once for each skill, and counts each answer once in strict', async () => {
    const at = place();
    const rows = answersOf(20).flatMap(({ learner, item, right }) => [0, 1].map((skill) => `${learner}\t${item}\t0\t${right ? 1 : 0}\t${(item % SKILLS) * 2 + skill}`));
    const { traps, models } = (await at.trellis(['evaluate', '--data', at.file('all.tsv', [HEADER, ...rows].join('\n')), ...QUICK, '--json'])).json<Evaluated>();
    expect(traps.found).toEqual(['repeated-rows']);
    expect(traps.repeatedRows).toMatchObject({ answers: expect.any(Number) as number, surplusRows: expect.any(Number) as number });
    expect(models.filter(({ training }) => training === 'official').map(({ n }) => n)).toEqual([1600, 1600, 1600]);
    for (const { n } of models.filter(({ training }) => training === 'strict')) expect(n).toBe(1600 - (traps.repeatedRows['surplusRows'] ?? 0));
  });
});

describe('subgroups', () => {
  it('finds the one whose chances are misjudged', async () => {
    const at = place();
    const random = seeded(3);
    // Items are equally hard for everybody but those of the south, who are right much less often than the others.
    const rows = answersOf(120).map(({ learner, item }) => {
      const region = ['north', 'south', 'west'][Number(learner) % 3] ?? '';
      return `${learner}\t${item}\t0\t${random() < (region === 'south' ? 0.5 : 0.8) ? 1 : 0}\t${item % SKILLS}\t${region}`;
    });
    const words = ['evaluate', '--data', at.file('all.tsv', [`${HEADER}\tregion`, ...rows].join('\n')), '--subgroup', 'region', '--models', 'item-mean'];
    const { models } = (await at.trellis([...words, '--json'])).json<Evaluated>();
    const south = models[0]?.subgroups?.groups.find(({ name }) => name === 'south');
    expect(south).toMatchObject({ verdict: 'flagged' });
    expect(south?.gap ?? 0).toBeGreaterThan(0.1);
    expect((await at.trellis(words)).out).toContain('subgroup  region south: item-mean (official) promises too much');
  });
});

describe('the report', () => {
  it('is one page that needs nothing beside it and shows what was typed as text', async () => {
    const at = place();
    const rows = answersOf(60).map(({ learner, item, right }) => `${learner}\t${item}\t0\t${right ? 1 : 0}\t<b>${item % SKILLS}\t${Number(learner) % 2 === 0 ? 'even' : 'odd & <i>'}`);
    const ran = await at.trellis(['evaluate', '--data', at.file('all.tsv', [`${HEADER}\tkind`, ...rows].join('\n')), '--subgroup', 'kind', ...QUICK, '--report', 'report.html']);
    expect(ran.out).toContain('Report: ');
    const page = readFileSync(join(at.cwd, 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(|https?:/);
    expect(page).not.toContain('<b>');
    expect(page).toContain('odd &amp; &lt;i&gt;');
    // Every chart has a name and a description, every table a caption.
    const charts = page.match(/<svg role="img"/g)?.length ?? 0;
    expect(charts).toBe(4);
    expect(page.match(/<title>/g)).toHaveLength(charts + 1);
    expect(page.match(/<caption>/g)?.length).toBe(page.match(/<table>/g)?.length);
    expect(page).not.toMatch(/NaN|undefined/);
  });
});

describe('wrong input', () => {
  const line = '1\t2\t0\t1\t3';
  it.each([
    ['a column that is not there', ['--train', 'no-item.tsv', '--test', 'good.tsv', '--q-matrix', 'links.tsv'], /no-item\.tsv: no column says the item; add --map item=<column>/],
    ['a mapped column that is not there', ['--data', 'good.tsv', '--map', 'learner=student'], /good\.tsv has no column "student" \(--map learner\); its columns are "user_id"/],
    ['a result that is none', ['--data', 'wrong.tsv'], /wrong\.tsv, line 3: correct is "maybe"; it must be 0, 1, true or false/],
    ['an empty id', ['--data', 'no-id.tsv'], /no-id\.tsv, line 2: user_id is ""; it must be 1 to 256 characters/],
    ['a row with too few cells', ['--data', 'ragged.tsv'], /ragged\.tsv, line 2 has 2 cells; the header has 5/],
    ['a file that does not exist', ['--data', 'nowhere.tsv'], /nowhere\.tsv does not exist/],
    ['a file without answers', ['--train', 'good.tsv', '--test', 'header.tsv'], /header\.tsv holds no answers, only a header/],
    ['an item without a skill', ['--data', 'good.tsv', '--q-matrix', 'links.tsv'], /good\.tsv, line 2: the item "2" is not in .*links\.tsv; every item needs at least one link/],
    ['learners in train and in test', ['--train', 'good.tsv', '--test', 'same.tsv'], /a leak: one learner stands in train and in test \("1"\)/],
    ['the same file twice', ['--train', 'good.tsv', '--test', 'copy.tsv'], /copy\.tsv \(test\) holds the same text as .*good\.tsv \(train\)/],
    ['a subgroup column that is not there', ['--data', 'good.tsv', '--subgroup', 'school'], /good\.tsv has no column "school" \(--subgroup\)/],
    ['a subgroup column of ids', ['--data', 'many.tsv', '--subgroup', 'item_id'], /many\.tsv, line 52: "item_id" has more than 50 different values, here "50"/],
    ['more folds than learners', ['--data', 'good.tsv'], /5 folds need at least 5 learners; there is one/],
    ['a time that is none', ['--data', 'time.tsv'], /time\.tsv, line 2: timestamp is "noon"; it must be a time as RFC 3339/],
    ['three lines that are two', ['--format', 'akt', '--data', 'two.csv'], /two\.csv breaks off: it has 2 lines, and each student has three/],
    ['answers that are not as many as skills', ['--format', 'akt', '--data', 'uneven.csv'], /uneven\.csv, line 3 has 1 answers; line 2 has 2 skills/],
    ['an answer that is none', ['--format', 'akt', '--data', 'odd.csv'], /odd\.csv, line 3: answer 2 is "x"; it must be 0 or 1/],
    ['JSON lines', ['--data', 'rows.jsonl'], /rows\.jsonl holds JSON lines; evaluate reads tables, CSV or TSV/],
    ['a report in a folder that does not exist', ['--data', 'good.tsv', '--report', 'no/report.html'], /no does not exist/],
  ])('names %s', async (_what, words, sentence) => {
    const at = place();
    at.file('good.tsv', `${HEADER}\n${line}`);
    at.file('same.tsv', `${HEADER}\n${line}\n${line}`);
    at.file('copy.tsv', `${HEADER}\n${line}`);
    at.file('header.tsv', `${HEADER}\n`);
    at.file('no-item.tsv', 'user_id\tcorrect\tskill_id\n1\t1\t3');
    at.file('wrong.tsv', `${HEADER}\n${line}\n1\t2\t0\tmaybe\t3`);
    at.file('no-id.tsv', `${HEADER}\n\t2\t0\t1\t3`);
    at.file('ragged.tsv', `${HEADER}\n1\t2`);
    at.file('time.tsv', `${HEADER}\n1\t2\tnoon\t1\t3`);
    at.file('many.tsv', `${HEADER}\n${Array.from({ length: 60 }, (_, n) => `${n}\t${n}\t0\t1\t3`).join('\n')}`);
    at.file('links.tsv', 'item_id\tskill_id\n1\t1');
    at.file('two.csv', '0,ana\n1,2\n');
    at.file('uneven.csv', '0,ana\n1,2\n1\n');
    at.file('odd.csv', '0,ana\n1,2\n1,x\n');
    at.file('rows.jsonl', '{}\n');
    const ran = await at.trellis(['evaluate', ...words, ...QUICK]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(sentence);
  });

  it.each([
    ['nothing to evaluate on', [], /nothing to evaluate on: name --train and --test, or --data/],
    ['train without test', ['--train', 'a.tsv'], /--test is missing: name both/],
    ['data beside train', ['--train', 'a.tsv', '--data', 'b.tsv'], /--data goes without --train and --test/],
    ['folds of a split', ['--train', 'a.tsv', '--test', 'b.tsv', '--folds', '3'], /--folds goes with --data/],
    ['a model that nobody knows', ['--data', 'a.tsv', '--models', 'bkt,magic'], /--models names "magic"; there are majority, /],
    ['one fold', ['--data', 'a.tsv', '--folds', '1'], /It must be a whole number from 2 to 100/],
    ['a field that is none', ['--data', 'a.tsv', '--map', 'who=a'], /--map has "who=a"; each part is field=column, and the fields are learner/],
    ['links without items', ['--format', 'akt', '--data', 'a.csv', '--q-matrix', 'q.tsv'], /--q-matrix goes with tables/],
  ])('refuses %s', async (_what, words, sentence) => {
    const ran = await place().trellis(['evaluate', ...words]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(sentence);
  });
});
