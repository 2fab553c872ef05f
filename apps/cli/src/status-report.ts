// The state of a system from the readings of its services: the object that `trellis status --json` prints.
import { buckets, increases, observations, quantile, type Buckets, type Span } from './status-counts.js';
import type { Exposition, Sample } from './status-exposition.js';
import type { Reading } from './status-reading.js';

/** Every service at one moment, in the order of the addresses. */
export interface Round {
  readonly atMs: number;
  readonly readings: readonly Reading[];
}

export interface Report {
  /** Every service answered and is ready. */
  readonly ok: boolean;
  readonly at: string;
  readonly services: readonly ServiceState[];
  /** What the rates are over; null where there was one reading only. */
  readonly seconds: number | null;
  readonly events: readonly Outcomes[];
  readonly latency: { readonly since: 'start' | 'window'; readonly of: readonly Latency[] };
  readonly log: { readonly head: number | null; readonly writable: boolean | null; readonly damagedPositions: number | null; readonly conflicts: number | null };
  readonly views: readonly ViewState[];
  readonly ingress: readonly { readonly topic: string; readonly partition: string; readonly lagEvents: number | null; readonly paused: boolean | null }[];
  /** Null: no service is one. */
  readonly relay: { readonly active: number; readonly position: number | null; readonly lagEvents: number | null; readonly published: number | null } | null;
}

export interface ServiceState {
  readonly url: string;
  readonly ready: boolean | null;
  readonly why: readonly string[];
  readonly eventLoopP99Ms: number | null;
  readonly memoryBytes: number | null;
  /** Of one core. */
  readonly cpu: number | null;
  readonly dependencies: Readonly<Record<string, boolean>>;
}

export interface Outcomes {
  readonly source: string | null;
  readonly outcome: string;
  readonly total: number;
  readonly perSecond: number | null;
}

export interface Latency {
  readonly what: string;
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface ViewState {
  readonly view: string;
  readonly built: boolean | null;
  readonly position: number | null;
  readonly rows: number | null;
  readonly events: number | null;
  readonly rowsWritten: number | null;
  readonly lateRefolds: number | null;
  readonly gapsHealed: number | null;
  readonly rebuilds: number | null;
  readonly partitions: readonly { readonly partition: string; readonly lagEvents: number | null; readonly lagSeconds: number | null }[];
}

/** What is measured in `trellis_<name>_seconds`. */
const LATENCIES = { http_request: 'request', ingest: 'ingest', append: 'append', read: 'read from the log', rows: 'read rows', fold: 'fold', choose: 'choose', recommendation: 'recommendation' };
/** Where the log is followed without Kafka between. */
const NO_PARTITION = 'log';

/** Rates are from the first round to the last; quantiles too, or since the services started. */
export function reportOf(rounds: readonly [Round, ...Round[]], since: 'start' | 'window'): Report {
  const last = rounds.at(-1) ?? rounds[0];
  const seconds = rounds.length > 1 ? (last.atMs - rounds[0].atMs) / 1000 : null;
  const spans = last.readings.flatMap((_reading, at) => spanOf(rounds, at) ?? []);
  const all = new Metrics(spans.map((span) => span.last));
  const rate = (value: number): number | null => (seconds === null || seconds <= 0 ? null : value / seconds);
  return {
    ok: last.readings.every(({ ready, metrics }) => ready === true && metrics !== null),
    at: new Date(last.atMs).toISOString(),
    services: last.readings.map((reading, at) => serviceState(reading, spanOf(rounds, at), rate)),
    seconds,
    events: outcomes(all, spans, rate),
    latency: { since, of: Object.entries(LATENCIES).flatMap(([name, what]) => latencyOf(what, bucketsOf(spans, `trellis_${name}_seconds_bucket`, since)) ?? []) },
    log: { head: all.max('log_head'), writable: all.flag('log_writable'), damagedPositions: all.max('log_damaged_positions'), conflicts: all.sum('append_conflicts_total') },
    views: all.labels('view', /^trellis_(projector_|rows$|view_)/).map((view) => viewState(all, view)),
    ingress: all.pairs('topic', 'partition', /^trellis_ingress_/).map(([topic, partition]) => ({
      topic,
      partition,
      lagEvents: all.max('ingress_lag_events', { topic, partition }),
      paused: all.any('ingress_paused', { topic, partition }),
    })),
    relay: relayState(all),
  };
}

/** From the oldest of the rounds in which the service answered. */
function spanOf(rounds: readonly Round[], at: number): Span | null {
  const [first, ...others] = rounds.flatMap(({ readings }) => readings[at]?.metrics ?? []);
  const isAnswering = rounds.at(-1)?.readings[at]?.metrics !== null;
  return first === undefined || !isAnswering ? null : { first, last: others.at(-1) ?? first };
}

function serviceState({ url, ready, why }: Reading, span: Span | null, rate: (value: number) => number | null): ServiceState {
  const own = new Metrics(span === null ? [] : [span.last]);
  const lag = own.max('nodejs_eventloop_lag_p99_seconds');
  return {
    url,
    ready,
    why,
    eventLoopP99Ms: lag === null ? null : Math.round(lag * 1e6) / 1000,
    memoryBytes: own.max('process_resident_memory_bytes'),
    cpu: span === null || span.first === span.last ? null : rate(summed(increases(span, 'process_cpu_seconds_total'))),
    dependencies: Object.fromEntries(own.of('dependency_up').map(({ labels, value }) => [labels['dependency'] ?? '', value === 1])),
  };
}

function outcomes(all: Metrics, spans: readonly Span[], rate: (value: number) => number | null): readonly Outcomes[] {
  const known = new Map<string, { source: string | null; outcome: string; total: number; grown: number }>();
  const at = ({ source = null, outcome = '' }: { readonly source?: string | null; readonly outcome?: string }) => {
    const key = `${source ?? ''} ${outcome}`;
    const made = known.get(key) ?? { source, outcome, total: 0, grown: 0 };
    known.set(key, made);
    return made;
  };
  for (const { labels, value } of all.of('events_total')) at(labels).total += value;
  for (const { labels, value } of spans.flatMap((span) => (span.first === span.last ? [] : increases(span, 'trellis_events_total')))) at(labels).grown += value;
  return [...known.values()].map(({ grown, ...outcome }) => ({ ...outcome, perSecond: rate(grown) }));
}

function bucketsOf(spans: readonly Span[], name: string, since: 'start' | 'window'): Buckets {
  return buckets(spans.flatMap((span) => (since === 'start' ? (span.last.get(name) ?? []) : increases(span, name))));
}

function latencyOf(what: string, counts: Buckets): Latency | null {
  if (counts.size === 0) return null;
  const ms = (share: number): number | null => {
    const seconds = quantile(counts, share);
    // To the microsecond: more is noise of the interpolation.
    return seconds === null ? null : Math.round(seconds * 1e6) / 1000;
  };
  return { what, count: observations(counts), p50Ms: ms(0.5), p95Ms: ms(0.95), p99Ms: ms(0.99) };
}

function viewState(all: Metrics, view: string): ViewState {
  const lags = [...all.of('projector_lag_events', { view }), ...all.of('projector_lag_seconds', { view })];
  const partitions = [...new Set(lags.map(({ labels }) => labels['partition'] ?? NO_PARTITION))].sort();
  const lag = (name: string, partition: string): number | null => highest(all.of(name, { view }).filter(({ labels }) => (labels['partition'] ?? NO_PARTITION) === partition));
  return {
    view,
    built: all.flag('view_built', { view }),
    position: all.max('projector_position', { view }),
    rows: all.max('rows', { view }),
    events: all.sum('projector_events_total', { view }),
    rowsWritten: all.sum('projector_rows_written_total', { view }),
    lateRefolds: all.sum('projector_late_refolds_total', { view }),
    gapsHealed: all.sum('projector_gaps_healed_total', { view }),
    rebuilds: all.sum('view_rebuilds_total', { view }),
    partitions: partitions.map((partition) => ({ partition, lagEvents: lag('projector_lag_events', partition), lagSeconds: lag('projector_lag_seconds', partition) })),
  };
}

function relayState(all: Metrics): Report['relay'] {
  const active = all.sum('relay_active');
  return active === null ? null : { active, position: all.max('relay_position'), lagEvents: all.max('relay_lag_events'), published: all.sum('relay_published_total') };
}

/** The newest samples of all services, asked by name without `trellis_` and by labels. */
class Metrics {
  constructor(private readonly expositions: readonly Exposition[]) {}

