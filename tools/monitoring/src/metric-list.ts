// Every metric that dashboard and alert rules may rest on, with its labels. A service that exposes another name or label, or a
// panel that asks for one, has to come here first.

export type Kind = 'counter' | 'gauge' | 'histogram';

export interface Metric {
  readonly name: string;
  readonly kind: Kind;
  /** Each label with values as they occur. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

const VIEW = { view: ['learner', 'course', 'classroom'] };
/** `log` where the log is followed without Kafka between. */
const VIEW_PARTITION = { ...VIEW, partition: ['0', '1', 'log'] };
const INGRESS = { topic: ['trellis.ingress'], partition: ['0', '1'] };
const OUTCOMES = { source: ['http', 'kafka'], outcome: ['accepted', 'duplicate', 'rejected', 'parked'] };
const REQUEST = { method: ['POST'], route: ['/v1/events', '/v1/learners/:learner/recommendations'], status: ['200', '409', '429', '500', '503'] };
const REFUSED = { class: ['recommendation', 'read', 'write'], why: ['stopping', 'requests', 'bytes', 'line', 'waited'] };
const DEPENDENCY = { dependency: ['log', 'views', 'kafka'] };

export const METRICS: readonly Metric[] = [
  // Every service.
  histogram('trellis_http_request_seconds', REQUEST),
  gauge('trellis_http_requests_in_flight'),
  gauge('trellis_http_requests_waiting'),
  gauge('trellis_http_body_bytes_in_flight'),
  counter('trellis_http_refused_total', REFUSED),
  gauge('trellis_dependency_up', DEPENDENCY),
  counter('trellis_metrics_unanswered_total', { metric: ['trellis_rows'] }),
  // Every service that sends traces.
  counter('trellis_spans_total', { outcome: ['sent', 'dropped'] }),
  // Every engine.
  histogram('trellis_append_seconds'),
  counter('trellis_append_conflicts_total'),
  histogram('trellis_read_seconds'),
  histogram('trellis_rows_seconds'),
  histogram('trellis_fold_seconds', VIEW),
  histogram('trellis_recommendation_seconds'),
  histogram('trellis_choose_seconds'),
  gauge('trellis_log_head'),
  // Ingest.
  counter('trellis_events_total', OUTCOMES),
  histogram('trellis_ingest_seconds'),
  gauge('trellis_ingress_lag_events', INGRESS),
  gauge('trellis_ingress_paused', INGRESS),
  gauge('trellis_log_writable'),
  gauge('trellis_log_damaged_positions'),
  // Projectors.
  gauge('trellis_projector_lag_events', VIEW_PARTITION),
  gauge('trellis_projector_lag_seconds', VIEW_PARTITION),
  gauge('trellis_projector_position', VIEW),
  counter('trellis_projector_events_total', VIEW),
  counter('trellis_projector_rows_written_total', VIEW),
  counter('trellis_projector_late_refolds_total', VIEW),
  counter('trellis_projector_gaps_healed_total', VIEW),
  gauge('trellis_rows', VIEW),
  counter('trellis_view_rebuilds_total', VIEW),
  gauge('trellis_view_built', VIEW),
  // The relay.
  gauge('trellis_relay_active'),
  counter('trellis_relay_published_total'),
  gauge('trellis_relay_position'),
  gauge('trellis_relay_lag_events'),
];

/** The series of each kind end so. */
const ENDINGS: Readonly<Record<Kind, readonly string[]>> = { counter: [''], gauge: [''], histogram: ['_bucket', '_sum', '_count'] };

/** Names of metrics that an expression asks for, as the services call them; null for one that is not in the list. */
export function metricsIn(expression: string): readonly { readonly series: string; readonly metric: Metric | null }[] {
  const named = expression.match(/(?<![\w:])trellis_[a-z0-9_]+/g) ?? [];
  return [...new Set(named)].map((series) => ({ series, metric: METRICS.find(({ name, kind }) => ENDINGS[kind].some((ending) => series === name + ending)) ?? null }));
}

/** What a service exposes, in Prometheus' text format, that is not as the list has it: a metric, its kind, a label. */
export function differences(exposition: string): readonly string[] {
  const kinds = [...exposition.matchAll(/^# TYPE (trellis_\w+) (\w+)$/gm)].map(([, name = '', kind = '']) => ({ name, kind }));
  return kinds.flatMap(({ name, kind }) => {
    const metric = METRICS.find((each) => each.name === name);
    if (metric === undefined) return [`${name} is not in the list`];
    if (metric.kind !== kind) return [`${name} is a ${kind} and should be a ${metric.kind}`];
    const wanted = Object.keys(metric.labels).sort().join(', ');
    const samples = [...exposition.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?(?:\\{(.*)\\})? `, 'gm'))];
    const labels = samples.map(([, text = '']) => [...text.matchAll(/(?:^|,)(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label).filter((label) => label !== 'le').sort().join(', '));
    return [...new Set(labels)].filter((found) => found !== wanted).map((found) => `${name} has the labels "${found}" and should have "${wanted}"`);
  });
}

function counter(name: string, labels: Metric['labels'] = {}): Metric {
  return { name, kind: 'counter', labels };
}

function gauge(name: string, labels: Metric['labels'] = {}): Metric {
  return { name, kind: 'gauge', labels };
}

function histogram(name: string, labels: Metric['labels'] = {}): Metric {
  return { name, kind: 'histogram', labels };
}
