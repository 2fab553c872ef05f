// Every word that holds for one learner: given, taken back, and refused where it names what is not there.
import { problem, running, type Running } from './testing.js';

const ADA = '/v1/learners/ada';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('small');
});
afterEach(() => service.close());

interface Page { readonly goals: readonly object[]; readonly proposed: readonly object[]; readonly inForce: object; readonly strategy: object; readonly aim: object; readonly preferences: object }

const put = (what: string, body: unknown): ReturnType<Running['send']> => service.send('PUT', `${ADA}/${what}`, body);
const plan = async (): Promise<Page> => (await service.send('GET', `${ADA}/plan?course=small`)).json<Page>();
const changed = async (what: string, body: unknown): Promise<unknown> => (await put(what, body)).json<{ changed: boolean }>().changed;

describe('goals', () => {
  it('are set as a whole, with what is left to each and whether its date holds', async () => {
    const goals = [{ goal: 'fractions', course: 'small', objective: 'to-b', due: '2026-04-01T00:00:00Z', minutesPerWeek: 60 }, { goal: 'only-a', course: 'small', skills: ['a'] }];
    expect((await put('goals', { goals })).json()).toEqual({ learner: 'ada', changed: true, revision: 1 });
    expect((await plan()).goals).toMatchObject([
      { goal: 'fractions', title: 'B', due: '2026-04-01T00:00:00.000Z', at: '2026-03-02T08:00:00.000Z', work: { needed: 2, open: 2 }, date: { daysLeft: 30, holds: true, reason: { key: 'date-holds', text: expect.stringContaining('in time') as string } } },
      { goal: 'only-a', title: 'A', work: { needed: 1 }, date: null },
    ]);
    expect((await put('goals', { goals })).json()).toEqual({ learner: 'ada', changed: false, revision: 1 });
    await put('goals', { goals: [goals[1]] });
    expect((await plan()).goals).toMatchObject([{ goal: 'only-a' }]);
  });

  it('are proposed beside those that there are', async () => {
    await put('goals', { goals: [{ goal: 'g', course: 'small', objective: 'to-b' }], proposed: true, by: 'teacher' });
    expect(await plan()).toMatchObject({ goals: [], proposed: [{ goal: 'g', by: 'teacher' }] });
  });

  it('drive what a learner with a personalized strategy is given', async () => {
    await put('strategy', { strategy: { preset: 'personalized' } });
    await put('goals', { goals: [{ goal: 'g', course: 'small', skills: ['a'] }] });
    expect(await plan()).toMatchObject({ strategy: { preset: 'personalized', source: 'learner' }, aim: { by: 'goals', title: 'A', work: { needed: 1 } } });
  });

  it.each([
    ['outside every course', { goals: [{ goal: 'g', course: 'large', objective: 'x' }] }, { status: 422, code: 'unknown-course', field: 'goals[0].course', value: 'large' }],
    ['with an unknown objective', { goals: [{ goal: 'g', course: 'small', objective: 'to-z' }] }, { status: 422, code: 'refused:unknown-objective', field: 'goals[0].objective', value: 'to-z', detail: 'goals[0].objective: course "small" has no objective "to-z"; it has to-b.' }],
    ['with a skill outside the course', { goals: [{ goal: 'g', course: 'small', skills: ['a', 'z'] }] }, { status: 422, code: 'unknown-skill', field: 'goals[0].skills[1]', value: 'z' }],
    ['with neither', { goals: [{ goal: 'g', course: 'small' }] }, { status: 422, code: 'refused:goal-without-skills', field: 'goals[0]' }],
    ['of one name', { goals: [{ goal: 'g', course: 'small', skills: ['a'] }, { goal: 'g', course: 'small', skills: ['b'] }] }, { status: 422, code: 'refused:duplicate-goal', field: 'goals[1].goal', value: 'g', detail: 'goals[1].goal: "g" is used twice.' }],
    ['in the past', { goals: [{ goal: 'g', course: 'small', objective: 'to-b', due: '2026-01-01T00:00:00Z' }] }, { status: 400, code: 'out-of-range', field: 'goals[0].due' }],
    ['more than there may be', { goals: Array.from({ length: 6 }, (_, n) => ({ goal: `g${n}`, course: 'small', objective: 'to-b' })) }, { status: 400, code: 'out-of-range', field: 'goals' }],
    ['with a field that is none', { goals: [{ goal: 'g', course: 'small', target: 'b' }] }, { status: 400, code: 'unknown-field', field: 'goals[0].target' }],
  ])('%s are refused', async (_, body, expected) => {
    expect(problem(await put('goals', body))).toMatchObject(expected);
    expect((await plan()).goals).toEqual([]);
  });
});

