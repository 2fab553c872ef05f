// Calibrations over HTTP: published whole, put in force by name, wrong ones refused with what is wrong.
import type { CalibrationDocument } from '@trellis/learning';
import { calibrationDocument } from '@trellis/learning/testing';
import { algebra, problem, running, type Running } from './testing.js';

let service: Running;
beforeEach(async () => {
  service = await running();
});
afterEach(() => service.close());

const publish = (document: unknown): ReturnType<Running['send']> => service.send('POST', '/v1/calibrations', document);
const activate = (calibration: string): ReturnType<Running['send']> => service.send('PUT', '/v1/calibrations/active', { calibration });

it('publishes one, and the same content again as nothing', async () => {
  expect((await publish(calibrationDocument({ seed: 1 }))).json()).toEqual({ calibration: 'c1', changed: true, active: 'default-1' });
  expect((await publish(calibrationDocument({ seed: 1 }))).json()).toEqual({ calibration: 'c1', changed: false, active: 'default-1' });
});

it('puts one in force, for the very next answer', async () => {
  await service.send('PUT', '/v1/courses/algebra', algebra());
  await publish(calibrationDocument({ seed: 1, skills: ['add'] }));
  const answered = async (): Promise<number | undefined> => {
    const reply = await service.send('POST', '/v1/learners/ada/answers', { item: 'add-number', response: '4' });
    return reply.json<{ readonly skills: readonly { readonly before: number }[] }>().skills[0]?.before;
  };
  expect(await answered()).toBe(0.3);
  expect((await activate('c1')).json()).toEqual({ calibration: 'c1', changed: true, active: 'c1' });
  const before = await answered();
  expect((await activate('default-1')).json()).toMatchObject({ changed: true, active: 'default-1' });
  expect(await answered()).not.toBe(before);
});

it('answers a repeated answer as it did before another calibration came into force', async () => {
  await service.send('PUT', '/v1/courses/algebra', algebra());
  await publish(calibrationDocument({ seed: 1, skills: ['add'] }));
  const answer = { id: 'a1', item: 'add-number', response: '4' };
  const first = (await service.send('POST', '/v1/learners/ada/answers', answer)).json();
  service.clock.ms += 1_000;
  await activate('c1');
  expect((await service.send('POST', '/v1/learners/ada/answers', answer)).json()).toEqual(first);
});

it('lists what was published and when it was in force, and shows one with its card', async () => {
  await publish(calibrationDocument({ seed: 1 }));
  await activate('c1');
  const list = (await service.send('GET', '/v1/calibrations')).json();
  expect(list).toMatchObject({ active: 'c1', published: [{ id: 'c1', report: { learners: 40 } }], activations: [{ calibration: 'c1', at: '2026-03-02T08:00:00.000Z' }] });
  expect((await service.send('GET', '/v1/calibrations/c1')).json<CalibrationDocument>().report.card).toBe('# Model card\n');
  expect(problem(await service.send('GET', '/v1/calibrations/c2'))).toMatchObject({ status: 404, code: 'not-found' });
});

describe('what is wrong is refused with its field', () => {
  const document = calibrationDocument({ seed: 1, skills: ['add'] });
  const cases: readonly [string, unknown, object][] = [
    ['a probability above 1', { ...document, bkt: { ...document.bkt, slip: 1.2 } }, { status: 400, code: 'out-of-range', field: 'bkt.slip' }],
    ['weights that are missing', { ...document, recall: { weights: [1, 2] } }, { status: 400, code: 'out-of-range', field: 'recall.weights' }],
    ['a member that nobody knows', { ...document, colour: 'red' }, { status: 400, code: 'unknown-field', field: 'colour' }],
    ['a part that is missing', { ...document, ability: undefined }, { status: 400, code: 'missing-field', field: 'ability' }],
  ];
  it.each(cases)('%s', async (_, body, expected) => expect(problem(await publish(body))).toMatchObject(expected));

  it('one that is not published', async () => {
    expect(problem(await activate('c7'))).toMatchObject({ status: 409, code: 'refused:unknown-calibration' });
  });

  it('one that is degenerate', async () => {
    await publish(calibrationDocument({ seed: 2, flaws: [{ model: 'bkt', subject: 'add', kind: 'no-answers', detail: 'nothing to fit on', blocks: true }] }));
    expect(problem(await activate('c1'))).toMatchObject({ status: 409, code: 'refused:degenerate-calibration', detail: expect.stringContaining('nothing to fit on') });
  });
});
