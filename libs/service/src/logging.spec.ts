import { createLog, NestLog } from './logging.js';
import { createService } from './service.js';
import { LogLines, testConfig } from './testing/index.js';
import { SampleModule } from './testing/sample.module.js';

it('logs a request by its route, status, time and id, and nothing that a person sent', async () => {
  const logTo = new LogLines();
  const service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo });
  const secret = 'zebra';
  const answer = await service.app.inject({
    method: 'POST',
    url: `/v1/learners/${secret}-1/answers?course=${secret}-2`,
    headers: { authorization: `Bearer ${secret}-3`, 'x-request-id': `${secret}-4`, 'user-agent': `${secret}-5`, cookie: `${secret}-6` },
    payload: { item: `${secret}-7`, score: `${secret}-8` },
  });
  await service.app.inject(`/${secret}?${secret}`);
  await service.app.inject(`/v1/fault/${secret}`);
  await service.stop();

  expect(answer.statusCode).toBe(400);
  expect(logTo.lines.find(({ route }) => route === '/v1/learners/:id/answers')).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    service: 'sample',
    requestId: answer.headers['x-request-id'],
    method: 'POST',
    route: '/v1/learners/:id/answers',
    status: 400,
    ms: expect.any(Number),
    code: 'wrong-type',
    msg: 'request',
  });
  expect(logTo.lines.filter(({ msg }) => msg === 'request').map(({ route, status }) => [route, status])).toEqual([
    ['/v1/learners/:id/answers', 400],
    ['(unknown)', 404],
    ['/v1/fault/:id', 500],
  ]);
  expect(logTo.text).not.toContain(secret);
});

it('logs requests at info only', async () => {
  const logTo = new LogLines();
  const service = await createService(SampleModule, { name: 'sample', config: testConfig({ logLevel: 'warn' }), logTo });
  await service.app.inject('/v1/me');
  await service.stop();
  expect(logTo.text).toBe('');
});

it('scrubs learners and credentials out of errors, however deep', () => {
  const logTo = new LogLines();
  const log = createLog({ name: 'sample', level: 'info', to: logTo });
  const cause = Object.assign(new Error('Authorization: Bearer abc.def rejected'), { code: 'EREJECTED' });
  log.error({ err: new Error('learner-north.ada: gone', { cause }) }, 'fault');
  expect(logTo.lines[0]).toMatchObject({
    err: { type: 'Error', message: 'learner-north.*: gone', cause: { code: 'EREJECTED', message: 'Authorization: Bearer * rejected' } },
  });
  expect(logTo.text).not.toMatch(/ada|abc/);
});

it('ends with an error that is its own cause', () => {
  const logTo = new LogLines();
  const error: Error = new Error('round');
  error.cause = error;
  createLog({ name: 'sample', level: 'info', to: logTo }).error({ err: error }, 'fault');
  expect(logTo.lines).toHaveLength(1);
});

it('takes over what Nest says, at levels of our own', () => {
  const logTo = new LogLines();
  const nest = new NestLog(createLog({ name: 'sample', level: 'trace', to: logTo }));
  nest.log('mapped', 'Router');
  nest.warn('careful', 'Router');
  nest.error('broken', undefined, 'Router');
  nest.error(new Error('broken too'), 'Router');
  nest.error(new Error('told by whoever started the service'), 'ExceptionHandler');
  nest.fatal('the end', 'Router');
  expect(logTo.lines.map(({ level, msg, context }) => [level, msg, context])).toEqual([
    ['debug', 'mapped', 'Router'],
    ['warn', 'careful', 'Router'],
    ['error', 'broken', 'Router'],
    ['error', 'fault', 'Router'],
    ['fatal', 'the end', 'Router'],
  ]);
});