describe('preferences', () => {
  it('are kept as the learner stated them, and speak the learner\'s language', async () => {
    expect(await changed('preferences', { interests: ['music'], language: 'es' })).toBe(true);
    expect(await changed('preferences', { interests: ['music'] })).toBe(false);
    expect(await changed('preferences', { readingLevel: 4 })).toBe(true);
    await put('goals', { goals: [{ goal: 'g', course: 'small', objective: 'to-b', due: '2026-04-01T00:00:00Z' }] });
    expect(await plan()).toMatchObject({ preferences: { interests: ['music'], readingLevel: 4, language: 'es' }, goals: [{ date: { reason: { text: expect.stringContaining('respuestas') as string } } }] });
  });

  it('that say nothing or something else are refused', async () => {
    expect(problem(await put('preferences', {}))).toMatchObject({ status: 400 });
    expect(problem(await put('preferences', { learningStyle: 'visual' }))).toMatchObject({ status: 400, code: 'unknown-field', field: 'learningStyle' });
    expect(problem(await put('preferences', { language: 'Spanish!' }))).toMatchObject({ status: 400, code: 'out-of-range', field: 'language' });
  });
});

describe('a teacher\'s word', () => {
  it.each([
    ['strategy', { strategy: { preset: 'differentiated', settings: { choices: 2 } } }, { strategy: null }, 'strategy', { preset: 'differentiated', settings: { choices: 2 } }, null],
    ['objective', { course: 'small', objective: 'to-b', locked: true }, { course: 'small', objective: null }, 'objectives', [{ course: 'small', objective: 'to-b', locked: true }], []],
    ['pins', { items: ['a1'], by: 'teacher' }, { items: [] }, 'pins', [{ item: 'a1', attempts: 0, by: 'teacher' }], []],
    ['exclusions', { items: ['a1'], skills: ['b'] }, { items: [], skills: [] }, 'excludedSkills', ['b'], []],
    ['attestations', { skill: 'a', mastered: true, note: 'seen at the board' }, { skill: 'a', mastered: null }, 'attested', [{ skill: 'a', mastered: true, by: 'platform' }], []],
    ['pause', { paused: true, note: 'exam week' }, { paused: false }, 'paused', { by: 'platform', note: 'exam week' }, null],
  ] as const)('%s holds, once, and can be taken back', async (what, given, back, member, held, gone) => {
    expect(await changed(what, given)).toBe(true);
    expect((await plan()).inForce).toMatchObject({ [member]: held });
    expect(await changed(what, given)).toBe(false);
    expect(await changed(what, back)).toBe(true);
    expect((await plan()).inForce).toMatchObject({ [member]: gone });
    const { entries } = (await service.send('GET', `${ADA}/history?kind=decided`)).json<{ entries: object[] }>();
    expect(entries.length).toBeGreaterThanOrEqual(2);
  });

  it('is the next item, the reason says whose, and it is fulfilled by one answer', async () => {
    await service.answers('ada', [['b2', true]]);
    await put('pins', { items: ['b2'], by: 'teacher' });
    const next = async (): Promise<object> => (await service.send('POST', `${ADA}/recommendations`, {})).json();
    expect(await next()).toMatchObject({ items: [{ item: 'b2', reason: { key: 'pinned', teacher: expect.stringContaining('teacher') as string } }] });
    await service.answers('ada', [['b2', true]]);
    expect(await next()).not.toMatchObject({ items: [{ item: 'b2' }] });
  });

  it('pauses the engine: nothing is chosen, and the reason says so', async () => {
    await put('pause', { paused: true });
    expect((await service.send('POST', `${ADA}/recommendations`, {})).json()).toMatchObject({ items: [], pacing: { reason: { key: expect.stringContaining('paused') as string } } });
  });

  it.each([
    ['strategy', { strategy: { preset: 'montessori' } }, { status: 400, code: 'out-of-range', field: 'strategy.preset', value: 'montessori' }],
    ['strategy', { strategy: { preset: 'blended' } }, { status: 400, code: 'missing-field', field: 'strategy.mix' }],
    ['strategy', { strategy: { preset: 'blended', mix: { by: 'phase', phases: [{ phase: 'one', strategy: { preset: 'personalized' } }] } } }, { status: 422, code: 'refused:impossible-strategy', field: 'strategy.mix.phases', detail: 'strategy.mix.phases: 1 given; a mix by phase needs at least 2.' }],
    ['strategy', { strategy: { preset: 'blended', mix: { by: 'objective', objectives: [{ objective: 'to-b', strategy: { preset: 'personalized' } }, { objective: 'to-z', strategy: { preset: 'personalized' } }], otherwise: { preset: 'individualized' } } } }, { status: 422, code: 'refused:unknown-objective', field: 'strategy.mix.objectives[1].objective', value: 'to-z', detail: 'strategy.mix.objectives[1].objective: no course has an objective "to-z".' }],
    ['strategy', { strategy: { preset: 'personalized', settings: { pace: 'class' } } }, { status: 422, code: 'refused:impossible-strategy', field: expect.stringMatching(/^strategy\.settings/) as string }],
    ['objective', { course: 'small', objective: 'to-z' }, { status: 422, code: 'refused:unknown-objective', field: 'objective', value: 'to-z' }],
    ['pins', { items: ['a1', 'z9'] }, { status: 422, code: 'unknown-item', field: 'items[1]', value: 'z9', detail: 'items[1]: no course has an item "z9".' }],
    ['exclusions', { items: [], skills: ['z'] }, { status: 422, code: 'unknown-skill', field: 'skills[0]', value: 'z' }],
    ['attestations', { skill: 'z', mastered: true }, { status: 422, code: 'unknown-skill', field: 'skill', value: 'z' }],
    ['pause', {}, { status: 400, code: 'missing-field', field: 'paused' }],
  ])('about %s that cannot be is refused with what would be right: %j', async (what, body, expected) => {
    expect(problem(await put(what, body))).toMatchObject(expected);
  });
});

