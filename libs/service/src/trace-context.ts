// W3C Trace Context (https://www.w3.org/TR/trace-context-2/): the span that is active, in headers. For HTTP and Kafka alike.

import { createTraceState, isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { Carrier } from './tracing.js';

/** version "-" trace-id "-" parent-id "-" trace-flags; later versions may go on after that. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const VERSION = '00';
const NEVER_A_VERSION = 'ff';
/** What the standard says that everybody should pass on at least. */
const TRACESTATE_CHARS_MAX = 512;

/** Null when there is none, or one that cannot be read: it then starts a trace of its own. */
export function spanContextOf(carrier: Carrier): SpanContext | null {
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(textOf(carrier.traceparent) ?? '') ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === NEVER_A_VERSION || (version === VERSION && rest !== undefined)) return null;
  const state = textOf(carrier.tracestate);
  const context: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(state !== undefined && state.length <= TRACESTATE_CHARS_MAX && { traceState: createTraceState(state) }),
  };
  return isSpanContextValid(context) ? context : null;
}

export function headersOf(context: SpanContext | undefined): Readonly<Record<string, string>> {
  if (context === undefined || !isSpanContextValid(context)) return {};
  const flags = context.traceFlags.toString(16).padStart(2, '0');
  const state = context.traceState?.serialize() ?? '';
  return { traceparent: `${VERSION}-${context.traceId}-${context.spanId}-${flags}`, ...(state !== '' && { tracestate: state }) };
}

/** Kafka has bytes where HTTP has text, and both may have several values: of a `traceparent` none is then to be trusted. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
  return Array.isArray(value) && value.length === 1 ? textOf(value[0]) : undefined;
}
