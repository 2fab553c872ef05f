// The whole service on a real disk that is full: it says so, reads go on, and it takes answers again by itself.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, chain, endProcesses, folder, removeFolders, startProcess, until } from './testing.js';

const DISK = '32m';
const BALLAST_BYTES = 16 * 1_024 * 1_024;
const SENDERS = 3;
const BATCH = 100;
const LEARNERS = 20;
const RESPONSE_CHARACTERS = 2_000;
/** Far more than fits. */
const BATCHES_MAX = 2_000;

interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly object[];
}

/** Mounted and unmounted once, to see whether this process may. */
const canMount = ((): boolean => {
  const directory = folder();
  try {
    mount(directory, '1m');
    unmount(directory);
    return true;
  } catch {
    // Not permitted, or there is no tmpfs here.
    return false;
  } finally {
    removeFolders();
  }
})();

function mount(directory: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory], { stdio: 'ignore' });
}

/** Lazily: what a failed test has left open must not keep the folder. */
function unmount(directory: string): void {
  execFileSync('umount', ['--lazy', directory], { stdio: 'ignore' });
}

function batch(number: number): readonly object[] {
  return Array.from({ length: BATCH }, (_, n) => ({
    id: `b${number}-${n}`, type: 'AnswerGiven', learner: `learner-${n % LEARNERS}`, occurredAt: new Date(Date.UTC(2026, 2, 2) + number * 1_000 + n).toISOString(),
    data: { item: 's1-1', correct: n % 3 > 0, response: 'x'.repeat(RESPONSE_CHARACTERS) },
  }));
}

const onSmallDisk = canMount ? it : it.skip;

onSmallDisk(`a full disk makes it unready and loses nothing acknowledged; with space it goes on by itself${canMount ? '' : ' (needs the right to mount a tmpfs)'}`, async () => {
  const disk = folder();
  mount(disk, DISK);
  try {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, new Uint8Array(BALLAST_BYTES));
    const data = join(disk, 'data');
    const process = startProcess({ TRELLIS_DATA: data });
    const url = await process.url();
    expect((await call('PUT', `${url}/v1/courses/chain`, chain())).status).toBe(200);

    const taken: number[] = [];
    const refused: number[] = [];
    let next = 0;
    await Promise.all(Array.from({ length: SENDERS }, async () => {
      for (;;) {
        const number = next++;
        if (number > BATCHES_MAX) throw new Error(`the disk of ${DISK} is not full after ${number} batches`);
        const { status, body } = await call<Taken & { readonly code: string }>('POST', `${url}/v1/events`, batch(number));
        if (status !== 200) {
          expect([status, body.code]).toEqual([503, 'busy']);
          refused.push(number);
          return;
        }
        expect(body).toMatchObject({ accepted: BATCH, rejected: [] });
        taken.push(number);
      }
    }));

    const writable = async (): Promise<string | undefined> => /^trellis_log_writable (\d)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
    const ready = (): Promise<Response> => fetch(`${url}/health/ready`);
    const unready = await ready();
    expect(unready.status).toBe(503);
    expect(await unready.json()).toMatchObject({ checks: { log: expect.stringMatching(/appends are refused/) } });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await writable()).toBe('0');
    expect((await call('GET', `${url}/v1/learners/learner-1/mastery`)).status).toBe(200);
    const answer = await fetch(`${url}/v1/learners/learner-1/answers`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: 'late', item: 's1-1', correct: true }) });
    expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);

    rmSync(ballast);
    await until('it is ready again', async () => (await ready()).status === 200);
    expect(await writable()).toBe('1');
    for (const number of refused) {
      const { body } = await call<Taken>('POST', `${url}/v1/events`, batch(number));
      expect([body.accepted + body.duplicates, body.rejected]).toEqual([BATCH, []]);
      taken.push(number);
    }
    expect(await process.stop()).toBe(0);

    // Whatever was acknowledged is known: sent once more it is a repeat.
    const again = startProcess({ TRELLIS_DATA: data });
    const urlAgain = await again.url();
    for (const number of taken) expect((await call<Taken>('POST', `${urlAgain}/v1/events`, batch(number))).body).toMatchObject({ accepted: 0, duplicates: BATCH, rejected: [] });
    expect(await again.stop()).toBe(0);
  } finally {
    endProcesses();
    unmount(disk);
    removeFolders();
  }
});
