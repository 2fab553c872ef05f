// Tracing that is on: spans by OpenTelemetry, sent to a collector over OTLP/HTTP. Nothing is registered globally, so that several
// services in one process each keep their own.

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, type SpanOptions, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, ParentBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { errorCode, isError } from './errors.js';
import type { Log } from './logging.js';
import type { Metrics } from './metrics.js';
import { SpanOutbox } from './span-outbox.js';
import { headersOf, spanContextOf } from './trace-context.js';
import { type Carrier, type RequestSpan, type SpanAttributes, Tracing } from './tracing.js';

/** Together with the time that requests get to finish, within the 10 s that container runtimes wait before they kill. */
const CLOSE_MS_MAX = 1_000;
const ATTRIBUTES_MAX = 32;
const ATTRIBUTE_CHARS_MAX = 256;
/** A batch names so many of the traces that its messages came from. */
const LINKS_MAX = 32;

export interface OtlpTracingOptions {
  /** The URL of an OTLP/HTTP collector, without `/v1/traces`. */
  readonly endpoint: string;
  readonly service: string;
  readonly version: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

export class OtlpTracing extends Tracing {
  readonly isOn = true;
  private readonly active = new AsyncLocalStorage<Context>();
  private readonly outbox: SpanOutbox;
  private readonly tracer: Tracer;

  constructor({ endpoint, service, version, log, metrics }: OtlpTracingOptions) {
    super();
    this.outbox = new SpanOutbox({ url: tracesUrl(endpoint), log, metrics });
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.version': version, 'service.instance.id': randomUUID() }),
      // Everything, unless whoever calls has decided to leave this trace out.
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      spanLimits: { attributeCountLimit: ATTRIBUTES_MAX, attributeValueLengthLimit: ATTRIBUTE_CHARS_MAX, linkCountLimit: LINKS_MAX },
      spanProcessors: [this.outbox],
    });
    this.tracer = provider.getTracer('trellis', version);
  }

  async span<Result>(name: string, attributes: SpanAttributes, work: () => Promise<Result>): Promise<Result> {
    return this.around(this.tracer.startSpan(name, { attributes }, this.context), work);
  }

  spanSync<Result>(name: string, attributes: SpanAttributes, work: () => Result): Result {
    const span = this.tracer.startSpan(name, { attributes }, this.context);
    try {
      return this.inside(span, work);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  async batch<Result>(name: string, headers: readonly Carrier[], work: () => Promise<Result>): Promise<Result> {
    const attributes = { 'messaging.batch.message_count': headers.length };
    const options: SpanOptions = { kind: SpanKind.CONSUMER, root: true, attributes, links: linksOf(headers) };
    return this.around(this.tracer.startSpan(name, options, ROOT_CONTEXT), work);
  }

  inject(): Readonly<Record<string, string>> {
    return headersOf(trace.getSpanContext(this.context));
  }

  within<Result>(headers: Carrier, work: () => Result): Result {
    const remote = spanContextOf(headers);
    return remote === null ? work() : this.active.run(trace.setSpanContext(ROOT_CONTEXT, remote), work);
  }

  request(method: string, route: string | undefined, headers: Carrier): RequestSpan {
    const remote = spanContextOf(headers);
    const parent = remote === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote);
    // The path itself is left out: it holds ids of learners.
    const attributes = { 'http.request.method': method, ...(route !== undefined && { 'http.route': route }) };
    const name = route === undefined ? method : `${method} ${route}`;
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    return {
      traceId: span.spanContext().traceId,
      enter: (work) => this.inside(span, work),
      end: (status) => {
        if (!span.isRecording()) return;
        span.setAttribute('http.response.status_code', status);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', String(status));
        span.end();
      },
    };
  }

  async close(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const limit = setTimeout(late.resolve, CLOSE_MS_MAX);
    await Promise.race([this.outbox.shutdown(), late.promise]);
    clearTimeout(limit);
    this.outbox.abandon();
  }

  private get context(): Context {
    return this.active.getStore() ?? ROOT_CONTEXT;
  }

  private inside<Result>(span: Span, work: () => Result): Result {
    return this.active.run(trace.setSpan(this.context, span), work);
  }

  private async around<Result>(span: Span, work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.inside(span, work);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  }
}

function tracesUrl(endpoint: string): string {
  return new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href;
}

/** By its kind only. What it says may name a learner, and stands in the log. */
function markFailed(span: Span, error: unknown): void {
  const type = errorCode(error) ?? (isError(error) ? error.name : typeof error);
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}

/** One for each span that sent messages, however many it sent. */
function linksOf(headers: readonly Carrier[]): NonNullable<SpanOptions['links']> {
  const senders = new Map<string, NonNullable<ReturnType<typeof spanContextOf>>>();
  for (const carrier of headers) {
    const sender = spanContextOf(carrier);
    if (sender !== null) senders.set(sender.spanId, sender);
    if (senders.size === LINKS_MAX) break;
  }
  return [...senders.values()].map((context) => ({ context }));
}
