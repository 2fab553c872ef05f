// How a teacher arranges a classroom: strategy, objective, phase, calendar, groups.
import { DAY, problem, running, type Running } from './testing.js';

const ROOM = '/v1/classrooms/room-1';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('small');
  await service.send('PUT', `${ROOM}/learners`, { course: 'small', learners: ['ada', 'bob', 'cyd', 'dan'] });
});
afterEach(() => service.close());

const put = (what: string, body: unknown): ReturnType<Running['send']> => service.send('PUT', `${ROOM}/${what}`, body);
const changed = async (what: string, body: unknown): Promise<unknown> => (await put(what, body)).json<{ changed: boolean }>().changed;
interface Shown { readonly group: string; readonly title: string; readonly learners: string[]; readonly kind: string; readonly about?: string }
interface Groups { readonly groups: Shown[]; readonly suggestion: { readonly groups: Shown[]; readonly notes: object[] } }
const groups = async (query = ''): Promise<Groups> => (await service.send('GET', `${ROOM}/groups${query}`)).json<Groups>();
const board = async (): Promise<object> => (await service.send('GET', `${ROOM}/board`)).json();

const BLEND = { preset: 'blended', mix: { by: 'phase', phases: [{ phase: 'together', strategy: { preset: 'differentiated' } }, { phase: 'own', strategy: { preset: 'personalized' } }] } };

it('has a strategy and an objective that hold for every learner', async () => {
  expect((await put('strategy', { strategy: { preset: 'differentiated' } })).json()).toEqual({ classroom: 'room-1', changed: true, revision: 4 });
  expect(await changed('strategy', { strategy: { preset: 'differentiated' } })).toBe(false);
  expect(await changed('objective', { course: 'small', objective: 'to-b', due: '2026-03-20T00:00:00Z' })).toBe(true);
  expect(await changed('objective', { course: 'small', objective: 'to-b', due: '2026-03-20T00:00:00Z' })).toBe(false);
  expect(await board()).toMatchObject({
    objective: { objective: 'to-b', title: 'B', locked: false, due: '2026-03-20T00:00:00.000Z' },
    learners: [{ learner: 'ada', aim: { objective: 'to-b', by: 'classroom' }, strategy: { name: 'differentiated-2', source: 'classroom' } }, {}, {}, {}],
  });
  const made = (await service.send('POST', '/v1/learners/ada/recommendations', {})).json();
  expect(made).toMatchObject({ basedOn: { classroom: { id: 'room-1', revision: 5 } }, versions: { strategy: 'differentiated-2' } });
  await put('strategy', { strategy: null });
  await put('objective', { course: 'small', objective: null });
  expect(await board()).toMatchObject({ objective: null, learners: [{ strategy: { source: 'default' } }, {}, {}, {}] });
});

it('goes from phase to phase when the teacher says so', async () => {
  await put('strategy', { strategy: BLEND });
  const strategyOf = async (): Promise<unknown> => (await board()) as { learners: { strategy: object }[] };
  expect(await strategyOf()).toMatchObject({ learners: [{ strategy: { name: 'blended/differentiated-2', phase: 'together' } }, {}, {}, {}] });
  await put('phase', { phase: 'own' });
  expect(await strategyOf()).toMatchObject({ phase: 'own', learners: [{ strategy: { name: 'blended/personalized-2', phase: 'own' } }, {}, {}, {}] });
});

it('is held against its calendar', async () => {
  expect(await changed('calendar', { course: 'small', entries: [{ objective: 'to-b', due: '2026-03-12T08:00:00Z' }] })).toBe(true);
  expect(await changed('calendar', { course: 'small', entries: [{ objective: 'to-b', due: '2026-03-12T08:00:00Z' }] })).toBe(false);
  await service.answers('ada', [['a1', false]]);
  service.clock.ms += 8 * DAY;
  expect(await board()).toMatchObject({
    learners: [{ calendarDays: -8, flags: [{ flag: 'behind', reason: { params: { days: 8, actual: 0 } } }] }, {}, {}, {}],
    pace: { expected: 1.6, days: -8, dates: [{ objective: 'to-b', due: '2026-03-12T08:00:00.000Z', learners: 4, holds: false }] },
  });
});

