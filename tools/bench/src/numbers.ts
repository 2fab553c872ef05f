// The numbers to reach, each with the newest figure that there is: what stands at the top of BENCHMARKS.md.
import type { Outcome, Row } from './benchmark.js';
import { distanceText, goalText, markdownTable, numberText, spreadText } from './report.js';
import type { Results } from './circumstances.js';

/** A row of a benchmark; of several that begin so, the greatest figure counts. */
interface Benched {
  readonly what: string;
  readonly bench: string;
  readonly row: string;
  /** With which it is measured; the name of the benchmark if left out. */
  readonly options?: string;
}

/** A figure of `trellis evaluate --json`. */
interface Predicted {
  readonly what: string;
  readonly data: string;
  readonly model: string;
  readonly figure: 'auc' | 'ece';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What no figure says. */
interface Told {
  readonly what: string;
  readonly goal: string;
  readonly how: string;
  readonly by: string;
}

type Plan = Benched | Predicted | Told;

/** The output of `trellis evaluate --json`, as far as it is read here. */
export interface Evaluation {
  readonly models: readonly { readonly model: string; readonly training: string; readonly auc: number | null; readonly ece: number | null }[];
}

export interface Sources {
  /** Oldest first. */
  readonly results: readonly Results[];
  /** By the name of the data. */
  readonly evaluations: ReadonlyMap<string, Evaluation>;
}

/** In this training nobody is tested who was trained on. */
const STRICT = 'strict';
const HEAD = ['what', 'figure', 'ratio', 'goal', 'how far', 'measured by'];

const prediction = (data: string, model: string, atLeast: number): readonly Plan[] => [
  { what: `prediction, ${data}, ${model}: AUC`, data, model, figure: 'auc', atLeast },
  { what: `prediction, ${data}, ${model}: calibration error`, data, model, figure: 'ece', atMost: 0.01 },
];

const PLANS: readonly Plan[] = [
  { what: 'next item, embedded, 300/s open loop, durable: p50', bench: 'next-item', row: 'POST recommendations, p50' },
  { what: 'the same: p99', bench: 'next-item', row: 'POST recommendations, p99' },
  { what: 'answer and the item that knows of it, one call, embedded: p50', bench: 'next-item', row: 'POST answers?next=1, p50' },
  { what: 'the same: p99', bench: 'next-item', row: 'POST answers?next=1, p99' },
  { what: 'the same, distributed: p99', bench: 'distributed', row: 'POST answers?next=1, one call, p99' },
  { what: 'answer, then an item of another service, distributed: p99', bench: 'distributed', row: 'POST answers, then POST recommendations of another service, p99' },
  { what: 'choosing: 2,520 items scored', bench: 'mastery', row: '2,520 items scored in one pass' },
  { what: 'choosing: every candidate of 2,520 items weighed', bench: 'paths', row: 'candidates weighed' },
  { what: 'choosing: whole choice with reasons', bench: 'choosing', row: 'whole choice with reasons' },
  { what: 'recommendations a second, one process', bench: 'recommendations', row: 'recommendations given' },
  { what: 'overload, three times the knee: accepted answers, p99', bench: 'overload', row: 'accepted answers, p99' },
  { what: 'the same: accepted recommendations, p99', bench: 'overload', row: 'accepted recommendations, p99' },
  { what: 'durable HTTP ingest, batches of 500, rows live', bench: 'ingest', row: 'events acknowledged' },
  { what: 'replay of the learner view: rows', bench: 'replay', row: 'rows: log read' },
  { what: 'replay of the learner view: columns, full rows', bench: 'replay', row: 'columns: full rows' },
  { what: 'the same: BKT alone', bench: 'replay', row: 'columns: BKT alone' },
  {
    what: 'rebuild',
    goal: 'byte-identical state at the same position, for every partitioning',
    how: 'no figure: specs compare the bytes, `trellis verify` those of a log of one\'s own',
    by: '`npm test`, `npx trellis verify`',
  },
  { what: 'memory at 10,000,000 events, the most of any phase', bench: 'ten-million', row: 'memory while' },
  { what: 'row of 50 skills and 300 answered items', bench: 'row-size', row: 'row of 50 skills' },
  { what: 'each further item', bench: 'row-size', row: 'each further item' },
  { what: 'growth: p99 at a history of 10,000 events beside 100', bench: 'growth', row: '10,000 events of history: p99' },
  { what: 'growth: p99 at 20,000 items beside 2,000', bench: 'growth', row: '20,000 items of the course: p99' },
  { what: 'growth: p99 at 1,000,000 learners beside 1,000', bench: 'growth', row: '1,000,000 learners: p99', options: 'growth --full' },
  ...prediction('assistments09', 'lr-14', 0.775),
  ...prediction('assistments09', 'network', 0.784),
  ...prediction('statics', 'lr-14', 0.84),
  ...prediction('statics', 'network', 0.846),
];

export function numbersTable(sources: Sources): string {
  return markdownTable([HEAD, ...PLANS.map((plan) => cellsOf(plan, sources))]);
}

function cellsOf(plan: Plan, { results, evaluations }: Sources): readonly string[] {
  if ('bench' in plan) return benched(plan, results);
  if ('data' in plan) return predicted(plan, evaluations.get(plan.data));
  return [plan.what, '', '', plan.goal, plan.how, plan.by];
}

function benched({ what, bench, row: begins, options = bench }: Benched, results: readonly Results[]): readonly string[] {
  const command = `\`npm run bench -- ${options}\``;
  for (const { date, commit, changed, outcomes } of results.toReversed()) {
    const row = greatest(outcomes.find(({ name }) => name === bench), begins);
    if (row === null) continue;
    const { figure, unit, ratio, goals } = row;
    const when = `${date}, ${commit}${changed ? ' with changes' : ''}`;
    return [what, `${spreadText(figure)} ${unit}`, ratio === null ? '' : spreadText(ratio), goals.map(goalText).join('; '), goals.map(distanceText).join('; '), `${command}, ${when}`];
  }
  return [what, '', '', '', 'not measured yet', command];
}

function greatest(outcome: Outcome | undefined, begins: string): Row | null {
  const rows = outcome?.rows.filter(({ what }) => what.startsWith(begins)) ?? [];
  return rows.reduce<Row | null>((most, row) => (most === null || row.figure.median > most.figure.median ? row : most), null);
}

function predicted({ what, data, model, figure, atLeast, atMost }: Predicted, evaluation: Evaluation | undefined): readonly string[] {
  const goal = atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`;
  const command = `\`npx trellis evaluate ... --json > tools/bench/results/${evaluationName(data)}\``;
  // Data without anybody in both parts has one training.
  const found = evaluation?.models.filter((each) => each.model === model) ?? [];
  const value = (found.find(({ training }) => training === STRICT) ?? found[0])?.[figure] ?? null;
  if (value === null) return [what, '', '', goal, 'not kept here; the table of models stands in README.md', command];
  const met = atLeast === undefined ? value <= (atMost ?? NaN) : value >= atLeast;
  return [what, figure === 'auc' ? value.toFixed(4) : numberText(value), '', goal, met ? 'met' : 'missed', command];
}

export function evaluationName(data: string): string {
  return `prediction-${data}.json`;
}

/** The data that the table knows. */
export const EVALUATED: readonly string[] = [...new Set(PLANS.flatMap((plan) => ('data' in plan ? [plan.data] : [])))];
