import { Problem } from './problems.js';
import { querySchemaOf, schemaOf } from './schema.js';
import type { Invalid } from './schema-failure.js';

const EVENT = schemaOf<unknown>({
  type: 'object',
  required: ['id', 'learner', 'data'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 8 },
    learner: { type: 'string', opaque: true, pattern: '^[A-Za-z0-9_-]{1,64}$' },
    occurredAt: { type: 'string', format: 'date-time' },
    kind: { enum: ['practice', 'lesson'] },
    schema: { const: 1 },
    data: {
      type: 'object',
      additionalProperties: false,
      properties: {
        score: { type: ['number', 'null'], minimum: 0, maximum: 1 },
        durationMs: { type: 'integer', minimum: 0 },
        skills: {
          type: 'array',
          maxItems: 2,
          uniqueItems: true,
          items: { type: 'string', pattern: '^[a-z.]+$', expects: 'lower-case letters or dots' },
        },
        'a/b~c': { type: 'boolean' },
      },
    },
  },
});

const good = { id: 'e1', learner: 'l-1', data: {} };
const withData = (data: object): object => ({ ...good, data });

it('lets through what is right', () => {
  const event = { ...good, occurredAt: '2024-05-06T07:08:09Z', kind: 'lesson', schema: 1, data: { score: null, skills: ['a.b'] } };
  expect(EVENT.check(event)).toBeNull();
  expect(EVENT.parse(event)).toBe(event);
});

it('says which field is wrong, in one code of the closed list', () => {
  const time = 'must be an RFC 3339 time such as "2024-05-06T07:08:09.123Z"';
  const id = 'must be an opaque id matching ^[A-Za-z0-9_-]{1,64}$, never a name or an address';
  const name = 'must be text, 1 to 8 characters';
  const score = 'must be a number or null, 0 to 1';
  const old = '1969-01-01T00:00:00Z';

  const cases: [value: unknown, code: Invalid['code'], field: string, shown: unknown, right: string][] = [
    [[], 'wrong-type', 'body', '[]', 'must be an object'],
    [null, 'wrong-type', 'body', null, 'must be an object'],
    [undefined, 'wrong-type', 'body', null, 'must be an object'],
    [{ id: 'e', learner: 'l' }, 'missing-field', 'data', null, 'must be an object'],
    [{ id: 'e', data: {} }, 'missing-field', 'learner', null, id],
    [{ ...good, colour: 'red' }, 'unknown-field', 'colour', 'red', 'known here: id, learner, occurredAt, kind, schema, data'],
    [withData({ marks: 3 }), 'unknown-field', 'data.marks', 3, 'known here: score, durationMs, skills, a/b~c'],
    [{ ...good, id: 7 }, 'wrong-type', 'id', 7, name],
    [{ ...good, id: '' }, 'out-of-range', 'id', '', name],
    [{ ...good, id: '123456789' }, 'out-of-range', 'id', '123456789', name],
    [{ ...good, learner: 'ada@example.org' }, 'id-not-opaque', 'learner', 'ada@example.org', id],
    [{ ...good, learner: 5 }, 'wrong-type', 'learner', 5, id],
    [{ ...good, kind: 'play' }, 'out-of-range', 'kind', 'play', 'must be one of "practice", "lesson"'],
    [{ ...good, schema: 2 }, 'out-of-range', 'schema', 2, 'must be 1'],
    [{ ...good, occurredAt: 'noon' }, 'wrong-type', 'occurredAt', 'noon', time],
    [{ ...good, occurredAt: 12 }, 'wrong-type', 'occurredAt', 12, time],
    [{ ...good, occurredAt: old }, 'time-before-1970', 'occurredAt', old, 'must not lie before 1970'],
    [withData({ score: 1.5 }), 'out-of-range', 'data.score', 1.5, score],
    [withData({ score: true }), 'wrong-type', 'data.score', true, score],
    [withData({ durationMs: -1 }), 'out-of-range', 'data.durationMs', -1, 'must be a whole number, at least 0'],
    [withData({ durationMs: 1.5 }), 'wrong-type', 'data.durationMs', 1.5, 'must be a whole number, at least 0'],
    [withData({ skills: ['a', 'B'] }), 'out-of-range', 'data.skills[1]', 'B', 'must be lower-case letters or dots'],
    [withData({ skills: ['a', 'a'] }), 'out-of-range', 'data.skills', '["a","a"]', 'must be an array, at most 2 entries, without repeats'],
    [withData({ 'a/b~c': 1 }), 'wrong-type', 'data.a/b~c', 1, 'must be true or false'],
  ];
  for (const [value, code, field, shown, right] of cases) {
    const invalid = EVENT.check(value);
    expect(invalid).toEqual({ code, field, value: shown, message: expect.stringContaining(`${field} is `) });
    expect(invalid?.message).toContain(right);
  }
});

