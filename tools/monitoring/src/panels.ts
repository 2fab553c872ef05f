// What the dashboard shows. This is its source: `npm run dashboard` in this folder writes Grafana's JSON from it.

/** Of Grafana. */
export type Unit = 'short' | 's' | 'bytes' | 'reqps' | 'eps' | 'ops' | 'percentunit';

export interface Target {
  /** In PromQL. `SELECTED` stands for the services that are chosen above the dashboard. */
  readonly query: string;
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  readonly about: string;
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** One number each, instead of lines over time; red at another than `good`. */
  readonly good?: 'one' | 'zero';
}

export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export const SELECTED = 'job=~"$job",instance=~"$instance"';
const WINDOW = '$__rate_interval';

export const SECTIONS: readonly Section[] = [
  {
    title: 'State',
    panels: [
      state('Services', 'Whether Prometheus reaches each service.', [{ query: 'min by (job) (up{SELECTED})', legend: '{{job}}' }]),
      state('Dependencies', 'Whether log, views and Kafka answer every service that needs them.', [{ query: 'min by (dependency) (trellis_dependency_up{SELECTED})', legend: '{{dependency}}' }]),
      state('Log, relay and views', 'Whether the log takes appends, one relay is active, each view is built.', [
        { query: 'min(trellis_log_writable{SELECTED})', legend: 'log writable' },
        { query: 'sum(trellis_relay_active{SELECTED})', legend: 'active relays' },
        { query: 'min by (view) (trellis_view_built{SELECTED})', legend: '{{view}} built' },
      ]),
      { ...state('Damage and paused partitions', 'Positions at which reads met damage, and partitions of the ingress that are not read.', [
        { query: 'max(trellis_log_damaged_positions{SELECTED})', legend: 'damaged positions' },
        { query: 'sum(trellis_ingress_paused{SELECTED})', legend: 'paused partitions' },
      ]), good: 'zero' },
    ],
  },
  {
    title: 'Throughput',
    panels: [
      panel('Events in', 'By source and by what became of them.', 'eps', [{ query: rate('trellis_events_total', 'source, outcome'), legend: '{{outcome}} by {{source}}' }]),
      panel('Requests', 'Answered by each service.', 'reqps', [{ query: rate('trellis_http_request_seconds_count', 'job'), legend: '{{job}}' }]),
      panel('Events folded and rows written', 'By view, over all projectors. A row is written once for several events.', 'eps', [
        { query: rate('trellis_projector_events_total', 'view'), legend: '{{view}} events' },
        { query: rate('trellis_projector_rows_written_total', 'view'), legend: '{{view}} rows' },
      ]),
      panel('Published and appended', 'What the relay publishes, and batches that are appended to the log.', 'eps', [
        { query: 'sum(rate(trellis_relay_published_total{SELECTED}[WINDOW]))', legend: 'events published' },
        { query: 'sum(rate(trellis_append_seconds_count{SELECTED}[WINDOW]))', legend: 'appends' },
      ]),
      panel('Positions', 'The head of the log, and how far relay and views have come.', 'short', [
        { query: 'max(trellis_log_head{SELECTED})', legend: 'head of the log' },
        { query: 'max(trellis_relay_position{SELECTED})', legend: 'relay' },
        { query: 'max by (view) (trellis_projector_position{SELECTED})', legend: '{{view}}' },
      ]),
      panel('Rows', 'Rows of each view.', 'short', [{ query: 'max by (view) (trellis_rows{SELECTED})', legend: '{{view}}' }]),
    ],
  },
  {
    title: 'Latency',
    panels: [
      panel('Requests by route', 'From the arrival of a request to the end of its answer.', 's', quantiles('trellis_http_request_seconds', 'route')),
      panel('Recommendation', 'From a parsed request to a durable decision. The goal is a p99 of 25 ms.', 's', quantiles('trellis_recommendation_seconds')),
      panel('Ingest', 'From a parsed request to its events being durable.', 's', quantiles('trellis_ingest_seconds')),
      panel('Append', 'One append to the event store, until it is durable.', 's', quantiles('trellis_append_seconds')),
      panel('Read from the log', 'A page of a stream, read from the event store.', 's', quantiles('trellis_read_seconds')),
      panel('Read rows', 'Rows, read from the view store.', 's', quantiles('trellis_rows_seconds')),
      panel('Fold', 'A state as of now: a row and the events after it.', 's', quantiles('trellis_fold_seconds', 'view')),
      panel('Choose', 'The choice itself: items scored, drawn and given their reasons.', 's', quantiles('trellis_choose_seconds')),
    ],
  },
  {
    title: 'Lag',
    panels: [
      panel('Views behind the log, events', 'By view and partition; log where there is no Kafka between.', 'short', [{ query: 'max by (view, partition) (trellis_projector_lag_events{SELECTED})', legend: '{{view}} {{partition}}' }]),
      panel('Views behind the log, time', 'By view and partition.', 's', [{ query: 'max by (view, partition) (trellis_projector_lag_seconds{SELECTED})', legend: '{{view}} {{partition}}' }]),
      panel('Relay behind the log', 'Events that are recorded and not published yet.', 'short', [{ query: 'max(trellis_relay_lag_events{SELECTED})', legend: 'events' }]),
      panel('Ingress waiting', 'Messages of platforms that are not in the log yet.', 'short', [{ query: 'max by (topic, partition) (trellis_ingress_lag_events{SELECTED})', legend: '{{topic}} {{partition}}' }]),
    ],
  },
  {
    title: 'Errors',
    panels: [
      panel('Answers that are no success', 'By status. 4xx is about what was sent, 5xx about us; 503 means try again.', 'reqps', [{ query: 'sum by (status) (rate(trellis_http_request_seconds_count{SELECTED,status=~"4..|5.."}[WINDOW]))', legend: '{{status}}' }]),
      panel('Events rejected or parked', 'By source.', 'eps', [{ query: 'sum by (source, outcome) (rate(trellis_events_total{SELECTED,outcome=~"rejected|parked"}[WINDOW]))', legend: '{{outcome}} by {{source}}' }]),
      panel('Append conflicts', 'Somebody else was first; the decision is made again.', 'ops', [{ query: rate('trellis_append_conflicts_total', 'job'), legend: '{{job}}' }]),
      panel('Late re-folds, healed gaps, rebuilds', 'By view. Re-folds are normal where answers come late.', 'ops', [
        { query: rate('trellis_projector_late_refolds_total', 'view'), legend: '{{view}} late re-folds' },
        { query: rate('trellis_projector_gaps_healed_total', 'view'), legend: '{{view}} gaps healed' },
        { query: rate('trellis_view_rebuilds_total', 'view'), legend: '{{view}} rebuilds' },
      ]),
      panel('What is not seen', 'Metrics that were left out because nobody knew their values in time, and spans.', 'ops', [
        { query: rate('trellis_metrics_unanswered_total', 'metric'), legend: '{{metric}} unanswered' },
        { query: rate('trellis_spans_total', 'outcome'), legend: 'spans {{outcome}}' },
      ]),
    ],
  },
  {
    title: 'Saturation',
    panels: [
      panel('Event loop delay, p99', 'Everything else of the process waits so long. About 10 ms is the resolution of the measurement.', 's', [{ query: 'max by (job, instance) (nodejs_eventloop_lag_p99_seconds{SELECTED})', legend: '{{job}} {{instance}}' }]),
      panel('CPU', 'Share of one core.', 'percentunit', [{ query: 'sum by (job, instance) (rate(process_cpu_seconds_total{SELECTED}[WINDOW]))', legend: '{{job}} {{instance}}' }]),
      panel('Memory', 'Resident, with the limit of the alert.', 'bytes', [
        { query: 'sum by (job, instance) (process_resident_memory_bytes{SELECTED})', legend: '{{job}} {{instance}}' },
        { query: 'trellis:memory_limit_bytes', legend: 'limit' },
      ]),
      panel('Requests in flight', 'A service takes 1,000 at once, works for 32 of a kind and lets the others wait for a moment.', 'short', [
        { query: 'sum by (job, instance) (trellis_http_requests_in_flight{SELECTED})', legend: '{{job}} {{instance}}' },
        { query: 'sum by (job, instance) (trellis_http_requests_waiting{SELECTED})', legend: '{{job}} {{instance}} waiting' },
      ]),
      panel('Bodies in flight', 'A service holds 128 MiB of them.', 'bytes', [{ query: 'sum by (job, instance) (trellis_http_body_bytes_in_flight{SELECTED})', legend: '{{job}} {{instance}}' }]),
      panel('Turned away at the door', 'What can be asked again comes after answers and events.', 'reqps', [{ query: rate('trellis_http_refused_total', 'class, why'), legend: '{{class}}, {{why}}' }]),
      panel('Requests turned away', 'Answered with 429 or 503, as a share of all.', 'percentunit', [
        { query: 'sum by (job) (rate(trellis_http_request_seconds_count{SELECTED,status=~"429|503"}[WINDOW])) / sum by (job) (rate(trellis_http_request_seconds_count{SELECTED}[WINDOW]))', legend: '{{job}}' },
      ]),
    ],
  },
];

/** The query as Grafana takes it. */
export function queryOf({ query }: Target): string {
  return query.replaceAll('SELECTED', SELECTED).replaceAll('WINDOW', WINDOW);
}

function panel(title: string, about: string, unit: Unit, targets: readonly Target[]): Panel {
  return { title, about, unit, targets };
}

function state(title: string, about: string, targets: readonly Target[]): Panel {
  return { title, about, unit: 'short', targets, good: 'one' };
}

function rate(counter: string, by: string): string {
  return `sum by (${by}) (rate(${counter}{SELECTED}[WINDOW]))`;
}

function quantiles(histogram: string, by?: string): readonly Target[] {
  return [50, 95, 99].map((percent) => ({
    query: `histogram_quantile(${percent / 100}, sum by (${by === undefined ? 'le' : `${by}, le`}) (rate(${histogram}_bucket{SELECTED}[WINDOW])))`,
    legend: by === undefined ? `p${percent}` : `{{${by}}} p${percent}`,
  }));
}
