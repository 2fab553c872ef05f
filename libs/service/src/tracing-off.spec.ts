import { jest } from '@jest/globals';

const loaded: string[] = [];
for (const name of ['@opentelemetry/api', '@opentelemetry/sdk-trace', '@opentelemetry/exporter-trace-otlp-http']) {
  jest.unstable_mockModule(name, () => {
    loaded.push(name);
    throw new Error(`${name} was loaded`);
  });
}

// Only now, so that what they load is watched.
const { createService } = await import('./service.js');
const { Tracing, TRACING_OFF } = await import('./tracing.js');
const { LogLines, testConfig } = await import('./testing/index.js');
const { SampleModule } = await import('./testing/sample.module.js');

it('loads nothing that makes spans, and has one object for all services', async () => {
  const logTo = new LogLines();
  const service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo });
  const reply = await service.app.inject({ url: '/v1/me', headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } });
  expect(reply.statusCode).toBe(200);
  expect(service.app.get(Tracing)).toBe(TRACING_OFF);
  await service.stop();
  expect(loaded).toEqual([]);
  expect(logTo.lines.find(({ msg }) => msg === 'request')).not.toHaveProperty('traceId');
});

it('does the work and nothing around it', () => {
  const answer = Promise.resolve(7);
  const work = () => answer;
  expect(TRACING_OFF.span('work', {}, work)).toBe(answer);
  expect(TRACING_OFF.batch('work', [], work)).toBe(answer);
  expect(TRACING_OFF.within({}, work)).toBe(answer);
  expect(TRACING_OFF.spanSync('work', {}, () => 8)).toBe(8);
  expect(TRACING_OFF.inject()).toBe(TRACING_OFF.inject());
  expect(TRACING_OFF.inject()).toEqual({});
});

it('would be noticed by this spec if it loaded them', async () => {
  await expect(import('./otlp-tracing.js')).rejects.toThrow('was loaded');
  expect(loaded).not.toEqual([]);
});