  of(name: string, labels: Sample['labels'] = {}): readonly Sample[] {
    const wanted = Object.entries(labels);
    const samples = this.expositions.flatMap((each) => each.get(`trellis_${name}`) ?? each.get(name) ?? []);
    return samples.filter((sample) => wanted.every(([label, value]) => sample.labels[label] === value));
  }

  sum(name: string, labels?: Sample['labels']): number | null {
    const samples = this.of(name, labels);
    return samples.length === 0 ? null : summed(samples);
  }

  max(name: string, labels?: Sample['labels']): number | null {
    return highest(this.of(name, labels));
  }

  /** Whether all say 1. */
  flag(name: string, labels?: Sample['labels']): boolean | null {
    const samples = this.of(name, labels);
    return samples.length === 0 ? null : samples.every(({ value }) => value === 1);
  }

  /** Whether one says 1. */
  any(name: string, labels?: Sample['labels']): boolean | null {
    const samples = this.of(name, labels);
    return samples.length === 0 ? null : samples.some(({ value }) => value === 1);
  }

  /** Every value of a label in metrics of these names. */
  labels(label: string, names: RegExp): readonly string[] {
    return [...new Set(this.named(names).flatMap(({ labels }) => labels[label] ?? []))].sort();
  }

  pairs(one: string, other: string, names: RegExp): readonly (readonly [string, string])[] {
    const found = this.named(names).map(({ labels }) => [labels[one] ?? '', labels[other] ?? ''] as const);
    return [...new Map(found.map((pair) => [pair.join(' '), pair])).values()].sort(([a, b], [c, d]) => (`${a} ${b.padStart(6)}` < `${c} ${d.padStart(6)}` ? -1 : 1));
  }

  private named(names: RegExp): readonly Sample[] {
    return this.expositions.flatMap((each) => [...each].flatMap(([name, samples]) => (names.test(name) ? samples : [])));
  }
}

function summed(samples: readonly Sample[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0);
}

function highest(samples: readonly Sample[]): number | null {
  return samples.length === 0 ? null : Math.max(...samples.map(({ value }) => value));
}
