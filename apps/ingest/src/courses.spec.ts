// A course is published whole or not at all; what keeps it from being taught is named.
import { algebra, problem, running, type Running } from './testing.js';

const COURSE = '/v1/courses/algebra';

let service: Running;
beforeEach(async () => {
  service = await running();
});
afterEach(() => service.close());

const put = (body: unknown, path = COURSE): ReturnType<Running['send']> => service.send('PUT', path, body);
const skill = (id: string, ...prerequisites: string[]): object => ({ id, title: id, prerequisites: prerequisites.map((needed) => ({ skill: needed, strength: 'hard' })) });
const item = (id: string, ...skills: string[]): object => ({ id, skills, kind: 'practice' });

it('publishes a course as its first version, and the same content again as nothing', async () => {
  const published = { course: 'algebra', version: 1, skills: 2, items: 6 };
  expect((await put(algebra())).json()).toEqual({ ...published, changed: true });
  expect((await put(algebra())).json()).toEqual({ ...published, changed: false });
  expect((await put(algebra({ title: 'Algebra I' }))).json()).toEqual({ ...published, version: 2, changed: true });
  expect((await put(algebra())).json()).toEqual({ ...published, version: 3, changed: true });
});

it('takes the same content in another order of fields for the same', async () => {
  await put(algebra());
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).toReversed().map(([name, member]) => [name, reversed(member)]));
  };
  expect((await put(reversed(algebra()))).json()).toMatchObject({ version: 1, changed: false });
});

it('takes a course in force at once: its items are known to the next answer', async () => {
  await put(algebra());
  expect((await service.send('POST', '/v1/learners/ada/answers', { item: 'add-number', response: '4' })).json()).toMatchObject({ correct: true });
  await put(algebra({ items: [{ id: 'add-number', skills: ['multiply'], kind: 'practice', key: { type: 'number', values: ['5'] } }] }));
  expect((await service.send('POST', '/v1/learners/ada/answers', { item: 'add-number', response: '4' })).json()).toMatchObject({ correct: false, skills: [{ skill: 'multiply' }] });
});

describe('a course that cannot be taught is refused with what is wrong', () => {
  const cases: readonly [name: string, course: object, code: string, detail: string][] = [
    ['a cycle of prerequisites', algebra({ skills: [skill('add', 'divide'), skill('multiply', 'add'), skill('divide', 'multiply')] }), 'prerequisite-cycle',
      'skills: add -> divide -> multiply -> add is a cycle of prerequisites; take one of its links out'],
    ['a skill that needs itself', algebra({ skills: [skill('add', 'add'), skill('multiply')] }), 'prerequisite-cycle',
      'skills: add -> add is a cycle of prerequisites; take one of its links out'],
    ['a prerequisite that is no skill of it', algebra({ skills: [skill('add', 'count'), skill('multiply')] }), 'dangling-skill',
      'skills[0].prerequisites[0].skill: "count" is not among the course\'s skills; add it to skills or leave it out here'],
    ['an item on a skill that is none of it', algebra({ items: [item('one', 'add'), item('two', 'add', 'divide')] }), 'dangling-skill',
      'items[1].skills[1]: "divide" is not among the course\'s skills; add it to skills or leave it out here'],
    ['an objective with a skill that is none of it', algebra({ objectives: [{ id: 'all', title: 'All', skills: ['add', 'divide'] }] }), 'dangling-skill',
      'objectives[0].skills[1]: "divide" is not among the course\'s skills; add it to skills or leave it out here'],
    ['an item without skills', algebra({ items: [item('one', 'add'), item('two')] }), 'item-without-skills',
      'items[1].skills: item "two" names no skill; every item needs at least one'],
    ['no skill', algebra({ skills: [] }), 'empty-course', 'skills: the list is empty; a course needs at least one skill'],
    ['no item', algebra({ items: [] }), 'empty-course', 'items: the list is empty; a course needs at least one item'],
    ['two skills of one id', algebra({ skills: [skill('add'), skill('multiply'), skill('add')] }), 'duplicate-id', 'skills[2].id: "add" is used twice; ids are unique in a course'],
    ['two items of one id', algebra({ items: [item('one', 'add'), item('one', 'multiply')] }), 'duplicate-id', 'items[1].id: "one" is used twice; ids are unique in a course'],
  ];
  it.each(cases)('%s', async (_name, course, rule, detail) => {
    expect(problem(await put(course))).toEqual({ status: 422, code: `refused:${rule}`, detail });
    expect(service.engine.catalogue.coursesOf('default' as never)).toEqual([]);
  });

  it('an item of another course', async () => {
    await put(algebra(), '/v1/courses/arithmetic');
    expect(problem(await put(algebra({ items: [item('new', 'add'), item('both', 'add')] })))).toEqual({
      status: 422, code: 'refused:item-of-another-course',
      detail: 'items[1].id: "both" belongs to course "arithmetic"; an item belongs to one course, so give it another id',
    });
  });

  it('an item of another course that is published at the same moment', async () => {
    const replies = await Promise.all(['one', 'two', 'three'].map((id) => put(algebra(), `/v1/courses/${id}`)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 422, 422]);
  });

  it('an item that another course has given up is free', async () => {
    await put(algebra(), '/v1/courses/arithmetic');
    await put(algebra({ items: [item('new', 'add')] }), '/v1/courses/arithmetic');
    expect((await put(algebra())).status).toBe(200);
  });
});

