import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { algebra, place, removeFolders, type Place } from './testing.js';

afterAll(removeFolders);

async function withAnswers(): Promise<Place> {
  const at = await algebra();
  at.file('a.csv', `learner,item,correct\n${Array.from({ length: 60 }, (_, n) => `l${n % 7},q${1 + (n % 4)},${n % 2}`).join('\n')}`);
  await at.trellis(['import', 'a.csv']);
  await at.trellis(['recommend', 'l1']);
  return at;
}

describe('export', () => {
  it.each(['log.arrow', 'log.parquet'])('writes %s and says what is in it', async (name) => {
    const at = await withAnswers();
    const ran = await at.trellis(['export', name, '--json']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const file = join(at.cwd, name);
    const bytes = readFileSync(file).length;
    expect(ran.json()).toEqual({ file, events: 61, learners: 7, position: expect.stringMatching(/^\d+$/) as unknown, bytes, seconds: expect.any(Number) as unknown });
    expect((await at.trellis(['export', name, '--force'])).out).toMatch(/^61 events of 7 learners in .*log\.(arrow|parquet), [\d.]+ s\n {2}0\.\d MB, up to position \d+\n$/);
  });

  it('leaves a file alone that is there, unless it is told to replace it', async () => {
    const at = await withAnswers();
    const file = at.file('log.arrow', 'mine');
    const ran = await at.trellis(['export', 'log.arrow']);
    expect(ran).toMatchObject({ code: 1, out: '', err: `trellis: ${file} is there already: name another file, or replace it with --force.\n` });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await at.trellis(['export', 'log.arrow', '--force'])).code).toBe(0);
    expect(readFileSync(file).subarray(0, 6).toString()).toBe('ARROW1');
  });

  it('has the learners of one tenant', async () => {
    const at = await withAnswers();
    expect((await at.trellis(['export', 'a.arrow', '--tenant', 'default', '--json'])).json()).toMatchObject({ events: 61 });
    expect((await at.trellis(['export', 'b.arrow', '--tenant', 'north', '--json'])).json()).toMatchObject({ events: 0, learners: 0, position: null });
  });

  it('leaves nothing behind when it is told to end', async () => {
    const at = await withAnswers();
    const before = readdirSync(at.cwd);
    const ran = await at.trellis(['export', 'log.arrow', '--json'], { signal: AbortSignal.abort() });
    expect(ran).toMatchObject({ code: 130, err: 'trellis: interrupted; nothing was written\n' });
    expect(ran.json()).toEqual({ interrupted: true });
    expect(readdirSync(at.cwd)).toEqual(before);
  });

  it('works beside the process that holds the data', async () => {
    const at = await withAnswers();
    await at.look(async () => {
      expect((await at.trellis(['export', 'log.arrow', '--json'])).json()).toMatchObject({ events: 61 });
    });
  });

  it.each([
    [2, ['log.csv'], 'log.csv: the name must end in .arrow or .parquet, which says what is written'],
    [2, ['log.arrow', '--tenant', 'North'], '--tenant is "North"; a tenant has a-z, 0-9 and -, up to 63'],
    [2, [], "missing required argument 'file'"],
    [1, ['none/log.arrow'], 'none does not exist'],
    [1, ['folder.arrow'], 'folder.arrow is a folder; name a file'],
    [1, ['log.arrow', '--data', 'nowhere'], 'there is no data in'],
  ])('exits with %i at %j', async (code, words, why) => {
    const at = await algebra();
    await at.trellis(['backup', 'folder.arrow']);
    const ran = await at.trellis(['export', ...words]);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(why);
  });

  it('explains itself', async () => {
    const { code, out, err } = await place().trellis(['export', '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Examples:');
  });
});

describe('replay --from an export', () => {
  it('gives the rows of the log', async () => {
    const at = await withAnswers();
    await at.trellis(['export', 'log.arrow']);
    const { seconds: _, ...ofLog } = (await at.trellis(['replay', '--json'])).json();
    const ran = await at.trellis(['replay', '--from', 'log.arrow', '--json']);
    expect(ran.json()).toMatchObject(ofLog);
    expect(ran.err).toMatch(/^trellis: folded 61 events in /);
  });

  it('says what is wrong with a file', async () => {
    const at = await withAnswers();
    await at.trellis(['export', 'log.arrow']);
    writeFileSync(join(at.cwd, 'cut.arrow'), readFileSync(join(at.cwd, 'log.arrow')).subarray(0, 3_000));
    const why = async (words: readonly string[]): Promise<string> => (await at.trellis(['replay', ...words])).err;
    expect(await why(['--from', 'cut.arrow'])).toBe(`trellis: ${join(at.cwd, 'cut.arrow')} is cut off: it does not end as an Arrow file does.\n`);
    expect(await why(['--from', 'none.arrow'])).toBe(`trellis: ${join(at.cwd, 'none.arrow')} does not exist.\n`);
    expect(await why(['--from', 'log.arrow', '--verify'])).toContain('--from excludes --verify and --as-of');
  });
});
