import { clock, progressLine } from './progress.js';
import { algebra, place, removeFolders, type Place } from './testing.js';
import { Edge, Intake } from '@trellis/ingest';
import { DEFAULT_TENANT } from '@trellis/service';

afterAll(removeFolders);

async function withAnswers(): Promise<Place> {
  const at = await algebra();
  at.file('a.csv', 'learner,item,correct\nana,q1,1\nana,q2,1\nana,q3,0\n');
  await at.trellis(['import', 'a.csv']);
  return at;
}

describe('the command line', () => {
  it.each([[['--help']], [['course', '--help']], [['course', 'publish', '--help']], [['import', '--help']], [['replay', '--help']], [['recommend', '--help']], [['mastery', '--help']]])(
    '%j explains itself on standard output',
    async (words) => {
      const { code, out, err } = await place().trellis(words);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^Usage: trellis/);
      if (words.length > 1 && words[0] !== 'course') expect(out).toContain('Examples:');
    },
  );

  it('says its version', async () => expect((await place().trellis(['--version'])).out).toBe('0.1.0\n'));

  it.each([
    [[], 'Usage: trellis'],
    [['course'], 'Usage: trellis course'],
    [['inport'], "trellis: unknown command 'inport'\n(Did you mean import?)"],
    [['replay', '--fast'], "trellis: unknown option '--fast'"],
    [['mastery'], "trellis: missing required argument 'learner'"],
    [['mastery', 'ana', 'bob'], 'too many arguments'],
    [['mastery', 'ana', '--data', 'x', '--url', 'http://127.0.0.1:1'], '--data and --url exclude each other'],
    [['mastery', 'ana', '--key', 'k'], '--key goes with --url'],
    [['mastery', 'ana', '--url', 'localhost:7077'], '--url is "localhost:7077"; it must be an address such as'],
  ])('exits with 2 at %j', async (words, why) => {
    const { code, out, err } = await place().trellis(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(why);
  });

  it('with --json leaves one object on standard output, whatever happens', async () => {
    const at = place();
    expect((await at.trellis(['mastery', 'ana', '--json'])).json()).toEqual({ error: expect.stringContaining('there is no data in') });
    expect((await at.trellis(['replay', '--fast', '--json'])).json()).toEqual({ error: "unknown option '--fast'" });
  });

  it('shows the stack of a fault only to whoever asks for it', async () => {
    const at = await withAnswers();
    const broken = { now: () => { throw new RangeError('the clock stands still'); } };
    const quiet = await at.trellis(['mastery', 'ana'], broken);
    expect(quiet).toMatchObject({ code: 1, out: '', err: 'trellis: the clock stands still (TRELLIS_LOG_LEVEL=debug shows where).\n' });
    expect((await at.trellis(['mastery', 'ana'], { ...broken, env: { TRELLIS_LOG_LEVEL: 'debug' } })).err).toContain('run.spec');
  });

  it('finds its data by --data, by TRELLIS_DATA, or in .trellis', async () => {
    const at = await withAnswers();
    const there = place();
    expect((await there.trellis(['mastery', 'ana', '--data', `${at.cwd}/.trellis`])).code).toBe(0);
    expect((await there.trellis(['mastery', 'ana'], { env: { TRELLIS_DATA: `${at.cwd}/.trellis` } })).code).toBe(0);
    expect((await there.trellis(['mastery', 'ana'], { env: { TRELLIS_DATA: '' } })).err).toContain(`${there.cwd}/.trellis`);
  });
});

