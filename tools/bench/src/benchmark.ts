// What a benchmark is: sides that take turns, round after round, and rows that say what their numbers are measured by.
import { spread, type Spread } from './statistics.js';
import type { Workplace } from './workplace.js';

/** How much of everything: a small run asks whether the benchmarks work, not how fast anything is. */
export interface Scale {
  readonly rounds: number;
  /** Of one side of one round, where a side runs for a time. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** 1, or less for a smaller load. */
  readonly size: number;
  /** Of a benchmark that asks for it: so many events, whatever the size. */
  readonly events?: number;
  /** Also the steps that take many minutes. */
  readonly full?: boolean;
}

export interface Setting {
  readonly workplace: Workplace;
  readonly scale: Scale;
  /** For people who wait. */
  readonly say: (line: string) => void;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** It takes so long that it runs only where it is named. */
  readonly onlyByName?: true;
  /** What takes minutes has no more rounds than this, however many are asked for. */
  readonly roundsMax?: number;
  readonly prepare: (setting: Setting) => Promise<Prepared>;
}

/** Numbers by name. */
export type Measured = Readonly<Record<string, number>>;

/** How something grows: one panel of a chart, which the command draws where a benchmark has such. */
export interface CurvePlan {
  /** What grows, for example "events of history". */
  readonly along: string;
  readonly what: string;
  readonly unit: string;
  readonly points: readonly { readonly at: number; readonly figure: string }[];
  /** The goal: at most so many times the first point. */
  readonly factorMax?: number;
}

export interface Curve extends Omit<CurvePlan, 'points'> {
  readonly points: readonly ({ readonly at: number } & Spread)[];
}

export interface Prepared {
  /** Those that are compared with each other, run one after another in every round. */
  readonly sides: readonly (() => Promise<Measured> | Measured)[];
  readonly rows: readonly RowPlan[];
  readonly curves?: readonly CurvePlan[];
  /** What a reader must know to judge the rows. */
  readonly notes: readonly string[];
  readonly close: () => Promise<void>;
}

export type Of = 'figure' | 'ratio' | 'excess';

export interface Goal {
  /** The figure itself, figure / limit, or figure - limit. */
  readonly of: Of;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface RowPlan {
  readonly what: string;
  readonly unit: string;
  readonly figure: string;
  readonly limit?: { readonly what: string; readonly figure: string };
  readonly goals?: readonly Goal[];
}

export interface GoalOutcome extends Goal {
  readonly value: number;
  readonly met: boolean;
  /** How many times over it is met; below 1 it is missed. */
  readonly factor: number;
}

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly figure: Spread;
  readonly limit: ({ readonly what: string } & Spread) | null;
  readonly ratio: Spread | null;
  readonly goals: readonly GoalOutcome[];
  /** What each round gave. */
  readonly rounds: { readonly figure: readonly number[]; readonly limit: readonly number[] };
}

export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly curves?: readonly Curve[];
  readonly notes: readonly string[];
}

export async function measure(benchmark: Benchmark, setting: Setting): Promise<Outcome> {
  const { name, title, roundsMax = Infinity } = benchmark;
  const rounds = Math.min(setting.scale.rounds, roundsMax);
  const prepared = await benchmark.prepare(setting);
  try {
    const series = await runRounds(prepared, rounds, (round) => setting.say(`${name}: round ${round} of ${rounds}`));
    const { notes, rows, curves } = prepared;
    return { name, title, notes, rows: rows.map((plan) => rowOf(plan, series)), ...(curves === undefined ? {} : { curves: curves.map((plan) => curveOf(plan, series)) }) };
  } finally {
    await prepared.close();
  }
}

/** Every other round begins with the last side, so that neither always runs on the warmer machine. */
async function runRounds({ sides }: Prepared, rounds: number, begun: (round: number) => void): Promise<ReadonlyMap<string, readonly number[]>> {
  const series = new Map<string, number[]>();
  for (let round = 1; round <= rounds; round++) {
    begun(round);
    for (const side of round % 2 === 1 ? sides : sides.toReversed()) {
      for (const [figure, value] of Object.entries(await side())) series.set(figure, [...(series.get(figure) ?? []), value]);
    }
  }
  return series;
}

export function rowOf({ what, unit, figure, limit, goals = [] }: RowPlan, series: ReadonlyMap<string, readonly number[]>): Row {
  const figures = numbers(series, figure);
  const limits = limit === undefined ? [] : numbers(series, limit.figure);
  const perRound = (of: (value: number, beside: number) => number): number[] => figures.map((value, round) => of(value, limits[round] ?? NaN));
  const by: Readonly<Record<Of, () => Spread>> = {
    figure: () => spread(figures),
    ratio: () => spread(perRound((value, beside) => value / beside)),
    excess: () => spread(perRound((value, beside) => value - beside)),
  };
  return {
    what,
    unit,
    figure: by.figure(),
    limit: limit === undefined ? null : { what: limit.what, ...spread(limits) },
    ratio: limit === undefined ? null : by.ratio(),
    goals: goals.map((goal) => outcomeOf(goal, by[goal.of]().median)),
    rounds: { figure: figures, limit: limits },
  };
}

export function curveOf(plan: CurvePlan, series: ReadonlyMap<string, readonly number[]>): Curve {
  return { ...plan, points: plan.points.map(({ at, figure }) => ({ at, ...spread(numbers(series, figure)) })) };
}

function outcomeOf(goal: Goal, value: number): GoalOutcome {
  const factor = goal.atLeast === undefined ? (goal.atMost ?? NaN) / value : value / goal.atLeast;
  // What may be so much above something else is met wherever it is below it.
  const met = goal.atLeast === undefined ? value <= (goal.atMost ?? NaN) : value >= goal.atLeast;
  return { ...goal, value, met, factor };
}

function numbers(series: ReadonlyMap<string, readonly number[]>, figure: string): readonly number[] {
  const values = series.get(figure);
  if (values === undefined) throw new Error(`no side measured ${figure}`);
  return values;
}
