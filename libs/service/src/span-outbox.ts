// Spans on their way to the collector: a bounded queue, sent in batches. A collector that is slow or gone costs spans, which are
// counted, and never anything else.

import { TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Counter } from 'prom-client';
import type { Log } from './logging.js';
import type { Metrics } from './metrics.js';

export const SPANS_WAITING_MAX = 4_096;
const BATCH_SPANS_MAX = 512;
/** How long a span waits for others to be sent with. */
const BATCH_WAIT_MS = 1_000;
/** For one batch, with every further try. */
const SEND_MS_MAX = 5_000;
const SENDS_AT_ONCE_MAX = SPANS_WAITING_MAX / BATCH_SPANS_MAX + 1;
export const WARNING_EVERY_MS = 60_000;

type Sent = Parameters<SpanExporter['export']>[1];

export interface SpanOutboxOptions {
  readonly url: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds of any clock that does not jump. */
  readonly now?: () => number;
}

export class SpanOutbox implements SpanProcessor {
  private readonly batches: BatchSpanProcessor;
  private readonly exporter: OTLPTraceExporter;
  private readonly counter: Counter;
  private readonly log: Log;
  private readonly now: () => number;
  private waiting = 0;
  private sending = 0;
  private droppedSinceWarning = 0;
  private warnedAt = Number.NEGATIVE_INFINITY;
  private isAbandoned = false;

  constructor({ url, log, metrics, now = () => performance.now() }: SpanOutboxOptions) {
    this.log = log;
    this.now = now;
    this.counter = metrics.counter({ name: 'trellis_spans_total', help: 'Spans sent to the collector, or dropped', labels: ['outcome'] });
    for (const outcome of ['sent', 'dropped']) this.counter.inc({ outcome }, 0);
    this.exporter = new OTLPTraceExporter({ url, timeoutMillis: SEND_MS_MAX, concurrencyLimit: SENDS_AT_ONCE_MAX });
    this.batches = new BatchSpanProcessor({
      exporter: { export: (spans, done) => this.send(spans, done), shutdown: () => this.exporter.shutdown() },
      maxQueueSize: SPANS_WAITING_MAX,
      maxExportBatchSize: BATCH_SPANS_MAX,
      scheduledDelayMillis: BATCH_WAIT_MS,
      exportTimeoutMillis: SEND_MS_MAX,
    });
  }

  onStart(): void {
    // A span is of interest when it has ended.
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    // The processor would drop it too, but tells nobody.
    if (this.waiting >= SPANS_WAITING_MAX || this.isAbandoned) return this.dropped(1, 'more spans than the collector takes');
    this.waiting += 1;
    this.batches.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.batches.forceFlush();
  }

  async shutdown(): Promise<void> {
    // A batch that could not be sent has been counted, and warned of, where it failed.
    await this.batches.shutdown().catch(() => undefined);
    // It waits for the others, which the processor does not.
    await this.exporter.shutdown();
  }

  /** What has not arrived by now is lost. */
  abandon(): void {
    const left = this.waiting + this.sending;
    this.isAbandoned = true;
    if (left > 0) this.dropped(left, 'no time left to send');
  }

  private send(spans: ReadableSpan[], done: Sent): void {
    this.waiting -= spans.length;
    this.sending += spans.length;
    this.exporter.export(spans, (result) => {
      this.sending -= spans.length;
      if (!this.isAbandoned) {
        // Of the SDK's two codes the one for success.
        if (result.code === 0) this.counter.inc({ outcome: 'sent' }, spans.length);
        else this.dropped(spans.length, result.error?.message ?? 'no reason given');
      }
      done(result);
    });
  }

  private dropped(spans: number, reason: string): void {
    this.counter.inc({ outcome: 'dropped' }, spans);
    this.droppedSinceWarning += spans;
    if (this.now() - this.warnedAt < WARNING_EVERY_MS) return;
    this.warnedAt = this.now();
    this.log.warn({ spans: this.droppedSinceWarning, reason }, 'spans did not reach the collector');
    this.droppedSinceWarning = 0;
  }
}
