import { createLog } from './logging.js';
import { Metrics } from './metrics.js';
import { openTracing } from './open-tracing.js';
import { stepsOf } from './steps.js';
import { Collector, LogLines } from './testing/index.js';
import { TRACING_OFF } from './tracing.js';

it('counts the seconds of every step, also of one that fails, and conflicts', async () => {
  const metrics = new Metrics();
  const steps = stepsOf(metrics, TRACING_OFF);
  expect(await steps.around('append', { 'trellis.events': 2 }, async () => 'appended')).toBe('appended');
  await expect(steps.around('read', {}, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  await steps.around('fold', { 'trellis.view': 'learner' }, async () => undefined);
  await steps.around('rows', { 'trellis.view': 'learner' }, async () => undefined);
  expect(steps.aroundSync('choose', {}, () => 7)).toBe(7);
  steps.conflict();
  const text = await metrics.registry.metrics();
  for (const step of ['append', 'read', 'rows', 'choose']) expect(text).toContain(`trellis_${step}_seconds_count 1`);
  expect(text).toContain('trellis_fold_seconds_count{view="learner"} 1');
  expect(text).toContain('trellis_append_conflicts_total 1');
});

it('shows conflicts as none before there are any', async () => {
  const metrics = new Metrics();
  stepsOf(metrics, TRACING_OFF);
  expect(await metrics.registry.metrics()).toContain('trellis_append_conflicts_total 0');
});

it('makes a span of every step, one inside the other, when tracing is on', async () => {
  const collector = await Collector.open();
  const metrics = new Metrics();
  const log = createLog({ name: 'traced', level: 'warn', to: new LogLines() });
  const tracing = await openTracing({ endpoint: collector.url, service: 'traced', version: '1', log, metrics });
  const steps = stepsOf(metrics, tracing);
  await steps.around('fold', { 'trellis.view': 'learner' }, async () => {
    await steps.around('read', {}, async () => undefined);
    steps.aroundSync('choose', {}, () => undefined);
  });
  await tracing.close();
  const fold = collector.span('trellis.fold');
  expect(fold.attributes).toEqual({ 'trellis.view': 'learner' });
  for (const name of ['trellis.read', 'trellis.choose']) expect(collector.span(name).parentSpanId).toBe(fold.spanId);
  expect(await metrics.registry.metrics()).toContain('trellis_fold_seconds_count{view="learner"} 1');
  await collector.close();
});
