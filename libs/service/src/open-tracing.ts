// Tracing is on where there is a collector, and otherwise free: what makes spans is not even loaded.

import type { OtlpTracingOptions } from './otlp-tracing.js';
import { type Tracing, TRACING_OFF } from './tracing.js';

export interface TracingOptions extends Omit<OtlpTracingOptions, 'endpoint'> {
  /** Undefined: nothing is traced. */
  readonly endpoint: string | undefined;
}

export async function openTracing({ endpoint, ...options }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return TRACING_OFF;
  const { OtlpTracing } = await import('./otlp-tracing.js');
  return new OtlpTracing({ endpoint, ...options });
}
