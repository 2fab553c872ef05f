// Who may ask what, and how far apart tenants are.
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecommendationBody } from '@trellis/recommendation';
import { problem, renamed, running, type Running } from './testing.js';

const KEYS = {
  north: { tenant: 'north', role: 'platform' },
  south: { tenant: 'south', role: 'platform' },
  teacher: { tenant: 'north', role: 'teacher' },
  analyst: { tenant: 'north', role: 'analyst' },
  operator: { tenant: 'north', role: 'operator' },
};

let folder: string;
let service: Running;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-keys-'));
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify(Object.fromEntries(Object.entries(KEYS).map(([key, holder]) => [hash('sha256', key, 'hex'), holder]))));
  service = await running({ keys });
  for (const tenant of ['north', 'south']) await service.publish('small', undefined, tenant);
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

const ROUTES = [
  ['POST', '/v1/learners/ada/recommendations', {}, ['north', 'teacher']],
  ['GET', '/v1/learners/ada/mastery', undefined, ['north', 'teacher', 'analyst']],
  ['GET', '/v1/recommendations/bGVhcm5lci1ub3J0aC5hZGFAMA', undefined, ['north', 'teacher', 'analyst']],
  ['PUT', '/v1/classrooms/room/learners', { course: 'small', learners: ['ada'] }, ['north', 'teacher']],
  ['PUT', '/v1/classrooms/room/strategy', { strategy: null }, ['north', 'teacher']],
  ['PUT', '/v1/classrooms/room/objective', { course: 'small', objective: null }, ['north', 'teacher']],
  ['PUT', '/v1/classrooms/room/phase', { phase: 'one' }, ['north', 'teacher']],
  ['PUT', '/v1/classrooms/room/calendar', { course: 'small', entries: [] }, ['north', 'teacher']],
  ['PUT', '/v1/classrooms/room/groups', { groups: [] }, ['north', 'teacher']],
  ['GET', '/v1/classrooms/room/board', undefined, ['north', 'teacher', 'analyst']],
  ['GET', '/v1/classrooms/room/groups', undefined, ['north', 'teacher', 'analyst']],
  ['PUT', '/v1/learners/ada/goals', { goals: [] }, ['north', 'teacher']],
  ['PUT', '/v1/learners/ada/preferences', { interests: [] }, ['north', 'teacher']],
  ['PUT', '/v1/learners/ada/strategy', { strategy: null }, ['north', 'teacher']],
  ['PUT', '/v1/learners/ada/objective', { course: 'small', objective: null }, ['north', 'teacher']],
  ['PUT', '/v1/learners/ada/pins', { items: [] }, ['north', 'teacher']],
  ['PUT', '/v1/learners/ada/exclusions', { items: [], skills: [] }, ['north', 'teacher']],
  ['PUT', '/v1/learners/ada/attestations', { skill: 'a', mastered: null }, ['north', 'teacher']],
  ['PUT', '/v1/learners/ada/pause', { paused: false }, ['north', 'teacher']],
  ['GET', '/v1/learners/ada/plan', undefined, ['north', 'teacher', 'analyst']],
  ['GET', '/v1/learners/ada/history', undefined, ['north', 'teacher', 'analyst']],
  ['POST', '/v1/learners/ada/placements', {}, ['north', 'teacher']],
  ['POST', '/v1/learners/ada/placements/p1/next', undefined, ['north', 'teacher']],
  ['GET', '/v1/learners/ada/placements/p1', undefined, ['north', 'teacher', 'analyst']],
  ['POST', '/v1/learners/ada/assessments', {}, ['north', 'teacher']],
  ['POST', '/v1/learners/ada/assessments/a1/complete', {}, ['north', 'teacher']],
  ['GET', '/v1/learners/ada/assessments/a1', undefined, ['north', 'teacher', 'analyst']],
  ['POST', '/v1/recommendations/bGVhcm5lci1ub3J0aC5hZGFAMA/accept', {}, ['north', 'teacher']],
  ['POST', '/v1/recommendations/bGVhcm5lci1ub3J0aC5hZGFAMA/decline', {}, ['north', 'teacher']],
] as const;

