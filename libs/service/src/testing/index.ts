// What the specs of a service need: a configuration that touches nothing, a clock that stands still, and its log as values.

import { Clock } from '../clock.js';
import type { Config } from '../config.js';

export function testConfig(changes: Partial<Config> = {}): Config {
  return { data: './no-such-folder', host: '127.0.0.1', port: 0, store: 'embedded', logLevel: 'info', ...changes };
}

export class FixedClock extends Clock {
  constructor(public ms: number) {
    super();
  }

  override now(): number {
    return this.ms;
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