describe('a course that is not of the right form is refused with field, value and what would be right', () => {
  const cases: readonly [name: string, course: unknown, answer: object][] = [
    ['an unknown field', algebra({ author: 'ada' } as object), { code: 'unknown-field', field: 'author', value: 'ada', detail: 'author is not known; known here: title, language, licence, skills, items, objectives.' }],
    ['an unknown field of an item', algebra({ items: [{ ...item('one', 'add'), level: 3 }] }), { code: 'unknown-field', field: 'items[0].level', value: 3 }],
    ['an unknown field of a key', algebra({ items: [{ ...item('one', 'add'), key: { type: 'text', values: ['a'], fold: true } }] }), { code: 'unknown-field', field: 'items[0].key.fold', value: true }],
    ['skills as an object', algebra({ skills: {} as object[] }), { code: 'wrong-type', field: 'skills', value: '{}', detail: 'skills is {}; it must be an array, at most 5000 entries.' }],
    ['a missing title', algebra({ title: undefined } as object), { code: 'missing-field', field: 'title', value: null }],
    ['a skill without an id', algebra({ skills: [{ title: 'x', prerequisites: [] }] }), { code: 'missing-field', field: 'skills[0].id' }],
    ['an id with a space', algebra({ skills: [skill('a b')] }), {
      code: 'out-of-range', field: 'skills[0].id', value: 'a b', detail: 'skills[0].id is "a b"; it must be text, matching ^[A-Za-z0-9._:~-]{1,128}$.' }],
    ['a mark above 1', algebra({ skills: [{ ...skill('add'), masteryAt: 1.2 }] }), {
      code: 'out-of-range', field: 'skills[0].masteryAt', value: 1.2, detail: 'skills[0].masteryAt is 1.2; it must be a number, 0.5 to 0.999.' }],
    ['another kind of key', algebra({ items: [{ ...item('one', 'add'), key: { type: 'regex', values: ['.*'] } }] }), {
      code: 'out-of-range', field: 'items[0].key.type', value: 'regex', detail: 'items[0].key.type is "regex"; it must be one of "choice", "number", "text".' }],
    ['an array', [], { code: 'wrong-type', field: 'body', value: '[]', detail: 'body is []; it must be an object.' }],
  ];
  it.each(cases)('%s', async (_name, course, answer) => expect(problem(await put(course))).toMatchObject({ status: 400, ...answer }));

  it('an id of the course that is none', async () => {
    expect(problem(await put(algebra(), '/v1/courses/my%20course'))).toMatchObject({ status: 400, code: 'out-of-range', field: 'id', value: 'my course' });
  });

  it('a body that is no JSON', async () => {
    expect(problem(await put('{"title": "Algebra"'))).toMatchObject({ status: 400, code: 'malformed-json' });
  });
});

describe('a large course', () => {
  it('is taken up to 16 MiB, which is more than other bodies may have', async () => {
    const items = Array.from({ length: 30_000 }, (_, at) => ({ ...item(`item-${at}`, 'add'), title: 'x'.repeat(200) }));
    expect((await put(algebra({ items }))).json()).toMatchObject({ version: 1, items: 30_000 });
    expect((await put(algebra({ items }))).json()).toMatchObject({ changed: false });
    expect(problem(await put(`"${'x'.repeat(16 * 1024 * 1024)}"`))).toEqual({ status: 413, code: 'too-large', detail: 'The body is over the limit of 16777216 bytes; send it in smaller parts.' });
  });

  it('is taken where every character takes three bytes', async () => {
    const items = Array.from({ length: 400 }, (_, at) => ({ ...item(`item-${at}`, 'add'), title: '\u4ee3'.repeat(450) }));
    expect(problem(await put(algebra({ items })))).toMatchObject({ status: 200 });
  });

  it('is taken with an objective over as many skills as there may be', async () => {
    const skills = Array.from({ length: 1_000 }, (_, at) => skill(`${'s'.repeat(120)}-${at}`));
    const names = skills.map((each) => (each as { readonly id: string }).id);
    const course = algebra({ skills, items: [item('one', names[0] ?? '')], objectives: [{ id: 'all', title: 'All', skills: names }] });
    expect(problem(await put(course))).toMatchObject({ status: 200 });
  });
});
