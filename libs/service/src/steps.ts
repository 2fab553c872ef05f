// The steps of the engine, measured and traced: where between a request and its answer the time goes.

import type { Histogram } from 'prom-client';
import type { MetricOptions, Metrics } from './metrics.js';
import type { SpanAttributes, Tracing } from './tracing.js';

export type Step = 'append' | 'read' | 'rows' | 'fold' | 'choose';

/** What the engine tells of itself. Attributes are for spans; of a fold, `trellis.view` is also the label of its seconds. */
export interface Steps {
  around<Result>(step: Step, attributes: SpanAttributes, work: () => Promise<Result>): Promise<Result>;
  /** For what does not wait. */
  aroundSync<Result>(step: Step, attributes: SpanAttributes, work: () => Result): Result;
  /** An append that somebody else was faster than. */
  conflict(): void;
}

/** From a choice in memory, a fraction of a millisecond, to a server that hardly answers. */
const SECONDS_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const SECONDS = {
  append: { name: 'trellis_append_seconds', help: 'Seconds from handing events to the event store to their being durable' },
  read: { name: 'trellis_read_seconds', help: 'Seconds of reading a page of a stream from the event store' },
  rows: { name: 'trellis_rows_seconds', help: 'Seconds of reading rows from the view store' },
  fold: { name: 'trellis_fold_seconds', help: 'Seconds to a state as of now: a row, and the events after it', labels: ['view'] },
  choose: { name: 'trellis_choose_seconds', help: 'Seconds of choosing what comes next, in memory' },
} as const satisfies Record<Step, MetricOptions>;

export function stepsOf(metrics: Metrics, tracing: Tracing): Steps {
  const seconds = (step: Step): Histogram => metrics.histogram({ ...SECONDS[step], buckets: SECONDS_BUCKETS });
  const histograms: Readonly<Record<Step, Histogram>> = {
    append: seconds('append'),
    read: seconds('read'),
    rows: seconds('rows'),
    fold: seconds('fold'),
    choose: seconds('choose'),
  };
  const conflicts = metrics.counter({
    name: 'trellis_append_conflicts_total',
    help: 'Appends that found the stream changed since it was read, and were decided again',
  });

  const took = (step: Step, attributes: SpanAttributes, began: number): void => {
    const passed = (performance.now() - began) / 1000;
    if (step === 'fold') histograms.fold.observe({ view: String(attributes['trellis.view'] ?? '') }, passed);
    else histograms[step].observe(passed);
  };
  const timed = async <Result>(step: Step, attributes: SpanAttributes, work: () => Promise<Result>): Promise<Result> => {
    const began = performance.now();
    try {
      return await work();
    } finally {
      took(step, attributes, began);
    }
  };
  const timedSync = <Result>(step: Step, attributes: SpanAttributes, work: () => Result): Result => {
    const began = performance.now();
    try {
      return work();
    } finally {
      took(step, attributes, began);
    }
  };

  const conflict = (): void => conflicts.inc();
  if (!tracing.isOn) return { around: timed, aroundSync: timedSync, conflict };
  return {
    around: (step, attributes, work) => timed(step, attributes, () => tracing.span(`trellis.${step}`, attributes, work)),
    aroundSync: (step, attributes, work) => timedSync(step, attributes, () => tracing.spanSync(`trellis.${step}`, attributes, work)),
    conflict,
  };
}
