import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Edge, Intake } from '@trellis/ingest';
import { DEFAULT_TENANT } from '@trellis/service';
import type { Engine } from '@trellis/engine';
import { algebra, place, removeFolders, type Place } from './testing.js';

afterAll(removeFolders);

async function withAnswers(): Promise<Place> {
  const at = await algebra();
  at.file('a.csv', 'learner,item,correct\nana,q1,1\nana,q2,1\nben,q3,0\n');
  await at.trellis(['import', 'a.csv']);
  return at;
}

async function answer({ catalogue, sources }: Engine, id: string): Promise<void> {
  const intake = new Intake(sources.store, new Edge(catalogue, sources.codec), Date.now);
  await intake.take(DEFAULT_TENANT, [{ id, type: 'AnswerGiven', learner: 'ana', data: { item: 'q1', correct: true } }]);
}

describe('backup and restore', () => {
  it('bring every event and the same rows into another folder', async () => {
    const at = await withAnswers();
    const made = await at.trellis(['backup', 'copy', '--json']);
    expect(made).toMatchObject({ code: 0, err: '' });
    const { position, recordedAt, bytes, ...report } = made.json<{ position: string; recordedAt: string; bytes: number }>();
    expect(report).toEqual({ segments: 1, copied: 1, kept: 0, copiedBytes: bytes, seconds: expect.any(Number) as unknown });
    expect(Date.parse(recordedAt)).toBeGreaterThan(0);
    const restored = await at.trellis(['restore', 'copy', '--data', 'again', '--json']);
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.json()).toMatchObject({ position, recordedAt, bytes, events: Number(position), indexed: Number(position), segments: 1 });
    const replayed = async (data: string) => (await at.trellis(['replay', '--verify', '--json', '--data', data])).json();
    const { seconds: _, ...original } = await replayed('.trellis');
    expect(await replayed('again')).toMatchObject(original);
  });

  it('say for people what they did, and take only what is new the second time', async () => {
    const at = await withAnswers();
    expect((await at.trellis(['backup', 'copy'])).out).toMatch(/^4 events up to position 4 in .*copy, [\d.]+ s\n {2}1 segment, 0\.0 MB: 1 copied \(0\.0 MB\), 0 there already\n$/);
    expect((await at.trellis(['backup', 'copy'])).out).toContain('0 copied (0.0 MB), 1 there already');
    expect((await at.trellis(['restore', 'copy', '--check'])).out).toMatch(/^whole: 4 events up to position 4, 1 segment, 0\.0 MB, made 20/);
    expect((await at.trellis(['restore', 'copy', '--data', 'again'])).out).toContain('4 events indexed\n  the rows are built when the engine next runs');
  });

  it('work beside the process that holds the data', async () => {
    const at = await withAnswers();
    await at.look(async (engine) => {
      await answer(engine, 'e1');
      const made = await at.trellis(['backup', 'copy', '--json']);
      expect(made.code).toBe(0);
      await answer(engine, 'e2');
    });
    expect((await at.trellis(['restore', 'copy', '--check'])).code).toBe(0);
    expect((await at.trellis(['backup', 'copy', '--json'])).json()).toMatchObject({ position: '6' });
  });

  it('say what a crash had left at the end of the log', async () => {
    const at = await withAnswers();
    const log = join(at.cwd, '.trellis', 'log');
    rmSync(join(log, 'clean'));
    appendFileSync(join(log, '000000000000001.log'), 'half');
    const { code, err } = await at.trellis(['backup', 'copy']);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^trellis: 4 bytes that a crash had left unfinished were cut from the end of the log; they are kept in .*\.torn\n$/) as unknown });
  });

  it('name the file of a backup that was changed', async () => {
    const at = await withAnswers();
    await at.trellis(['backup', 'copy']);
    const file = readdirSync(join(at.cwd, 'copy')).find((name) => name.endsWith('.log')) ?? '';
    const path = join(at.cwd, 'copy', file);
    const bytes = readFileSync(path);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const checked = await at.trellis(['restore', 'copy', '--check', '--json']);
    expect(checked.code).toBe(1);
    expect(checked.json()).toMatchObject({ ok: false, problems: [{ file: path, detail: 'it is damaged at position 1' }] });
    expect((await at.trellis(['restore', 'copy', '--check'])).out).toMatch(/^DAMAGED in 1 of 1 files: .*\n {2}.*\.log: it is damaged at position 1\n$/);
    const restored = await at.trellis(['restore', 'copy', '--data', 'again']);
    expect(restored).toMatchObject({ code: 1, out: '', err: `trellis: the backup is damaged: ${path}: it is damaged at position 1.\n` });
  });

  it('end with 130 when they are broken off', async () => {
    const at = await withAnswers();
    await at.trellis(['backup', 'copy']);
    const signal = AbortSignal.abort();
    expect(await at.trellis(['backup', 'copy'], { signal })).toMatchObject({ code: 130, err: 'trellis: interrupted; the backup of before stands\n' });
    expect(await at.trellis(['restore', 'copy', '--data', 'again'], { signal })).toMatchObject({ code: 130, err: 'trellis: interrupted; the folder holds no log; run it again\n' });
    expect(await at.trellis(['restore', 'copy', '--check'], { signal })).toMatchObject({ code: 130, err: 'trellis: interrupted; nothing was written\n' });
  });

  it.each([
    [1, ['backup', 'copy', '--data', 'nowhere'], 'nowhere cannot be used: it holds no log yet'],
    [1, ['backup', '.trellis'], 'holds no backup, and it is not empty'],
    [1, ['restore', 'nowhere', '--data', 'again'], 'holds no backup: there is no backup.json in it'],
    [1, ['restore', 'nowhere'], 'is not empty: there is'],
    [2, ['restore', 'nowhere', '--check', '--data', 'again'], '--check and --data exclude each other'],
    [2, ['backup'], "missing required argument 'target'"],
  ])('exit with %i at %j', async (code, words, why) => {
    const ran = await (await withAnswers()).trellis(words);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(why);
  });

  it.each(['backup', 'restore'])('%s explains itself', async (command) => {
    const { code, out, err } = await place().trellis([command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Examples:');
  });
});