it('says it in one sentence', () => {
  const messages = [withData({ score: 1.5 }), { id: 'e', learner: 'l' }, { ...good, x: 1 }, { ...good, occurredAt: 'noon' }].map(
    (value) => EVENT.check(value)?.message,
  );
  expect(messages).toEqual([
    'data.score is 1.5; it must be a number or null, 0 to 1',
    'data is missing; it must be an object',
    'x is not known; known here: id, learner, occurredAt, kind, schema, data',
    'occurredAt is "noon"; it must be an RFC 3339 time such as "2024-05-06T07:08:09.123Z"',
  ]);
});

it('puts the place of the value itself before the field', () => {
  expect(EVENT.check({ ...good, learner: '?' }, '[3]')?.field).toBe('[3].learner');
  expect(EVENT.check(withData({ score: 2 }), '[3]')?.field).toBe('[3].data.score');
  expect(EVENT.check({ ...good, x: 1 }, '[3]')?.field).toBe('[3].x');
  expect(EVENT.check('x', '[3]')?.field).toBe('[3]');
});

it('never repeats more than 80 characters of what was sent', () => {
  const long = 'x'.repeat(10_000);
  for (const value of [{ ...good, id: long }, { ...good, [long]: 1 }, withData({ skills: [long, long, long] })]) {
    const invalid = EVENT.check(value);
    expect(invalid?.message.length).toBeLessThan(300);
    expect(String(invalid?.value).length).toBeLessThanOrEqual(80);
  }
});

it('throws a problem that a controller can leave alone', () => {
  const thrown = (() => {
    try {
      return EVENT.parse(withData({ score: 2 }));
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(Problem);
  expect((thrown as Problem).body).toMatchObject({ status: 400, code: 'out-of-range', field: 'data.score', value: 2 });
});

it('reads numbers and booleans out of a query', () => {
  const query = querySchemaOf<{ next?: number; recompute?: boolean }>({
    type: 'object',
    additionalProperties: false,
    properties: { next: { type: 'integer', minimum: 0, maximum: 20 }, recompute: { type: 'boolean' } },
  });
  expect(query.parse({ next: '3', recompute: 'true' })).toEqual({ next: 3, recompute: true });
  expect(query.check({ next: 'all' })).toMatchObject({ code: 'wrong-type', field: 'next', value: 'all' });
  expect(query.check({ next: '21' })).toMatchObject({ code: 'out-of-range', field: 'next', value: 21 });
  expect(query.check({ nxt: '1' })).toMatchObject({ code: 'unknown-field', field: 'nxt' });
});

it('chooses between alternatives by the field that tells them apart', () => {
  const one = schemaOf<unknown>({
    type: 'object',
    discriminator: { propertyName: 'type' },
    required: ['type'],
    oneOf: [
      { properties: { type: { const: 'A' }, a: { type: 'number' } }, required: ['a'] },
      { properties: { type: { const: 'B' }, b: { type: 'string' } }, required: ['b'] },
    ],
  });
  expect(one.check({ type: 'B', b: 'x' })).toBeNull();
  expect(one.check({ type: 'B' })).toMatchObject({ code: 'missing-field', field: 'b' });
  expect(one.check({ type: 'C' })).toMatchObject({
    code: 'out-of-range',
    field: 'type',
    message: 'type is "C"; it must be one of "A", "B"',
  });
  expect(one.check({ type: 3 })).toMatchObject({ code: 'wrong-type', field: 'type' });
  expect(one.check({})).toMatchObject({ code: 'missing-field', field: 'type' });
});

it('refuses a schema with a slip in it when it is compiled, not when it is used', () => {
  expect(() => schemaOf({ type: 'object', propertis: {} })).toThrow('unknown keyword');
});

it('shows a value that is nested too deeply to be written out by what it is', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  const { parse } = schemaOf<object>({ type: 'object', additionalProperties: false, properties: { name: { type: 'string' } } });
  expect(() => parse({ name: deep })).toThrow('name is an array nested very deeply; it must be text.');
  expect(() => parse({ other: { deep } })).toThrow('other is not known; known here: name.');
});

it('names what a missing tag may be', () => {
  const { parse } = schemaOf<object>({
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [{ properties: { kind: { enum: ['circle', 'square'] } } }, { properties: { kind: { const: 'line' } } }],
  });
  expect(() => parse({})).toThrow('kind is missing; it must be one of "circle", "square", "line".');
});
