// The state of a system as lines for people.
import { aligned } from './aligned.js';
import { counted } from './progress.js';
import type { Latency, Report, ServiceState, ViewState } from './status-report.js';

/** What a service did not say. */
const UNKNOWN = '-';

export function screenOf(report: Report): readonly string[] {
  return [heading(report), '', ...aligned([['service', 'ready', 'event loop p99', 'cpu', 'memory'], ...report.services.map(serviceCells)]), ...reasons(report), ...eventLines(report), ...latencyLines(report), ...logLines(report), ...viewLines(report), ...ingressLines(report), ...relayLines(report)];
}

function heading({ at, ok, services }: Report): string {
  const ready = services.filter(({ ready }) => ready === true).length;
  const who = services.length === 1 ? '1 service' : `${services.length} services`;
  return `Trellis at ${at.slice(0, 19).replace('T', ' ')} UTC: ${who}, ${ok ? 'ready' : ready === services.length ? 'ready, but not all is known' : `NOT ready: ${services.length - ready}`}`;
}

function serviceCells({ url, ready, eventLoopP99Ms, cpu, memoryBytes }: ServiceState): readonly string[] {
  return [url, ready === null ? '?' : yesOrNo(ready), millis(eventLoopP99Ms), cpu === null ? UNKNOWN : `${Math.round(cpu * 100)} %`, memoryBytes === null ? UNKNOWN : `${Math.round(memoryBytes / 2 ** 20)} MiB`];
}

function reasons({ services }: Report): readonly string[] {
  return services.flatMap(({ url, why, dependencies }) => [
    ...why.map((each) => `  ${url} ${each}`),
    ...Object.entries(dependencies).flatMap(([name, up]) => (up ? [] : [`  ${url} ${name} does not answer`])),
  ]);
}

function eventLines({ events, seconds }: Report): readonly string[] {
  if (events.length === 0) return [];
  const rows = events.map(({ source, outcome, total, perSecond }) => [source === null ? outcome : `${outcome} by ${source}`, counted(total), perSecond === null ? UNKNOWN : rounded(perSecond)]);
  return ['', ...aligned([['events', 'since start', seconds === null ? 'a second' : `a second, over ${rounded(seconds)} s`], ...rows])];
}

function latencyLines({ latency, seconds }: Report): readonly string[] {
  if (latency.of.length === 0) return [];
  const since = latency.since === 'start' || seconds === null ? 'since start' : `in ${rounded(seconds)} s`;
  const cells = ({ what, count, p50Ms, p95Ms, p99Ms }: Latency): readonly string[] => [what, counted(count), millis(p50Ms), millis(p95Ms), millis(p99Ms)];
  return ['', ...aligned([['latency', since, 'p50', 'p95', 'p99'], ...latency.of.map(cells)])];
}

function logLines({ log: { head, writable, damagedPositions, conflicts } }: Report): readonly string[] {
  const parts = [
    ...(head === null ? [] : [`head ${counted(head)}`]),
    ...(writable === null ? [] : [writable ? 'writable' : 'NOT writable']),
    ...(conflicts === null ? [] : [`${counted(conflicts)} conflicts`]),
    ...(damagedPositions === null || damagedPositions === 0 ? [] : [`DAMAGED at ${counted(damagedPositions)} positions (trellis verify)`]),
  ];
  return parts.length === 0 ? [] : ['', `log  ${parts.join(', ')}`];
}

function viewLines({ views }: Report): readonly string[] {
  if (views.length === 0) return [];
  return ['', ...aligned([['view', 'partition', 'lag', 'seconds', 'position', 'rows', 'built', 'late re-folds', 'gaps', 'rebuilds'], ...views.flatMap(viewCells)])];
}

/** A line a partition; what is true of the whole view stands on its first. */
function viewCells({ view, built, position, rows, lateRefolds, gapsHealed, rebuilds, partitions }: ViewState): readonly (readonly string[])[] {
  const whole = [figure(position), figure(rows), built === null ? UNKNOWN : yesOrNo(built), figure(lateRefolds), figure(gapsHealed), figure(rebuilds)];
  if (partitions.length === 0) return [[view, UNKNOWN, UNKNOWN, UNKNOWN, ...whole]];
  return partitions.map(({ partition, lagEvents, lagSeconds }, at) => [at === 0 ? view : '', partition, figure(lagEvents), lagSeconds === null ? UNKNOWN : rounded(lagSeconds), ...(at === 0 ? whole : whole.map(() => ''))]);
}

function ingressLines({ ingress }: Report): readonly string[] {
  if (ingress.length === 0) return [];
  return ['', ...aligned([['topic', 'partition', 'lag', 'paused'], ...ingress.map(({ topic, partition, lagEvents, paused }) => [topic, partition, figure(lagEvents), paused === null ? UNKNOWN : yesOrNo(paused)])])];
}

function relayLines({ relay }: Report): readonly string[] {
  if (relay === null) return [];
  const { active, position, lagEvents, published } = relay;
  const who = active === 1 ? 'active' : active === 0 ? 'NONE is active' : `${active} ARE active`;
  return ['', `relay  ${who}, position ${figure(position)}, ${figure(lagEvents)} events behind, ${figure(published)} published since start`];
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'NO';
}

function figure(value: number | null): string {
  return value === null ? UNKNOWN : counted(Math.round(value));
}

/** Three figures are enough to look at. */
function rounded(value: number): string {
  return value >= 100 ? counted(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function millis(value: number | null): string {
  return value === null ? UNKNOWN : `${rounded(value)} ms`;
}
