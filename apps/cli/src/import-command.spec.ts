import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { learnerStream, type AnswerData, type LearnerId } from '@trellis/learning';
import { DEFAULT_TENANT } from '@trellis/service';
import { known, type Envelope } from '@trellis/event-sourcing';
import { algebra, all, place, removeFolders, type Place } from './testing.js';

afterAll(removeFolders);

const MAP = ['--map', 'learner=who,item=what,correct=ok'];

/** What the log holds of a learner's answers. */
function eventsOf(at: Place, learner: string): Promise<readonly Envelope[]> {
  return at.look(async ({ sources: { store, codec } }) => {
    const pages = await all(store.read(learnerStream(DEFAULT_TENANT, learner as LearnerId))); // ids of this spec are ids
    return [...known(codec, pages.flat())];
  });
}

async function answersOf(at: Place, learner: string): Promise<readonly AnswerData[]> {
  return (await eventsOf(at, learner)).map(({ data }) => data as AnswerData); // nothing else is in these streams
}

describe('importing a file', () => {
  it('keeps every row as an answer, and says what became of them', async () => {
    const at = await algebra();
    at.file('a.csv', 'who,what,ok,when\nana,q1,1,2024-05-06T07:08:09Z\nana,q4,0,1715000000\nbob,q3,true,\n');
    const ran = await at.trellis(['import', 'a.csv', ...MAP, '--map', 'time=when', '--json']);
    expect(ran.code).toBe(0);
    expect(ran.json()).toEqual({ read: 3, accepted: 3, duplicates: 0, rejected: 0, rejectsFile: null, position: expect.any(String), seconds: expect.any(Number) });
    const [first, second] = await eventsOf(at, 'ana');
    expect(first).toMatchObject({ data: { item: 'q1', skills: ['sums'], course: 'algebra', courseVersion: 1, score: 1, attempt: 1, hints: 0 }, meta: { occurredAt: Date.UTC(2024, 4, 6, 7, 8, 9), sequence: 2 } });
    expect(second).toMatchObject({ data: { item: 'q4', score: 0 }, meta: { occurredAt: 1_715_000_000_000, sequence: 3 } });
    const [bobs] = await eventsOf(at, 'bob');
    expect(bobs?.meta).toMatchObject({ timeBasis: 'received', sequence: 4, source: first?.meta.source });
  });

  it('adds nothing the second time, packed or not, under whatever name', async () => {
    const at = await algebra();
    const text = 'who,what,ok\nana,q1,1\nana,q2,0\n';
    at.file('a.csv', text);
    at.file('b.csv.gz', text, 'gzip');
    at.file('unnamed', text, 'gzip');
    expect((await at.trellis(['import', 'a.csv', ...MAP, '--json'])).json()).toMatchObject({ accepted: 2, duplicates: 0 });
    for (const name of ['a.csv', 'b.csv.gz', 'unnamed']) {
      expect((await at.trellis(['import', name, ...MAP, '--json'])).json()).toMatchObject({ read: 2, accepted: 0, duplicates: 2, rejected: 0 });
    }
    expect(await answersOf(at, 'ana')).toHaveLength(2);
  });

  it('leaves rows that are current: a projector has nothing left to fold', async () => {
    const at = await algebra();
    at.file('a.csv', 'who,what,ok\nana,q1,1\n');
    await at.trellis(['import', 'a.csv', ...MAP]);
    const [row] = await at.look(({ sources }) => sources.views.read({ name: 'learner' }, ['default.ana']));
    expect(row?.revision).toBe(0);
  });

  it('takes every field of an answer', async () => {
    const at = await algebra();
    at.file('a.csv', 'id,learner,item,score,skills,course,response,attempt,hints,durationMs,confidence,session\ne-1,ana,z1,0.25,sums;products,algebra,"4, or so",2,1,1500,0.5,s-1\n');
    expect((await at.trellis(['import', 'a.csv', '--source', 'district-7'])).code).toBe(0);
    const [event] = await eventsOf(at, 'ana');
    expect(event?.meta.source).toBe('district-7');
    expect(event?.data).toEqual({
      item: 'z1', skills: ['sums', 'products'], course: 'algebra', courseVersion: 1, score: 0.25, attempt: 2, hints: 1, response: '4, or so', durationMs: 1500, confidence: 0.5, session: 's-1',
    });
  });

  it('takes JSON lines by their members, and whole events without a map', async () => {
    const at = await algebra();
    at.file('members.jsonl', '{"who":7,"what":"q1","ok":true,"of":["sums"]}\n{"who":"ana","what":"q2","ok":0}\n');
    expect((await at.trellis(['import', 'members.jsonl', ...MAP, '--map', 'skills=of', '--json'])).json()).toMatchObject({ read: 2, accepted: 2 });
    expect(await answersOf(at, '7')).toMatchObject([{ item: 'q1', score: 1 }]);
    at.file('events.jsonl', '{"id":"e1","type":"AnswerGiven","learner":"bob","source":"lms","occurredAt":"2024-05-06T07:08:09Z","data":{"item":"q1","correct":true}}\n{"type":"AnswerGiven","learner":"bob","data":{"item":"q2","correct":false}}\n');
    expect((await at.trellis(['import', 'events.jsonl', '--json'])).json()).toMatchObject({ read: 2, accepted: 2 });
    expect((await eventsOf(at, 'bob')).map(({ meta }) => meta)).toMatchObject([{ source: 'lms' }, { source: expect.stringMatching(/^sha256:[0-9a-f]{16}$/), sequence: 2 }]);
  });

  it('is one answer for an id, across files of one source', async () => {
    const at = await algebra();
    at.file('monday.csv', 'who,what,ok,nr\nana,q1,1,e1\n');
    at.file('tuesday.csv', 'nr,who,what,ok\ne2,ana,q2,1\n');
    const by = [...MAP, '--map', 'id=nr', '--source', 'lms', '--json'];
    expect((await at.trellis(['import', 'monday.csv', ...by])).json()).toMatchObject({ accepted: 1 });
    expect((await at.trellis(['import', 'tuesday.csv', ...by])).json()).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  it('has more rows than one batch, in the order of the file', async () => {
    const at = await algebra();
    at.file('a.csv', `who,what,ok\n${Array.from({ length: 95 }, (_, n) => `ana,q${1 + (n % 4)},${n % 2}`).join('\n')}`);
    expect((await at.trellis(['import', 'a.csv', ...MAP, '--batch', '10', '--json'])).json()).toMatchObject({ read: 95, accepted: 95 });
    expect((await eventsOf(at, 'ana')).map(({ meta }) => meta.sequence)).toEqual(Array.from({ length: 95 }, (_, n) => n + 2));
  });

  it('tells people the same in words', async () => {
    const at = await algebra();
    at.file('a.csv', 'who,what,ok,when\nana,q1,1,0\nana,q2,1,1715000000\nana,nope,1,0\n');
    const { out, err } = await at.trellis(['import', 'a.csv', ...MAP, '--map', 'time=when']);
    expect(out).toMatch(/^a\.csv: 3 rows in .* s \(.*\/s\)\n {2}accepted {4}2\n {2}duplicates {2}0\n {2}rejected {4}1, with their reasons in .*a\.csv\.rejects\.tsv\n {4}unknown-item {2}1\n {2}position/);
    expect(err).toContain('2 of the rows have no time (empty or 0) beside 1 that have one');
  });
});

describe('rows that are not taken', () => {
  it('go into a file with their line, code, reason and cells, and lose no good row', async () => {
    const at = await algebra();
    const bad = [
      ['jo@example.org,q1,1,', 'id-not-opaque', 'learner is "jo@example.org"'],
      ['Jo Doe,q1,1,', 'id-not-opaque', 'learner is "Jo Doe"'],
      [',q1,1,', 'missing-field', 'learner is missing'],
      ['ana,,1,', 'missing-field', 'data.item is missing'],
      ['ana,nope,1,', 'unknown-item', 'data.item is "nope"'],
      ['ana,q1,2,', 'wrong-type', 'data.correct is "2"'],
      ['ana,q1,1,yesterday', 'wrong-type', 'occurredAt is "yesterday"'],
      ['ana,q1,1,-5', 'time-before-1970', 'occurredAt is "1969-12-31T23:59:55.000Z"'],
      ['ana,q1', 'missing-field', 'the row has 2 cells; the header has 4'],
      ['ana,q1,1,,x', 'unknown-field', 'the row has 5 cells; the header has 4'],
    ] as const;
    at.file('a.csv', ['who,what,ok,when', 'ana,q1,1,', ...bad.map(([row]) => row), 'ana,q2,0,', ''].join('\n'));
    const ran = await at.trellis(['import', 'a.csv', ...MAP, '--map', 'time=when', '--json']);
    expect(ran.code).toBe(0);
    const rejectsFile = join(at.cwd, 'a.csv.rejects.tsv');
    expect(ran.json()).toMatchObject({ read: 12, accepted: 2, duplicates: 0, rejected: 10, rejectsFile });
    const [header, ...rows] = readFileSync(rejectsFile, 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));
    expect(header).toEqual(['line', 'code', 'reason', 'who', 'what', 'ok', 'when']);
    expect(rows).toHaveLength(10);
    for (const [n, [row, code, reason]] of bad.entries()) {
      expect(rows[n]?.slice(0, 2)).toEqual([String(n + 3), code]);
      expect(rows[n]?.[2]?.replaceAll('""', '"')).toContain(reason);
      expect(rows[n]?.slice(3)).toEqual(row.split(','));
    }
  });

  it('are put right and imported under their old ids from the rejects file itself', async () => {
    const at = await algebra();
    at.file('a.csv', 'who,what,ok\nana,q1,1\nana,"no,\tpe",1\n');
    expect((await at.trellis(['import', 'a.csv', ...MAP, '--source', 'lms', '--rejects', 'bad.tsv', '--json'])).json()).toMatchObject({ accepted: 1, rejected: 1, rejectsFile: join(at.cwd, 'bad.tsv') });
    expect(readFileSync(join(at.cwd, 'bad.tsv'), 'utf8')).toContain('\tana\t"no,\tpe"\t1\n');
    at.file('bad.tsv', readFileSync(join(at.cwd, 'bad.tsv'), 'utf8').replace('\t"no,\tpe"\t', '\tq2\t'));
    expect((await at.trellis(['import', 'bad.tsv', ...MAP, '--map', 'id=line', '--source', 'lms', '--json'])).json()).toMatchObject({ accepted: 1, rejected: 0 });
    expect((await answersOf(at, 'ana')).map(({ item }) => item)).toEqual(['q1', 'q2']);
  });

  it('are refused when their id came before with other content: the first stands', async () => {
    const at = await algebra();
    at.file('a.csv', 'who,what,ok,guess\nana,q1,1,0\n');
    await at.trellis(['import', 'a.csv', ...MAP]);
    const ran = await at.trellis(['import', 'a.csv', '--map', 'learner=who,item=what,correct=guess', '--json']);
    expect(ran.json()).toMatchObject({ accepted: 0, duplicates: 0, rejected: 1 });
    expect(ran.code).toBe(1);
    expect(readFileSync(join(at.cwd, 'a.csv.rejects.tsv'), 'utf8')).toContain('conflicting-duplicate');
    expect(await answersOf(at, 'ana')).toMatchObject([{ score: 1 }]);
  });

  it('of JSON lines keep their text', async () => {
    const at = await algebra();
    at.file('a.jsonl', '{"type":"AnswerGiven","learner":"ana","data":{"item":"q1","correct":true}}\n{"type":\n[1]\n{"type":"AnswerGiven","learner":"ana","data":{"item":"q1","score":2}}\n');
    expect((await at.trellis(['import', 'a.jsonl', '--json'])).json()).toMatchObject({ read: 4, accepted: 1, rejected: 3 });
    const lines = readFileSync(join(at.cwd, 'a.jsonl.rejects.tsv'), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('line\tcode\treason\trow');
    expect(lines.slice(1).map((line) => line.split('\t').slice(0, 2))).toEqual([['2', 'malformed-json'], ['3', 'wrong-type'], ['4', 'out-of-range']]);
    expect(lines[3]).toContain('""score"":2');
  });

  it('make no file if there are none, and fail the import if there is nothing else', async () => {
    const at = await algebra();
    at.file('good.csv', 'who,what,ok\nana,q1,1\n');
    expect((await at.trellis(['import', 'good.csv', ...MAP])).code).toBe(0);
    expect(existsSync(join(at.cwd, 'good.csv.rejects.tsv'))).toBe(false);
    at.file('bad.csv', 'who,what,ok\nana,z1,1\n');
    expect((await at.trellis(['import', 'bad.csv', ...MAP])).code).toBe(1);
  });
});

describe('an import that is interrupted', () => {
  it('finishes what is on its way, says how much is in, and goes on next time', async () => {
    const at = await algebra();
    at.file('a.csv', `who,what,ok\n${Array.from({ length: 100 }, (_, n) => `ana,q${1 + (n % 4)},${n % 2}`).join('\n')}`);
    const interrupt = new AbortController();
    let batches = 0;
    // The clock is read once a batch.
    const now = (): number => {
      if (++batches === 3) interrupt.abort();
      return Date.now();
    };
    const ran = await at.trellis(['import', 'a.csv', ...MAP, '--batch', '10', '--json'], { signal: interrupt.signal, now });
    expect(ran.code).toBe(130);
    const { accepted, read } = ran.json<{ accepted: number; read: number }>();
    expect(accepted).toBe(read);
    expect(accepted).toBeGreaterThanOrEqual(10);
    expect(accepted).toBeLessThan(100);
    expect(ran.json()).toMatchObject({ interrupted: true });
    expect(ran.err).toContain(`${accepted} rows of a.csv are in, and running it again goes on from there`);
    expect(await answersOf(at, 'ana')).toHaveLength(accepted);
    expect((await at.trellis(['import', 'a.csv', ...MAP, '--json'])).json()).toMatchObject({ read: 100, accepted: 100 - accepted, duplicates: accepted });
  });
});

describe('an import that cannot begin', () => {
  it.each([
    [2, ['import'], "missing required argument 'file'"],
    [1, ['import', 'none.csv'], 'none.csv does not exist'],
    [1, ['import', '.'], 'is not a file'],
    [1, ['import', 'empty.csv'], 'empty.csv is empty'],
    [1, ['import', 'binary.csv'], 'binary.csv is not text'],
    [1, ['import', 'a.csv', ...MAP.slice(0, 1), 'learner=user,item=what'], 'a.csv has no column "user"; its columns are "who", "what", "ok", "ok"'],
    [1, ['import', 'a.csv', '--map', 'learner=who,item=what,correct=ok'], 'a.csv has the column "ok" twice'],
    [1, ['import', 'a.csv'], 'nothing says which column is learner and item; add --map learner=<column>,item=<column>'],
    [2, ['import', 'a.csv', '--map', 'learner'], '--map has "learner"; each part is field=column'],
    [2, ['import', 'a.csv', '--map', 'pupil=who'], '--map has the field "pupil"; there are learner, item, correct'],
    [2, ['import', 'a.csv', '--map', 'learner=who', '--map', 'learner=what'], '--map names the field learner twice'],
    [2, ['import', 'a.csv', '--format', 'xls'], 'Allowed choices are csv, tsv, jsonl'],
    [2, ['import', 'a.csv', '--batch', '5001'], 'It must be a whole number from 1 to 5000'],
    [2, ['import', 'a.csv', '--source', 'a b'], '--source is "a b"'],
    [2, ['import', 'a.csv', '--map', 'learner=who,item=what', '--rejects', 'a.csv'], '--rejects names the file that is imported'],
    [1, ['import', 'a.csv', '--map', 'learner=who,item=what', '--course', 'geometry'], 'course "geometry" is not published here'],
    [1, ['import', 'a.csv', '--map', 'learner=who,item=what', '--data', 'a.csv/x'], 'a.csv/x cannot be used'],
  ])('exits with %i: %j: %s', async (code, words, why) => {
    const at = place();
    at.file('a.csv', 'who,what,ok,ok\nana,q1,1,1\n');
    at.file('empty.csv', '');
    at.file('binary.csv', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]));
    const ran = await at.trellis(words);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(why);
    expect(ran.err).toMatch(/^trellis: [^\n]*\n$/);
  });

  it('names the way to a service that holds the folder', async () => {
    const at = await algebra();
    at.file('a.csv', 'who,what,ok\nana,q1,1\n');
    const ran = await at.look(() => at.trellis(['import', 'a.csv', ...MAP, '--json']));
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(`is held by process ${process.pid}, and only one may write: send it there with --url http://127.0.0.1:7077`);
    expect(ran.json()).toEqual({ error: expect.stringContaining('--url') });
  });
});
