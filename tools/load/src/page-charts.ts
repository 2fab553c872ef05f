// The charts that every suite has: how long requests took, and how the target fared second for second.
import { linearAxis, logAxis, namesAxis, numberText, panel, svgOf, type Axis, type Limit, type Panel, type Point, type Series, type Tone } from '@trellis/bench';
import { judgementsOf, metricName } from './page-words.js';
import type { Result, Sample } from './result.js';

export const SIZE = { width: 352, height: 230 } as const;
export const STATISTICS = [['p50', 'med'], ['p90', 'p(90)'], ['p95', 'p(95)'], ['p99', 'p(99)'], ['p99.9', 'p(99.9)'], ['max', 'max']] as const;
/** Of a line; of a longer run each stands for several seconds. */
const POINTS_MAX = 240;

export interface Trend {
  readonly metric: string;
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Times that count: without the warm-up. */
export function trendsOf({ metrics, thresholds }: Result): readonly Trend[] {
  const judged = new Set(thresholds.map(({ metric }) => metric));
  return Object.entries(metrics)
    .filter(([metric, { type, values }]) => type === 'trend' && (values['count'] ?? 0) > 0 && (metric.includes('phase:load') || judged.has(metric)))
    .map(([metric, { values }]) => ({ metric, name: metricName(metric), values }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A panel for each, all with the same axis; a limit stands over the percentile that it is for. */
export function percentileCharts(result: Result): readonly string[] {
  const trends = trendsOf(result);
  const limits = judgementsOf(result).flatMap(({ metric, limit, most }) => (most === undefined ? [] : [{ metric, limit, ...most }]));
  const y = logAxis([...trends.flatMap(({ values }) => STATISTICS.flatMap(([, key]) => values[key] ?? [])), ...limits.map(({ ms }) => ms)]);
  const x = namesAxis(STATISTICS.map(([name]) => name));
  return trends.map(({ metric, name, values }, n) => {
    const points = STATISTICS.map(([, key], at) => ({ x: at, y: values[key] ?? null }));
    const own: readonly Limit[] = limits.filter((limit) => limit.metric === metric).flatMap(({ limit, statistic, ms }) => {
      const at = STATISTICS.findIndex(([, key]) => key === statistic);
      return at < 0 ? [] : [{ y: ms, words: limit, from: at - 0.45, to: at + 0.45 }];
    });
    const said = STATISTICS.flatMap(([word, key]) => (values[key] === undefined ? [] : [`${word} ${numberText(values[key])} ms`])).join(', ');
    return figure({ title: `${name}, ms`, along: 'percentile', x, y, series: [{ name, tone: (n % 4) as Tone, points }], limits: own }, said);
  });
}

/** What could not be known has no panel. */
export function timeCharts(result: Result): readonly string[] {
  const { samples, warmupSeconds, cores, target } = result;
  const end = samples.at(-1)?.second ?? 0;
  const seriesOf = (name: string, tone: Tone, of: (sample: Sample) => number | null, fold: Fold = most): Series => ({ name, tone, points: pointsOf(samples, of, fold) });
  const charts: readonly { readonly title: string; readonly series: readonly Series[]; readonly isLog?: true; readonly limit?: Limit }[] = [
    { title: 'requests a second', series: [seriesOf('answered', 0, ({ requestsPerSecond, refusedPerSecond }) => (requestsPerSecond === null ? null : requestsPerSecond - (refusedPerSecond ?? 0)), mean), seriesOf('refused', 3, (sample) => sample.refusedPerSecond, mean)] },
    { title: 'latency of the second, ms', isLog: true, series: [seriesOf('p50', 0, (sample) => sample.p50Ms), seriesOf('p99', 1, (sample) => sample.p99Ms)] },
    { title: 'resident memory, MiB', series: [seriesOf('resident memory', 2, (sample) => sample.residentMiB)] },
    { title: 'cores in use', series: [seriesOf('cores in use', 0, (sample) => sample.cores, mean)], ...(target === 'elsewhere' ? {} : { limit: { y: cores, words: cores === 1 ? 'the core of the machine' : `the ${cores} cores of the machine` } }) },
    { title: 'event loop delay, p99, ms', isLog: true, series: [seriesOf('event loop delay', 1, (sample) => sample.loopDelayP99Ms)] },
  ];
  return charts.flatMap(({ title, series, isLog, limit }) => {
    const values = series.flatMap(({ points }) => points.flatMap(({ y }) => y ?? []));
    if (values.length === 0) return [];
    const limits = limit === undefined ? [] : [limit];
    const all = [...values, ...limits.map(({ y }) => y)];
    const x = linearAxis([], { to: Math.max(1, end) });
    return [figure({ title, along: 'seconds since the load began', x, y: isLog === true ? logAxis(all) : linearAxis(all), series, limits, bands: phasesOf(result, warmupSeconds, end) })];
  });
}

/** What is not the load itself. */
function phasesOf({ parts }: Result, warmupSeconds: number, end: number): NonNullable<Panel['bands']> {
  const recovery = parts.find(({ name }) => name.startsWith('recovery_'))?.fromSecond;
  return [{ from: 0, to: Math.min(end, warmupSeconds), words: 'warm-up' }, ...(recovery === undefined ? [] : [{ from: recovery, to: end, words: 'recovery' }])];
}

/** How many seconds one point stands for. */
export function secondsPerPoint({ samples }: Result): number {
  return Math.max(1, Math.ceil(samples.length / POINTS_MAX));
}

type Fold = (values: readonly number[]) => number;
const most: Fold = (values) => values.reduce((a, b) => Math.max(a, b), 0);
const mean: Fold = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function pointsOf(samples: readonly Sample[], of: (sample: Sample) => number | null, fold: Fold): readonly Point[] {
  const size = Math.max(1, Math.ceil(samples.length / POINTS_MAX));
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, n) => {
    const some = samples.slice(n * size, (n + 1) * size);
    const values = some.flatMap((sample) => of(sample) ?? []);
    return { x: some[0]?.second ?? 0, y: values.length === 0 ? null : fold(values) };
  });
}

/** A panel as a drawing of its own, with the same in words. */
export function figure(spec: Omit<Panel, 'width' | 'height'>, said = spec.series.map((series) => saidOf(series, spec.x)).join('. ')): string {
  const limits = (spec.limits ?? []).map(({ words }) => `, limit ${words}`).join('');
  return svgOf({ ...SIZE, title: spec.title, description: `${said}${limits}, by ${spec.along}.`, body: panel({ ...SIZE, ...spec }) });
}

function saidOf({ name, points }: Series, x: Axis): string {
  const known = points.flatMap(({ x: at, y }) => (y === null ? [] : [{ at, y }]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return `${name}: unknown`;
  const values = known.map(({ y }) => y);
  const place = (at: number): string => x.ticks.find((tick) => tick.at === at)?.words ?? numberText(at);
  return `${name}: ${numberText(first.y)} at ${place(first.at)}, ${numberText(last.y)} at ${place(last.at)}, from ${numberText(Math.min(...values))} to ${numberText(Math.max(...values))}`;
}
