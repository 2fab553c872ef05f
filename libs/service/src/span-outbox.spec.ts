import { TracerProvider } from '@opentelemetry/sdk-trace';
import { createLog } from './logging.js';
import { Metrics } from './metrics.js';
import { SpanOutbox, SPANS_WAITING_MAX, WARNING_EVERY_MS } from './span-outbox.js';
import { Collector, LogLines } from './testing/index.js';

it('warns once a minute, with how many were lost since', async () => {
  const collector = await Collector.open({ answers: false });
  const logTo = new LogLines();
  const log = createLog({ name: 'traced', level: 'warn', to: logTo });
  let now = 0;
  const outbox = new SpanOutbox({ url: collector.url, log, metrics: new Metrics(), now: () => now });
  const tracer = new TracerProvider({ spanProcessors: [outbox] }).getTracer('traced');
  const end = (count: number): void => {
    for (let i = 0; i < count; i++) tracer.startSpan('work').end();
  };
  const warned = () => logTo.lines.map(({ spans }) => spans);

  end(512 + SPANS_WAITING_MAX);
  expect(warned()).toEqual([]);
  end(10);
  now = WARNING_EVERY_MS - 1;
  end(10);
  expect(warned()).toEqual([1]);
  now = WARNING_EVERY_MS;
  end(10);
  expect(warned()).toEqual([1, 20]);
  await collector.close();
});
