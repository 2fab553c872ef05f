// `trellis` as a person runs it: a process with streams, signals and an exit code.
import { spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { place, removeFolders, ALGEBRA, type Place } from '../src/testing.js';

afterAll(removeFolders);

const BIN = join(import.meta.dirname, '..', 'bin', 'trellis.js');

interface Left {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly left: Promise<Left>;
  readonly pid: number | undefined;
  readonly interrupt: () => void;
}

function trellis({ cwd }: Pick<Place, 'cwd'>, words: readonly string[], before: readonly string[] = [BIN]): Running {
  const child = spawn(process.execPath, [...before, ...words], { cwd, env: { PATH: process.env['PATH'] } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const left = new Promise<Left>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return { left, pid: child.pid, interrupt: () => void child.kill('SIGINT') };
}

describe('the process', () => {
  it('leaves with the code of the command, results on one stream and errors on the other', async () => {
    const at = place();
    at.file('algebra.json', JSON.stringify(ALGEBRA));
    const published = await trellis(at, ['course', 'publish', 'algebra.json', '--json']).left;
    expect(published).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(published.out)).toMatchObject({ course: 'algebra', version: 1 });
    expect(await trellis(at, ['import', 'none.csv']).left).toEqual({ code: 1, out: '', err: `trellis: ${at.cwd}/none.csv does not exist.\n` });
    expect(await trellis(at, ['mastery']).left).toMatchObject({ code: 2, out: '' });
  });

  it('finishes what is on its way after Ctrl-C, leaves with 130, and goes on the next time', async () => {
    const at = place();
    at.file('algebra.json', JSON.stringify(ALGEBRA));
    const rows = 400_000;
    at.file('a.csv', `learner,item,correct\n${Array.from({ length: rows }, (_, n) => `l${n % 500},q${1 + (n % 4)},1`).join('\n')}`);
    await trellis(at, ['course', 'publish', 'algebra.json']).left;
    const words = ['import', 'a.csv', '--json'];
    const first = trellis(at, words);
    await holding(at, first.pid);
    first.interrupt();
    const { code, out, err } = await first.left;
    expect(code).toBe(130);
    const { accepted, interrupted } = JSON.parse(out) as { accepted: number; interrupted: boolean };
    expect(interrupted).toBe(true);
    expect(accepted).toBeLessThan(rows);
    expect(err).toContain('running it again goes on from there');
    const again = await trellis(at, words).left;
    expect(JSON.parse(again.out)).toMatchObject({ read: rows, accepted: rows - accepted, duplicates: accepted });
    expect(JSON.parse((await trellis(at, ['replay', '--verify', '--json']).left).out)).toMatchObject({ events: rows, equal: true });
  });

  it('says in one sentence that it is not built, or that Node is too old', async () => {
    const at = place();
    cpSync(BIN, join(at.cwd, 'bin', 'trellis.mjs'));
    const unbuilt = await trellis(at, ['--help'], [join(at.cwd, 'bin', 'trellis.mjs')]).left;
    expect(unbuilt).toEqual({ code: 1, out: '', err: 'trellis: it is not built yet: run "npm run build" in the workspace, then try again.\n' });
    const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
    const { code, err } = await trellis(at, ['--help'], ['--import', `data:text/javascript,${encodeURIComponent(older)}`, BIN]).left;
    expect(code).toBe(1);
    expect(err).toMatch(/^trellis: this is Node 20\.20\.2, and trellis needs Node 24: .*\n$/);
  });
});

/** Until this process holds the folder: then rows are coming in. Asking another command would be a race for the lock. */
async function holding(at: Place, pid: number | undefined): Promise<void> {
  const holder = join(at.cwd, '.trellis', 'holder.pid');
  for (const end = performance.now() + 20_000; performance.now() < end; await pause(5)) {
    if (readFileSync(holder, 'utf8').trim() === String(pid)) return;
  }
  throw new Error('the import has not begun within 20 s');
}
