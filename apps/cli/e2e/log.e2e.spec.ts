// `trellis log` as a person runs it: beside other processes, until Ctrl-C, or into a pipe that closes.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { algebra, removeFolders, type Place } from '../src/testing.js';

afterAll(removeFolders);

const BIN = join(import.meta.dirname, '..', 'bin', 'trellis.js');

function log({ cwd }: Place, words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, 'log', ...words], { cwd, env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'pipe'] });
}

const left = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.on('close', resolve));

async function withAnswers(rows: number): Promise<Place> {
  const at = await algebra();
  at.file('a.csv', `learner,item,correct\n${Array.from({ length: rows }, (_, n) => `l${n % 9},q1,1`).join('\n')}`);
  await at.trellis(['import', 'a.csv']);
  return at;
}

it('follows what other processes record, and leaves with 130 after Ctrl-C', async () => {
  const at = await withAnswers(20);
  const following = log(at, ['--follow', '--after', '19']);
  let [out, err] = ['', ''];
  const seen = (position: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (out.includes(`{"position":"${position}"`)) resolve();
      };
      following.stdout?.on('data', look);
      look();
    });
  following.stdout?.on('data', (text: Buffer) => (out += text.toString()));
  following.stderr?.on('data', (text: Buffer) => (err += text.toString()));
  await seen('21');
  at.file('b.csv', 'learner,item,correct\nana,q2,0');
  // It holds nothing: another process may write.
  expect(await at.trellis(['import', 'b.csv'])).toMatchObject({ code: 0 });
  await seen('22');
  following.kill('SIGINT');
  expect(await left(following)).toBe(130);
  expect(err).toBe('trellis: interrupted.\n');
  expect(out.trimEnd().split('\n')).toHaveLength(3);
});

it('ends quietly when nobody reads on', async () => {
  const at = await withAnswers(4_000);
  const shown = log(at, []);
  let err = '';
  shown.stderr?.on('data', (text: Buffer) => (err += text.toString()));
  shown.stdout?.once('data', () => shown.stdout?.destroy());
  expect(await left(shown)).toBe(0);
  expect(err).toBe('');
});
