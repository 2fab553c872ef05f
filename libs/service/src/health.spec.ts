import { jest } from '@jest/globals';
import { HealthChecks } from './health.js';
import { createLog } from './logging.js';
import { createService, type Service } from './service.js';
import { LogLines, testConfig } from './testing/index.js';
import { SampleModule } from './testing/sample.module.js';

const logTo = new LogLines();
let service: Service;
beforeEach(async () => {
  service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo });
});
afterEach(() => service.stop());

it('is live', async () => {
  const answer = await service.app.inject('/health/live');
  expect([answer.statusCode, answer.json()]).toEqual([200, { live: true }]);
});

it('is ready when every check is', async () => {
  service.app.get(HealthChecks).add('store', async () => null);
  const answer = await service.app.inject('/health/ready');
  expect([answer.statusCode, answer.json()]).toEqual([200, { ready: true, checks: { accepting: null, store: null } }]);
});

it('is not ready when one check is not, and says why', async () => {
  const health = service.app.get(HealthChecks);
  health.add('store', () => '17 s behind');
  health.add('rows', () => null);
  const answer = await service.app.inject('/health/ready');
  const checks = { accepting: null, store: '17 s behind', rows: null };
  expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, checks }]);
});

it('counts a check that throws as failed, and logs why', async () => {
  service.app.get(HealthChecks).add('store', () => Promise.reject(new Error('connection refused')));
  expect((await service.app.inject('/health/ready')).json()).toEqual({
    ready: false,
    checks: { accepting: null, store: 'the check itself failed; see the log' },
  });
  expect(logTo.lines.at(-2)).toMatchObject({ level: 'error', check: 'store', err: { message: 'connection refused' } });
});

it('does not wait for ever for a check', async () => {
  jest.useFakeTimers();
  const health = new HealthChecks(createLog({ name: 'sample', level: 'info', to: logTo }));
  health.add('store', () => new Promise(() => undefined));
  const answer = health.run();
  await jest.advanceTimersByTimeAsync(2000);
  jest.useRealTimers();
  expect(await answer).toEqual({ ready: false, checks: { store: 'no answer within 2000 ms' } });
});

it('refuses two checks of one name', () => {
  const health = service.app.get(HealthChecks);
  health.add('store', () => null);
  expect(() => health.add('store', () => null)).toThrow('There is already a health check named store');
});
