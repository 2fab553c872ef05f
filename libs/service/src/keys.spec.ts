import { createHash } from 'node:crypto';
import { Keys } from './keys.js';

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const hash = sha256('a key');
const parse = (entries: unknown): Keys => Keys.parse(JSON.stringify(entries), 'keys.json');

it('knows the holder of a key by its hash', () => {
  const keys = parse({ [hash]: { tenant: 'north', role: 'teacher' }, [sha256('b')]: { tenant: 'south', role: 'analyst' } });
  const cases: [string | undefined, string | undefined][] = [
    ['Bearer b', 'south'],
    ['bearer b', 'south'],
    ['Bearer   b', 'south'],
    ['Bearer c', undefined],
    ['Bearer ', undefined],
    ['Bearer b b', undefined],
    ['b', undefined],
    ['Basic b', undefined],
    [`Bearer ${hash}`, undefined],
    [`Bearer ${'b'.repeat(1000)}`, undefined],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [header, tenant] of cases) expect(keys.holderOf(header)?.tenant).toBe(tenant);
});

it('says in one sentence what is wrong with a keys file', () => {
  const entry = { tenant: 'north', role: 'teacher' };
  const name = 'is not named by a SHA-256 in 64 lower-case hex digits: printf %s "$KEY" | sha256sum gives it.';
  const cases: [unknown, string][] = [
    [{}, 'The keys file keys.json holds no key, so nobody could call.'],
    [[], 'The keys file keys.json is wrong: body is []; it must be an object, at most 10000 fields.'],
    [{ [hash]: entry, 'my secret key': entry }, `Entry 2 of the keys file keys.json ${name}`],
    [{ [hash.toUpperCase()]: entry }, `Entry 1 of the keys file keys.json ${name}`],
    [{ [hash]: { ...entry, tenant: 'North' } }, '.tenant is "North"; it must be 1 to 63 lower-case letters, digits or hyphens.'],
    [{ [hash]: { ...entry, role: 'admin' } }, '.role is "admin"; it must be one of "platform", "teacher", "analyst", "operator".'],
    [{ [hash]: { role: 'teacher' } }, '.tenant is missing; it must be 1 to 63 lower-case letters, digits or hyphens.'],
    [{ [hash]: { ...entry, note: 1 } }, '.note is not known; known here: tenant, role.'],
  ];
  for (const [entries, sentence] of cases) expect(() => parse(entries)).toThrow(sentence);
});

it('never quotes the file', () => {
  expect(() => Keys.parse('{"my secret', 'keys.json')).toThrow(/^The keys file keys\.json is not valid JSON\.$/);
  expect(() => parse({ 'my secret key': {} })).toThrow(/^(?!.*secret)/);
});

it('says where it looked for a file that is not there', () => {
  expect(() => Keys.read('/no/such/keys.json')).toThrow(
    'The keys file /no/such/keys.json cannot be read (ENOENT); put its path into TRELLIS_KEYS.',
  );
});
