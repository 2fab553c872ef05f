// What the specs of a service need: a configuration that touches nothing, a clock that stands still, its log as values, and
// requests in one line.

import { Clock } from '../clock.js';
import { type Config, readConfig } from '../config.js';
import type { Loop } from '../loop.js';
import type { Service } from '../service.js';

export { type CollectedSpan, Collector } from './collector.js';

export function testConfig(changes: Partial<Config> = {}): Config {
  return { ...readConfig({ TRELLIS_DATA: './no-such-folder', TRELLIS_PORT: '0' }), ...changes };
}

export class FixedClock extends Clock {
  constructor(public ms: number) {
    super();
  }

  override now(): number {
    return this.ms;
  }
}

/** An event loop on a clock that stands still, whose turns end when a spec says so. */
export class FixedLoop implements Loop {
  ms = 0;
  private readonly callbacks: (() => void)[] = [];
  private readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.ms;
  }

  afterTurn(callback: () => void): void {
    this.callbacks.push(callback);
  }

  after(ms: number, callback: () => void): void {
    this.timers.add({ at: this.ms + ms, callback });
  }

  /** Time passes, timers that are due come, and a turn ends. */
  turn(ms = 0): void {
    this.ms += ms;
    for (const timer of [...this.timers]) {
      if (timer.at > this.ms) continue;
      this.timers.delete(timer);
      timer.callback();
    }
    for (const callback of this.callbacks.splice(0)) callback();
  }
}

/** A destination for logs that keeps them. */
export class LogLines {
  readonly written: string[] = [];

  write(line: string): void {
    this.written.push(line);
  }

  get text(): string {
    return this.written.join('');
  }

  get lines(): Readonly<Record<string, unknown>>[] {
    return this.written.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The body as it came, to the byte. */
  readonly text: string;
  /** The body as JSON. `Body` is the spec's own claim of what it holds. */
  json<Body = Readonly<Record<string, unknown>>>(): Body;
}

/** `body`: text is sent as it is, anything else as JSON, nothing without a body. */
export type Send = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Reply>;

/** Requests to a service that listens to nobody. */
export function requestsTo({ app }: Pick<Service, 'app'>, key?: string): Send {
  return async (method, url, body, headers = {}) => {
    const { statusCode, headers: answered, payload } = await app.inject({
      method,
      url,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: statusCode, headers: answered, text: payload, json: <Body>() => JSON.parse(payload) as Body };
  };
}
