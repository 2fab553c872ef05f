// The same commands against a running engine.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { place, removeFolders, serving, ALGEBRA, type Place } from '../src/testing.js';

afterAll(removeFolders);

const ROWS = 2_000;

/** Learners of many answers without times, whose order in the file shows in their mastery; and two bad rows. */
function answers(at: Place): void {
  const rows = Array.from({ length: ROWS }, (_, n) => `l${n % 37},q${1 + (n % 4)},${(n * 7919) % 13 < 6 ? 1 : 0}`);
  at.file('a.csv.gz', ['learner,item,correct', ...rows, 'Jo Doe,q1,1', 'ana,nope,1'].join('\n'), 'gzip');
}

type Masteries = readonly { readonly skill: string; readonly mastery: number; readonly answers: number }[];

async function masteries(at: Place, target: readonly string[]): Promise<readonly Masteries[]> {
  const all: Masteries[] = [];
  for (let n = 0; n < 37; n += 6) all.push((await at.trellis(['mastery', `l${n}`, '--json', ...target])).json<{ skills: Masteries }>().skills.map(({ skill, mastery, answers: times }) => ({ skill, mastery, answers: times })));
  return all;
}

it('a course, an import, its repeat, mastery and a recommendation: over HTTP as on the folder', async () => {
  const at = place();
  at.file('algebra.json', JSON.stringify(ALGEBRA));
  answers(at);
  const service = await serving(join(at.cwd, 'served'));
  const there = ['--url', service.url];
  try {
    expect((await at.trellis(['course', 'publish', 'algebra.json', '--json', ...there])).json()).toEqual({ course: 'algebra', version: 1, skills: 2, items: 4, seconds: expect.any(Number), changed: true });
    const first = await at.trellis(['import', 'a.csv.gz', '--batch', '300', '--json', ...there]);
    expect(first.json()).toMatchObject({ read: ROWS + 2, accepted: ROWS, duplicates: 0, rejected: 2, position: expect.any(String), rejectsFile: join(at.cwd, 'a.csv.gz.rejects.tsv') });
    expect(readFileSync(join(at.cwd, 'a.csv.gz.rejects.tsv'), 'utf8').split('\n').slice(1, 3).map((line) => line.split('\t').slice(0, 2))).toEqual([[String(ROWS + 2), 'id-not-opaque'], [String(ROWS + 3), 'unknown-item']]);
    expect((await at.trellis(['import', 'a.csv.gz', '--json', ...there])).json()).toMatchObject({ accepted: 0, duplicates: ROWS, rejected: 2 });

    await at.trellis(['course', 'publish', 'algebra.json']);
    await at.trellis(['import', 'a.csv.gz']);
    expect(await masteries(at, there)).toEqual(await masteries(at, []));

    const asked = ['recommend', 'l1', '--count', '2', '--request-id', 'r1', '--json', ...there];
    const made = (await at.trellis(asked)).json();
    expect(made).toMatchObject({ learner: 'l1', course: 'algebra' });
    expect((await at.trellis(asked)).json()).toEqual(made);
    const refused = await at.trellis(['recommend', 'l1', '--course', 'geometry', ...there]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('course: "geometry" is not published');

    const verified = await at.trellis(['replay', '--verify', '--json', '--data', 'served']);
    expect(verified.json()).toMatchObject({ equal: true });
  } finally {
    await service.stop();
  }
  expect((await at.trellis(['replay', '--verify', '--json', '--data', 'served'])).json()).toMatchObject({ equal: true, events: ROWS + 1 });
});

it('asks for a key, and takes it from --key or TRELLIS_KEY', async () => {
  const at = place();
  at.file('algebra.json', JSON.stringify(ALGEBRA));
  at.file('a.csv', 'learner,item,correct\nana,q1,1\n');
  const keys = at.file('keys.json', JSON.stringify({ [createHash('sha256').update('secret').digest('hex')]: { tenant: 'north', role: 'platform' } }));
  const service = await serving(join(at.cwd, 'served'), { keys });
  const words = ['course', 'publish', 'algebra.json', '--url', service.url];
  try {
    const without = await at.trellis(words);
    expect(without.code).toBe(1);
    expect(without.err).toContain('answered 401');
    expect((await at.trellis([...words, '--key', 'wrong'])).err).toContain('(--key or TRELLIS_KEY)');
    expect((await at.trellis([...words, '--key', 'secret'])).code).toBe(0);
    const byEnvironment = { env: { TRELLIS_KEY: 'secret' } };
    expect((await at.trellis(['import', 'a.csv', '--url', service.url, '--json'], byEnvironment)).json()).toMatchObject({ accepted: 1 });
    expect((await at.trellis(['mastery', 'ana', '--url', service.url, '--json'], byEnvironment)).json()).toMatchObject({ basedOn: { revision: 0 } });
  } finally {
    await service.stop();
  }
});
