// A service that exposes every metric of the list, with values that move as those of a system at work, so that queries have
// something to find. Every reading is a step.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type Metric } from './metric-list.js';

export interface SampleService {
  /** `host:port` */
  readonly address: string;
  stop(): void;
}

const OBSERVATIONS_A_STEP = 20;
const ROWS = 31;

export async function startSampleService(): Promise<SampleService> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const steps = METRICS.map((metric) => stepOf(metric, registry));
  let read = 0;
  const server = createServer((_request, response) => {
    read += 1;
    for (const step of steps) step(read);
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  return {
    address: `127.0.0.1:${port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function stepOf({ name, kind, labels }: Metric, registry: Registry): (read: number) => void {
  const options = { name, help: name, labelNames: Object.keys(labels), registers: [registry] };
  const sets = combinations(labels);
  switch (kind) {
    case 'counter': {
      const counter = new Counter(options);
      return (read) => sets.forEach((set, at) => counter.inc(set, 1 + ((read + at) % 7)));
    }
    case 'gauge': {
      const gauge = new Gauge(options);
      return (read) => sets.forEach((set, at) => gauge.set(set, gaugeAt(name, read + at)));
    }
    case 'histogram': {
      const histogram = new Histogram(options);
      // From 1 ms to about half a second, most of them short.
      return () => sets.forEach((set) => Array.from({ length: OBSERVATIONS_A_STEP }, (_, n) => histogram.observe(set, 0.001 * 1.38 ** n)));
    }
  }
}

function gaugeAt(name: string, step: number): number {
  if (/_(up|writable|built|active)$/.test(name)) return 1;
  if (/_(paused|damaged_positions)$/.test(name)) return 0;
  if (/_(position|head)$/.test(name)) return 1_000 + 50 * step;
  if (name === 'trellis_rows') return ROWS;
  return 20 + 15 * Math.sin(step / 3);
}

function combinations(labels: Metric['labels']): readonly Readonly<Record<string, string>>[] {
  return Object.entries(labels).reduce<Readonly<Record<string, string>>[]>((sets, [label, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value }))), [{}]);
}
