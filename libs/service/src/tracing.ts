// Where a request's time goes, over all services that it passes through: what a service sees of it, and tracing that is off.

/** What a span says of its work. Never ids of people: spans leave the installation more easily than logs. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** The headers of a request or of a Kafka message, as the libraries hand them out. */
export type Carrier = Readonly<Record<string, unknown>>;

/** A request that is being answered. */
export interface RequestSpan {
  readonly traceId: string;
  /** Does the work inside the span. */
  enter(work: () => void): void;
  end(status: number): void;
}

/** What a service traces with; also its injection token. */
export abstract class Tracing {
  abstract readonly isOn: boolean;

  /** Does the work inside a span, a child of the one that is active. An error marks the span and goes on to the caller. */
  abstract span<Result>(name: string, attributes: SpanAttributes, work: () => Promise<Result>): Promise<Result>;
  abstract spanSync<Result>(name: string, attributes: SpanAttributes, work: () => Result): Result;

  /** The work on messages that came together: a trace of its own, linked to those that sent them. */
  abstract batch<Result>(name: string, headers: readonly Carrier[], work: () => Promise<Result>): Promise<Result>;

  /** The headers that carry the active span to another service (W3C Trace Context); none outside of a span. */
  abstract inject(): Readonly<Record<string, string>>;

  /** Does the work as part of the trace that these headers carry, if they carry one. */
  abstract within<Result>(headers: Carrier, work: () => Result): Result;

  /** The span of a request; null when nothing is traced. */
  abstract request(method: string, route: string | undefined, headers: Carrier): RequestSpan | null;

  /** Sends what is left, for a limited time. */
  abstract close(): Promise<void>;
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

class NoTracing extends Tracing {
  readonly isOn = false;

  span<Result>(_name: string, _attributes: SpanAttributes, work: () => Promise<Result>): Promise<Result> {
    return work();
  }

  spanSync<Result>(_name: string, _attributes: SpanAttributes, work: () => Result): Result {
    return work();
  }

  batch<Result>(_name: string, _headers: readonly Carrier[], work: () => Promise<Result>): Promise<Result> {
    return work();
  }

  inject(): Readonly<Record<string, string>> {
    return NO_HEADERS;
  }

  within<Result>(_headers: Carrier, work: () => Result): Result {
    return work();
  }

  request(): null {
    return null;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export const TRACING_OFF: Tracing = new NoTracing();