it('remembers what the teacher changed in suggested groups, and explains it at the next suggestion', async () => {
  for (const learner of ['ada', 'bob']) await service.answers(learner, Array.from({ length: 8 }, () => ['a1', true] as const));
  const { suggestion } = await groups();
  expect(suggestion.groups.map(({ group, learners }) => [group, learners])).toEqual([['shared-gap-1.a', ['cyd', 'dan']], ['shared-gap-1.b', ['ada', 'bob']]]);
  const edited = suggestion.groups.map(({ group, title, kind, about, learners }) => ({ group, title, kind, about, learners: group === 'shared-gap-1.a' ? ['cyd'] : [...learners, 'dan'] }));
  const body = { groups: edited, suggestion: suggestion.groups };
  expect(await changed('groups', body)).toBe(true);
  expect(await changed('groups', body)).toBe(false);
  await service.answers('dan', [['a1', false]]);
  const again = await groups();
  expect(again.groups).toEqual(edited);
  expect(again.suggestion.groups.find(({ learners }) => learners.includes('dan'))).toMatchObject({ group: 'shared-gap-1.b', learners: ['ada', 'bob', 'dan'] });
  expect(again.suggestion.notes).toMatchObject([{ learner: 'cyd' }, { learner: 'dan', group: 'shared-gap-1.b', reason: { key: 'kept-in-group', teacher: 'Kept in "B" because you moved this learner there.' } }]);
  expect(await board()).toMatchObject({ learners: [{ group: 'shared-gap-1.b' }, {}, { group: 'shared-gap-1.a' }, { group: 'shared-gap-1.b' }] });
});

it('keeps groups of the teacher\'s own, with a strategy of their own', async () => {
  await put('groups', { groups: [{ group: 'robots', title: 'Robots', learners: ['ada', 'dan'], kind: 'own' }] });
  await put('strategy', { strategy: { preset: 'personalized' }, group: 'robots' });
  expect(await board()).toMatchObject({ learners: [{ group: 'robots', strategy: { name: 'personalized-2', source: 'group' } }, { group: null, strategy: { source: 'default' } }, {}, {}] });
  expect((await groups('?kind=mixed-readiness')).suggestion).toMatchObject({ groups: [{ group: 'robots', kind: 'own', reason: { key: 'group-own' } }, { learners: ['bob', 'cyd'] }], notes: [] });
});

it.each([
  ['strategy', { strategy: { preset: 'lecture' } }, { status: 400, code: 'out-of-range', field: 'strategy.preset', value: 'lecture' }],
  ['strategy', { strategy: { preset: 'differentiated' }, group: 'attic' }, { status: 409, code: 'refused:unknown-group', field: 'group', value: 'attic' }],
  ['strategy', { strategy: { preset: 'blended', mix: { by: 'objective', objectives: [{ objective: 'to-z', strategy: { preset: 'personalized' } }], otherwise: { preset: 'individualized' } } } }, { status: 422, code: 'refused:unknown-objective', field: 'strategy.mix.objectives[0].objective', value: 'to-z' }],
  ['strategy', { strategy: { preset: 'differentiated', settings: { objective: 'learner' } } }, { status: 422, code: 'refused:impossible-strategy' }],
  ['objective', { course: 'large', objective: 'to-b' }, { status: 422, code: 'unknown-course', field: 'course', value: 'large' }],
  ['objective', { course: 'small', objective: 'to-z' }, { status: 422, code: 'refused:unknown-objective', field: 'objective', value: 'to-z' }],
  ['phase', { phase: 'own' }, { status: 409, code: 'refused:unknown-phase', field: 'phase', value: 'own', detail: 'phase: "own" is none; no strategy in force has phases: choose a blended one first.' }],
  ['calendar', { course: 'small', entries: [{ objective: 'to-z', due: '2026-03-12T00:00:00Z' }] }, { status: 422, code: 'refused:unknown-objective', field: 'entries[0].objective' }],
  ['calendar', { course: 'small', entries: [{ objective: 'to-b', due: '2026-03-12T00:00:00Z' }, { objective: 'to-b', due: '2026-04-12T00:00:00Z' }] }, { status: 400, code: 'out-of-range', field: 'entries[1].objective', value: 'to-b' }],
  ['calendar', { course: 'small', entries: [{ objective: 'to-b', due: 'soon' }] }, { status: 400, code: 'wrong-type', field: 'entries[0].due', value: 'soon' }],
  ['groups', { groups: [{ group: 'g', title: 'G', learners: ['eve'], kind: 'own' }] }, { status: 409, code: 'refused:learner-not-enrolled', field: 'groups[0].learners[0]', value: 'eve' }],
  ['groups', { groups: [{ group: 'g', title: 'G', learners: ['ada'], kind: 'own' }, { group: 'h', title: 'H', learners: ['ada'], kind: 'own' }] }, { status: 422, code: 'refused:learner-in-two-groups', field: 'groups[1].learners[0]', value: 'ada' }],
  ['groups', { groups: [{ group: 'g', title: 'G', learners: ['a@b.org'], kind: 'own' }] }, { status: 400, code: 'id-not-opaque', field: 'groups[0].learners[0]' }],
])('refuses a %s that cannot be, with what would be right: %j', async (what, body, expected) => {
  expect(problem(await put(what, body))).toMatchObject(expected);
});