describe('a choice', () => {
  const recommend = async (): Promise<{ recommendationId: string; items: { item: string }[] }> => (await service.send('POST', `${ADA}/recommendations`, { count: 2 })).json();
  const say = (id: string, what: string, body?: unknown): ReturnType<Running['send']> => service.send('POST', `/v1/recommendations/${id}/${what}`, body ?? {});

  it('is kept once, however often it is sent', async () => {
    const { recommendationId: id, items } = await recommend();
    const first = await say(id, 'accept', { item: items[0]?.item });
    expect(first.json()).toEqual({ learner: 'ada', changed: true, revision: 1 });
    expect((await say(id, 'accept', { item: items[0]?.item })).text).toBe(first.text);
    const { entries } = (await service.send('GET', `${ADA}/history`)).json<{ entries: { type: string; data: object }[] }>();
    expect(entries.map(({ type }) => type)).toEqual(['RecommendationAccepted', 'RecommendationMade']);
  });

  it('to decline takes all of it if nothing is named, and is heard', async () => {
    const { recommendationId: id, items } = await recommend();
    await say(id, 'decline', { why: 'too-hard' });
    await say(id, 'decline', { why: 'too-hard' });
    expect((await plan()).inForce).toMatchObject({ declined: [{ recommendation: id, items: items.map(({ item }) => item), skills: ['a'], why: 'too-hard', at: '2026-03-02T08:00:00.000Z' }] });
  });

  it('of what was not recommended, or of no recommendation, is refused', async () => {
    const { recommendationId: id } = await recommend();
    expect(problem(await say(id, 'accept', { item: 'b1' }))).toMatchObject({ status: 422, code: 'refused:not-recommended', field: 'item', value: 'b1' });
    expect(problem(await say(id, 'accept'))).toMatchObject({ status: 400, code: 'missing-field', field: 'item' });
    expect(problem(await say(id, 'decline', { items: ['b1'] }))).toMatchObject({ status: 422, code: 'refused:not-recommended', field: 'items[0]' });
    expect(problem(await say('bGVhcm5lci1kZWZhdWx0LmFkYUAw1', 'accept'))).toMatchObject({ status: 404, code: 'not-found', field: 'id' });
  });
});

it('has nothing to accept or to decline in a recommendation without items, and says so', async () => {
  await put('pause', { paused: true });
  const { recommendationId: id } = (await service.send('POST', `${ADA}/recommendations`, {})).json<{ recommendationId: string }>();
  for (const what of ['accept', 'decline']) {
    expect(problem(await service.send('POST', `/v1/recommendations/${id}/${what}`, {}))).toMatchObject({ status: 422, code: 'refused:not-recommended', field: what === 'accept' ? 'item' : 'items', detail: expect.stringContaining('this recommendation has no items') as string });
  }
  expect((await plan()).inForce).toMatchObject({ declined: [] });
});

it('keeps all of several words that come at once', async () => {
  const all = await Promise.all([put('pins', { items: ['a1'] }), put('objective', { course: 'small', objective: 'to-b' }), put('pause', { paused: true }), put('attestations', { skill: 'a', mastered: true })]);
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await plan()).inForce).toMatchObject({ pins: [{ item: 'a1' }], objectives: [{ objective: 'to-b' }], paused: { by: 'platform' }, attested: [{ skill: 'a' }] });
});
