// What operators see of the parts that a service rests on.
import { HealthChecks } from './health.js';
import { createLog } from './logging.js';
import { Metrics } from './metrics.js';
import type { Steps } from './steps.js';
import { LogLines } from './testing/index.js';
import { TRACING_OFF } from './tracing.js';
import { Watching, type Watched } from './watching.js';

interface Service {
  readonly watching: Watching;
  readonly health: HealthChecks;
  text(): Promise<string>;
}

function service(): Service {
  const health = new HealthChecks(createLog({ name: 'spec', level: 'warn', to: new LogLines() }));
  const metrics = new Metrics();
  return { health, watching: new Watching(health, metrics, TRACING_OFF), text: () => metrics.registry.metrics() };
}

/** Servers that answer unless something is said of them, and who hears of the steps of the work. */
interface Engine extends Watched {
  readonly down: Map<string, string>;
  readonly observers: Steps[];
}

function engine(...names: readonly string[]): Engine {
  const down = new Map<string, string>();
  const observers: Steps[] = [];
  return {
    down,
    observers,
    dependencies: names.map((name) => ({ name, whyNot: () => Promise.resolve(down.get(name) ?? null) })),
    gauges: [{ name: 'trellis_rows', help: 'Rows', labels: ['view'], values: () => Promise.resolve([{ labels: { view: 'learner' }, value: 7 }]) }],
    observe: (steps) => void observers.push(steps),
  };
}

it('is ready while every dependency answers, and says which one does not', async () => {
  const { watching, health, text } = service();
  const watched = engine('log', 'views');
  watching.watch(watched);
  expect(await health.run()).toEqual({ ready: true, checks: { 'event store': null, views: null } });
  watched.down.set('log', 'KurrentDB at 127.0.0.1:2113 did not answer');
  expect(await health.run()).toEqual({ ready: false, checks: { 'event store': 'KurrentDB at 127.0.0.1:2113 did not answer', views: null } });
  const shown = await text();
  expect(shown).toContain('trellis_dependency_up{dependency="log"} 0');
  expect(shown).toContain('trellis_dependency_up{dependency="views"} 1');
});

it('shows the numbers of what it watches, as they are when they are asked for', async () => {
  const { watching, text } = service();
  let rows = 1;
  watching.watch({ ...engine(), gauges: [{ name: 'trellis_rows', help: 'Rows', labels: ['view'], values: () => Promise.resolve([{ labels: { view: 'learner' }, value: rows }]) }] });
  expect(await text()).toContain('trellis_rows{view="learner"} 1');
  rows = 2;
  expect(await text()).toContain('trellis_rows{view="learner"} 2');
});

it('watches an engine once, however many modules rest on it', async () => {
  const { watching, health, text } = service();
  const watched = engine('log', 'views');
  for (let module = 0; module < 3; module++) watching.watch(watched);
  expect(watched.observers).toHaveLength(1);
  expect(Object.keys((await health.run()).checks)).toEqual(['event store', 'views']);
  expect((await text()).match(/^trellis_rows\{/gm)).toHaveLength(1);
});

it('counts what the engine tells of its steps', async () => {
  const { watching, text } = service();
  const watched = engine();
  watching.watch(watched);
  await watched.observers[0]?.around('append', {}, () => Promise.resolve());
  expect(await text()).toContain('trellis_append_seconds_count 1');
});

it('asks a server that several modules need once', async () => {
  const { watching, health, text } = service();
  let asked = 0;
  const whyNot = (): Promise<string | null> => Promise.resolve(++asked > 0 ? null : 'never');
  watching.depend('kafka', whyNot);
  watching.depend('kafka', whyNot);
  expect(await health.run()).toEqual({ ready: true, checks: { kafka: null } });
  expect(asked).toBe(1);
  expect((await text()).match(/^trellis_dependency_up\{/gm)).toHaveLength(1);
});

it('shows nothing of dependencies where everything is in one process', async () => {
  const { watching, health, text } = service();
  watching.watch(engine());
  expect(await health.run()).toEqual({ ready: true, checks: {} });
  expect(await text()).not.toContain('trellis_dependency_up');
});
