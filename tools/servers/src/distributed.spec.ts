import { distributedWelcome, type Shown } from './distributed-welcome.js';
import { startDistributed } from './distributed.js';

const shown: Shown = {
  url: 'http://127.0.0.1:7077',
  logs: '/srv/logs',
  kurrent: { isDouble: true, address: 'kurrentdb://127.0.0.1:2113' },
  kafka: { address: 'kafka://services:secret@there:9092' },
  redis: { address: 'redis://:secret@there:6379' },
  services: [{ name: 'ingest', url: 'http://127.0.0.1:7078' }, { name: 'recommender-1', url: 'http://127.0.0.1:7081' }],
};
const sample = { items: [{ id: 'open' }, { id: 'sum', key: { type: 'number', values: ['4'] } }] };

it('says plainly that the double forgets, and shows no password', () => {
  const text = distributedWelcome(shown, sample);
  expect(text).toContain('A DOUBLE of its protocol, IN MEMORY: every event is gone when this stops');
  expect(text).not.toContain('secret');
});

it('proposes an answer that the sample course can grade', () => {
  expect(distributedWelcome(shown, sample)).toContain(`/v1/learners/learner-01/answers -H 'content-type: application/json' -d '{"item":"sum","response":"4"}'`);
  expect(distributedWelcome(shown, null)).toContain('The sample course is not published');
});

const hasOnlyTheDouble = !process.env.TRELLIS_KURRENT_URL;
(hasOnlyTheDouble ? it : it.skip)('keeps no data beside a log that forgets (without a real KurrentDB)', async () => {
  await expect(startDistributed({ data: '/srv/trellis' })).rejects.toThrow('--data is "/srv/trellis", but there is no KurrentDB that keeps its data');
});