it.each(ROUTES)('%s %s answers no one without a key, nobody with a wrong one, and no other role', async (method, path, body, roles: readonly string[]) => {
  expect(problem(await service.send(method, path, body))).toMatchObject({ status: 401, code: 'not-allowed' });
  expect(problem(await service.as('wrong')(method, path, body))).toMatchObject({ status: 401, code: 'not-allowed' });
  for (const key of Object.keys(KEYS)) {
    const { status } = await service.as(key)(method, path, body);
    expect([key, status === 403]).toEqual([key, !roles.includes(key) && key !== 'south']);
  }
});

it('shows a recommendation to its tenant alone', async () => {
  const { recommendationId } = (await service.as('north')('POST', '/v1/learners/ada/recommendations', {})).json<RecommendationBody>();
  // South has a learner of the same id, with something at the same place.
  await service.as('south')('POST', '/v1/learners/ada/recommendations', {});
  for (const query of ['', '?recompute=true']) {
    expect((await service.as('analyst')('GET', `/v1/recommendations/${recommendationId}${query}`)).status).toBe(200);
    expect(problem(await service.as('south')('GET', `/v1/recommendations/${recommendationId}${query}`))).toEqual({
      status: 404, code: 'not-found', field: 'id', value: recommendationId, detail: 'There is no recommendation with this id; use the recommendationId of an answer of this service.',
    });
  }
});

it('takes a teacher\'s word as a teacher\'s, and a platform\'s for whom it speaks', async () => {
  const by = async (key: string, said?: string): Promise<unknown> => {
    await service.as(key)('PUT', '/v1/learners/ada/objective', { course: 'small', objective: null });
    await service.as(key)('PUT', '/v1/learners/ada/objective', { course: 'small', objective: 'to-b', ...(said === undefined ? {} : { by: said }) });
    return (await service.as(key)('GET', '/v1/learners/ada/history?limit=1')).json<{ entries: { data: { by: string } }[] }>().entries[0]?.data.by;
  };
  expect([await by('teacher'), await by('teacher', 'learner'), await by('north'), await by('north', 'teacher')]).toEqual(['teacher', 'teacher', 'platform', 'teacher']);
});

it('shows plans, boards and what became of recommendations to their tenant alone', async () => {
  await service.as('north')('PUT', '/v1/classrooms/room/learners', { course: 'small', learners: ['ada'] });
  await service.as('north')('PUT', '/v1/learners/ada/goals', { goals: [{ goal: 'g', course: 'small', objective: 'to-b' }] });
  const { recommendationId } = (await service.as('north')('POST', '/v1/learners/ada/recommendations', {})).json<RecommendationBody>();
  const south = service.as('south');
  expect((await south('GET', '/v1/learners/ada/plan')).json()).toMatchObject({ goals: [] });
  expect((await south('GET', '/v1/learners/ada/history')).json()).toMatchObject({ entries: [] });
  expect(problem(await south('GET', '/v1/classrooms/room/board'))).toMatchObject({ status: 404, code: 'not-found' });
  expect(problem(await south('POST', `/v1/recommendations/${recommendationId}/accept`, {}))).toMatchObject({ status: 404, code: 'not-found' });
});

it('keeps learners, requests, classrooms and courses of two tenants apart', async () => {
  await service.answers('ada', [['a1', true], ['a2', true]], 'north');
  const mastery = async (key: string): Promise<unknown> => (await service.as(key)('GET', '/v1/learners/ada/mastery')).json();
  expect(await mastery('north')).toMatchObject({ basedOn: { revision: 1 }, skills: [{ skill: 'a', answers: 2 }] });
  expect(await mastery('south')).toMatchObject({ basedOn: { revision: -1 }, skills: [] });
  const ask = async (key: string, body: object): Promise<RecommendationBody> => (await service.as(key)('POST', '/v1/learners/ada/recommendations', body)).json<RecommendationBody>();
  const [inNorth, inSouth] = [await ask('north', { requestId: 'r1' }), await ask('south', { requestId: 'r1' })];
  expect([inNorth.basedOn.revision, inSouth.basedOn.revision, inNorth.seed === inSouth.seed]).toEqual([1, -1, false]);
  await service.publish('other', renamed('x'), 'north');
  expect(problem(await service.as('south')('POST', '/v1/learners/ada/recommendations', { course: 'other' }))).toMatchObject({ code: 'unknown-course' });
  const room = { course: 'small', learners: ['ada'] };
  for (const key of ['north', 'south']) {
    expect((await service.as(key)('PUT', '/v1/classrooms/room/learners', room)).json()).toMatchObject({ enrolled: 1, learners: 1 });
  }
});