describe('mastery', () => {
  it('is shown as over HTTP, and as a table', async () => {
    const at = await withAnswers();
    const json = (await at.trellis(['mastery', 'ana', '--course', 'algebra', '--json'])).json<{ skills: readonly { skill: string; mastery: number; answers: number }[] }>();
    expect(json).toMatchObject({ learner: 'ana', course: 'algebra', basedOn: { revision: 2 }, versions: { course: 1 } });
    expect(json.skills.map(({ skill, answers }) => [skill, answers])).toEqual([['sums', 2], ['products', 1]]);
    const { out } = await at.trellis(['mastery', 'ana']);
    expect(out).toMatch(/^ana: 2 skills practised, 0 mastered\n.*\n {2}skill +mastery +recall +right +status +last answer +review from\n {2}products +0\.\d{4} +1\.00 +0 of 1 +learning/);
  });

  it('as of a moment before everything is new', async () => {
    const at = await withAnswers();
    expect((await at.trellis(['mastery', 'ana', '--as-of', '1970-01-01T00:00:00Z', '--json'])).json()).toMatchObject({ basedOn: { revision: -1 }, skills: [] });
  });

  it('is read beside the process that writes, from a tail of any length', async () => {
    const at = await withAnswers();
    await at.look(async (engine) => {
      const intake = new Intake(engine.sources.store, new Edge(engine.catalogue, engine.sources.codec), Date.now);
      await intake.take(DEFAULT_TENANT, Array.from({ length: 500 }, (_, n) => ({ id: `e${n}`, type: 'AnswerGiven', learner: 'bob', data: { item: 'q1', correct: true } })));
      expect((await at.trellis(['mastery', 'bob', '--json'])).json()).toMatchObject({ basedOn: { revision: 499 } });
    });
  });

  it.each([
    [1, ['jo@example.org'], 'learner is "jo@example.org"; it must be an opaque id'],
    [1, ['ana', '--course', 'geometry'], 'course: "geometry" is not published'],
    [2, ['ana', '--as-of', 'monday'], '--as-of is "monday"'],
  ])('exits with %i at %j', async (code, words, why) => {
    const ran = await (await algebra()).trellis(['mastery', ...words]);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(why);
  });
});

describe('recommend', () => {
  it('chooses as over HTTP, keeps the decision, and repeats it for the same request', async () => {
    const at = await withAnswers();
    const first = (await at.trellis(['recommend', 'ana', '--count', '2', '--request-id', 'r1', '--json'])).json<{ items: readonly object[] }>();
    expect(first).toMatchObject({ learner: 'ana', course: 'algebra', basedOn: { revision: 2 } });
    expect(first.items.length).toBeGreaterThan(0);
    expect((await at.trellis(['recommend', 'ana', '--count', '2', '--request-id', 'r1', '--json'])).json()).toEqual(first);
    const { out } = await at.trellis(['recommend', 'ana']);
    expect(out).toMatch(/^ana in algebra: \w+.*\n {2}item +action +skills +P\(right\) +P\(drawn\) +reason\n {2}q\d/);
    expect(out).toContain('history up to revision 3; ');
  });

  it('starts cold with a learner whom nobody knows', async () => {
    const at = await algebra();
    expect((await at.trellis(['recommend', 'newcomer', '--json'])).json()).toMatchObject({ basedOn: { revision: -1 }, items: [{ item: expect.any(String) }] });
  });

  it.each([
    [1, ['ana', '--course', 'geometry'], 'course: "geometry" is not published; publish it or name another'],
    [1, ['ana', '--objective', 'all'], 'course "algebra" has no objective "all"'],
    [1, ['Jo Doe'], 'learner is "Jo Doe"'],
    [1, ['ana', '--budget-minutes', '0'], 'budgetMinutes is 0'],
    [2, ['ana', '--count', '21'], 'It must be a whole number from 1 to 20'],
    [2, ['ana', '--budget-minutes', 'ten'], 'It must be a number'],
  ])('exits with %i at %j', async (code, words, why) => {
    const ran = await (await algebra()).trellis(['recommend', ...words]);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(why);
  });
});

describe('progress', () => {
  it('counts, and guesses what is left once there is something to go by', () => {
    expect(progressLine({ count: 0, share: 0 }, { unit: 'rows', seconds: 0 })).toBe('0 rows, 0/s');
    expect(progressLine({ count: 58_266, share: 0.25 }, { unit: 'rows', seconds: 2 })).toBe('58,266 rows, 29,133/s, 25 %, 0:06 left');
    expect(progressLine({ count: 10, share: null }, { unit: 'events', seconds: 2 })).toBe('10 events, 5/s');
    expect([clock(0), clock(59.2), clock(3725)]).toEqual(['0:00', '1:00', '1:02:05']);
  });

  it('is for terminals only, and wipes itself away', async () => {
    const at = await algebra();
    at.file('a.csv', `learner,item,correct\n${Array.from({ length: 40_000 }, (_, n) => `l${n % 50},q1,1`).join('\n')}`);
    let err = '';
    const ran = await at.trellis(['import', 'a.csv', '--batch', '100'], { stderr: { isTTY: true, write: (text) => (err += text) } });
    expect(ran.code).toBe(0);
    expect(err).toMatch(/[\d,]+ rows, [\d,]+\/s/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });
});
