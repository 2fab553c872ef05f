// Who may send what, and how far apart tenants are.
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { algebra, problem, row, running, type Running } from './testing.js';

const KEYS = {
  'north-platform': { tenant: 'north', role: 'platform' },
  'south-platform': { tenant: 'south', role: 'platform' },
  'north-teacher': { tenant: 'north', role: 'teacher' },
  'north-analyst': { tenant: 'north', role: 'analyst' },
};

let folder: string;
let service: Running;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-keys-'));
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify(Object.fromEntries(Object.entries(KEYS).map(([key, holder]) => [hash('sha256', key, 'hex'), holder]))));
  service = await running({ keys });
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

const north = (...args: Parameters<Running['send']>): ReturnType<Running['send']> => service.as('north-platform')(...args);
const south = (...args: Parameters<Running['send']>): ReturnType<Running['send']> => service.as('south-platform')(...args);
const answer = { id: 'a1', item: 'add-number', response: '4' };

const ROUTES = [
  ['POST', '/v1/events', [row()]],
  ['POST', '/v1/learners/ada/answers', answer],
  ['PUT', '/v1/courses/algebra', algebra()],
] as const;

it.each(ROUTES)('%s %s wants a key, and one that is known', async (method, path, body) => {
  expect(problem(await service.send(method, path, body))).toEqual({
    status: 401, code: 'not-allowed', detail: 'This needs a key: send the header Authorization: Bearer <key>.',
  });
  const wrong = await service.as('nobody')(method, path, body);
  expect(problem(wrong)).toMatchObject({ status: 401, code: 'not-allowed', detail: expect.stringContaining('is not known here') });
  expect([wrong.headers['www-authenticate'], wrong.text.includes('nobody')]).toEqual(['Bearer', false]);
  expect(await service.engine.sources.store.head()).toBeNull();
});

it.each([
  ['north-teacher', ROUTES[0], 'This key has the role teacher; platform may do this.'],
  ['north-teacher', ROUTES[1], 'This key has the role teacher; platform may do this.'],
  ['north-analyst', ROUTES[2], 'This key has the role analyst; platform or teacher may do this.'],
] as const)('the key %s may not %j', async (key, [method, path, body], detail) => {
  expect(problem(await service.as(key)(method, path, body))).toEqual({ status: 403, code: 'not-allowed', detail });
  expect(await service.engine.sources.store.head()).toBeNull();
});

it('a teacher may publish a course', async () => {
  expect((await service.as('north-teacher')('PUT', '/v1/courses/algebra', algebra())).json()).toMatchObject({ version: 1, changed: true });
});

describe('two tenants', () => {
  it('have courses, items and versions of their own', async () => {
    await north('PUT', '/v1/courses/algebra', algebra());
    await north('PUT', '/v1/courses/algebra', algebra({ title: 'Algebra I' }));
    expect(problem(await south('POST', '/v1/learners/ada/answers', answer))).toMatchObject({ status: 422, code: 'unknown-item' });
    expect(problem(await south('POST', '/v1/learners/ada/answers', { ...answer, course: 'algebra' }))).toMatchObject({ status: 422, code: 'unknown-course' });
    expect((await south('PUT', '/v1/courses/other', algebra())).json()).toMatchObject({ course: 'other', version: 1, changed: true });
  });

  it('have learners of the same id that know nothing of each other', async () => {
    for (const send of [north, south]) await send('PUT', '/v1/courses/algebra', algebra());
    const reply = await north('POST', '/v1/learners/ada/answers?next=1', answer);
    for (let n = 0; n < 5; n++) await north('POST', '/v1/learners/ada/answers', { item: 'add-open', correct: true });
    // The same id of the same source is another event in another tenant, and her mastery begins at the prior.
    expect((await south('POST', '/v1/learners/ada/answers', answer)).json()).toMatchObject({ revision: 0, skills: [{ before: 0.3 }] });
    expect((await north('POST', '/v1/learners/ada/answers?next=1', answer)).text).toBe(reply.text);
    expect((await south('POST', '/v1/events', [row({ id: 'a1' }, { item: 'add-open', correct: false })])).json()).toMatchObject({ accepted: 0, rejected: [{ code: 'conflicting-duplicate' }] });
    const ids = async (tenant: string): Promise<string[]> => (await service.events('ada', tenant)).map(({ id }) => id);
    const [inNorth, inSouth] = [await ids('north'), await ids('south')];
    expect([inNorth.length, inSouth.length, inNorth.some((id) => inSouth.includes(id))]).toEqual([7, 1, false]);
  });

  it('cannot be chosen by what a request says', async () => {
    for (const send of [north, south]) await send('PUT', '/v1/courses/algebra', algebra());
    expect(problem(await north('POST', '/v1/learners/ada/answers', { ...answer, tenant: 'south' }))).toMatchObject({ code: 'unknown-field', field: 'tenant' });
    expect(problem(await north('POST', '/v1/learners/south.ada/answers', answer))).toMatchObject({ code: 'id-not-opaque', value: 'south.ada' });
    expect(problem(await north('POST', '/v1/learners/ada/answers?tenant=south', answer))).toMatchObject({ code: 'unknown-field', field: 'tenant' });
    await service.as('north-platform')('POST', '/v1/learners/ada/answers', answer, { 'x-tenant': 'south', 'trellis-tenant': 'south' });
    expect([(await service.events('ada', 'north')).length, (await service.events('ada', 'south')).length]).toEqual([1, 0]);
  });
});
