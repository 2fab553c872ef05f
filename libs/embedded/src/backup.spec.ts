import { appendFile, cp, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeBackup, type BackupOptions } from './backup.js';
import { closedLog, filesOf, grow, openLog, restored, segmentsOf } from './testing/backed-up.js';
import { FaultyDisk } from './testing/faulty-disk.js';
import { withFolder } from './testing/temporary.js';
import { ana, collect, eventOf, KeptKeyValues, tornFiles } from './testing/written-log.js';

interface Folders {
  readonly data: string;
  readonly target: string;
  readonly to: string;
}

function withFolders<Answer>(use: (folders: Folders) => Promise<Answer>): Promise<Answer> {
  return withFolder((all) => use({ data: join(all, 'data'), target: join(all, 'backup'), to: join(all, 'restored') }));
}

const back = (data: string, target: string, options: Partial<BackupOptions> = {}) =>
  makeBackup({ data, target, now: () => 5_000, ...options, ports: { keyValue: new KeptKeyValues().open, ...options.ports } });

describe('a backup of a folder at rest', () => {
  it('holds every event of the log, in its segments', () =>
    withFolders(async ({ data, target, to }) => {
      const records = await closedLog(data, 41);
      const segments = (await segmentsOf(data)).length;
      expect(segments).toBeGreaterThan(3);
      const { bytes, copiedBytes, ...report } = await back(data, target);
      expect(report).toEqual({ position: 41, recordedAt: '1970-01-01T00:00:01.000Z', segments, copied: segments, kept: 0, torn: null });
      expect(copiedBytes).toBe(bytes);
      expect(await filesOf(target)).toHaveLength(segments);
      expect(JSON.parse(await readFile(join(target, 'backup.json'), 'utf8'))).toMatchObject({ format: 1, position: 41, madeAt: '1970-01-01T00:00:05.000Z' });
      expect(await restored(target, to)).toEqual(records);
    }));

  it('copies only what is new, and removes what nothing names any more', () =>
    withFolders(async ({ data, target, to }) => {
      await closedLog(data, 41);
      const first = await back(data, target);
      const again = await back(data, target);
      expect(again).toEqual({ ...first, copied: 0, kept: first.segments, copiedBytes: 0 });
      const files = await filesOf(target);
      const log = await openLog(data);
      await grow(log, 41, 30);
      const records = await collect(log.store.readAll());
      await log.close();
      const grown = await back(data, target);
      // The segment that was the last is copied again, as far as it goes now.
      expect(grown).toMatchObject({ position: 71, kept: first.segments - 1, copied: grown.segments - first.segments + 1 });
      const kept = await filesOf(target);
      expect(kept).toHaveLength(grown.segments);
      expect(files.filter((file) => kept.includes(file))).toHaveLength(first.segments - 1);
      expect(await restored(target, to)).toEqual(records);
    }));

  it('leaves out what a crash left unfinished, and says so', () =>
    withFolders(async ({ data, target, to }) => {
      const records = await closedLog(data, 41);
      const newest = (await segmentsOf(data)).at(-1) ?? '';
      await appendFile(join(data, 'log', newest), 'half a batch');
      await rm(join(data, 'log', 'clean'));
      expect(await back(data, target)).toMatchObject({ position: 41, torn: { position: 42, bytes: 12 } });
      expect(await tornFiles(join(data, 'log'))).toEqual([Buffer.from('half a batch')]);
      expect(await restored(target, to)).toEqual(records);
    }));

  it('leaves out what a failed write left behind the end of a segment', () =>
    withFolders(async ({ data, target, to }) => {
      const records = await closedLog(data, 41);
      const [first = ''] = await segmentsOf(data);
      const { size } = await stat(join(data, 'log', first));
      await appendFile(join(data, 'log', first), 'what a failed write left');
      await back(data, target);
      expect((await stat(join(target, (await filesOf(target))[0] ?? ''))).size).toBe(size);
      expect(await restored(target, to)).toEqual(records);
    }));

  it('of an empty log is one of nothing', () =>
    withFolders(async ({ data, target, to }) => {
      await closedLog(data, 0);
      expect(await back(data, target)).toMatchObject({ position: 0, recordedAt: null, segments: 0 });
      expect(await restored(target, to)).toEqual([]);
    }));

  it('is refused where there is no log', () =>
    withFolders(async ({ data, target }) => {
      await expect(back(data, target)).rejects.toThrow(`the data folder ${data} cannot be used: it holds no log yet`);
    }));
});

describe('a backup beside the writer', () => {
  it('holds the first events up to its position, however often and whenever it is made', () =>
    withFolders(async ({ data, target, to }) => {
      const log = await openLog(data);
      await grow(log, 0, 1);
      let goesOn = true;
      const appending = (async () => {
        for (let n = 1; goesOn; n++) await log.store.append(ana, [eventOf(n)], 'any');
      })();
      const copies: { readonly position: number; readonly copy: string }[] = [];
      while (copies.length < 5) {
        const { position } = await back(data, target);
        if (position === copies.at(-1)?.position) continue;
        const copy = `${target}-${copies.length}`;
        await cp(target, copy, { recursive: true });
        copies.push({ position, copy });
      }
      goesOn = false;
      await appending;
      const records = await collect(log.store.readAll());
      await log.close();
      for (const [n, { position, copy }] of copies.entries()) expect(await restored(copy, `${to}-${n}`)).toEqual(records.slice(0, position));
    }));

  it('and one at rest go on with each other', () =>
    withFolders(async ({ data, target, to }) => {
      const log = await openLog(data);
      await grow(log, 0, 30);
      const beside = await back(data, target);
      const records = await collect(log.store.readAll());
      await log.close();
      expect(await back(data, target)).toMatchObject({ position: 30 });
      expect(beside.position).toBeLessThanOrEqual(30);
      expect(await restored(target, to)).toEqual(records);
    }));
});

describe('a backup is refused, and the one before stays as it is,', () => {
  it('where the log is damaged, with the position', () =>
    withFolders(async ({ data, target, to }) => {
      const records = await closedLog(data, 41);
      await back(data, target);
      const log = await openLog(data);
      await grow(log, 41, 20);
      await log.close();
      const [, second = ''] = await segmentsOf(data);
      const bytes = await readFile(join(data, 'log', second));
      bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
      await writeFile(join(data, 'log', second), bytes);
      const third = Number((await segmentsOf(data))[2]?.slice(0, 15));
      const failed: unknown = await back(data, target).catch((error: unknown) => error);
      expect(failed).toMatchObject({ name: 'DamageError' });
      // The last batch of the segment holds at most two events.
      expect(third - Number((failed as { position: string }).position)).toBeLessThanOrEqual(2); // it is a DamageError
      expect(await restored(target, to)).toEqual(records);
    }));

  it('but for a file of the backup that was changed since: that is copied again', () =>
    withFolders(async ({ data, target, to }) => {
      const records = await closedLog(data, 41);
      await back(data, target);
      const file = join(target, (await filesOf(target))[0] ?? '');
      const bytes = await readFile(file);
      bytes[60] = (bytes[60] ?? 0) ^ 1;
      await writeFile(file, bytes);
      expect(await back(data, target)).toMatchObject({ copied: 1 });
      expect(await restored(target, to)).toEqual(records);
    }));

  it('where the log is shorter than it was closed with', () =>
    withFolders(async ({ data, target }) => {
      await closedLog(data, 41);
      const newest = join(data, 'log', (await segmentsOf(data)).at(-1) ?? '');
      await truncate(newest, (await stat(newest)).size - 5);
      await expect(back(data, target)).rejects.toMatchObject({ name: 'DamageError' });
    }));

  it('where the target belongs to something else', () =>
    withFolders(async ({ data, target }) => {
      await closedLog(data, 3);
      await mkdir(target);
      await writeFile(join(target, 'holiday.jpg'), '');
      await expect(back(data, target)).rejects.toThrow(`${target} holds no backup, and it is not empty: there is holiday.jpg in it`);
      await expect(back(data, join(target, 'holiday.jpg'))).rejects.toThrow('ENOTDIR');
    }));

  it('where the target is that of another log, or the log was changed', () =>
    withFolders(async ({ data, target, to }) => {
      const records = await closedLog(data, 41);
      await back(data, target);
      const other = await openLog(`${data}-2`, { now: () => 2_000 });
      await grow(other, 0, 60);
      await other.close();
      await expect(back(`${data}-2`, target)).rejects.toThrow(/holds other bytes than the log for the positions 1 to \d+/);
      expect(await restored(target, to)).toEqual(records);
    }));

  it('where the log has lost events that are in it, as one has that was restored from an older backup', () =>
    withFolders(async ({ data, target, to }) => {
      await closedLog(data, 20);
      await back(data, `${target}-old`);
      const log = await openLog(data);
      await grow(log, 20, 11);
      await log.close();
      await back(data, target);
      await restored(`${target}-old`, to);
      await expect(back(to, target)).rejects.toThrow(`${target} is backed up to 31, and the log ends at 20`);
      const fork = await openLog(to, { now: () => 2_000 });
      await grow(fork, 100, 40);
      await fork.close();
      await expect(back(to, target)).rejects.toThrow('holds other bytes than the log for the positions');
    }));

  it('where there is no room', () =>
    withFolders(async ({ data, target, to }) => {
      const records = await closedLog(data, 41);
      await back(data, target);
      const log = await openLog(data);
      await grow(log, 41, 20);
      await log.close();
      await expect(back(data, target, { ports: { freeBytes: () => Promise.resolve(1_000) } })).rejects.toThrow(`${target} has 1000 bytes free`);
      const files = await filesOf(target);
      const faulty = new FaultyDisk();
      faulty.writeFault = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
      await expect(back(data, target, { ports: { disk: faulty.disk } })).rejects.toThrow(
        `the backup into ${target} failed; what was backed up there before stays as it is (ENOSPC: no space left on device, write)`,
      );
      expect(await filesOf(target)).toEqual(files);
      expect(await restored(target, to)).toEqual(records);
    }));

  it('where it is broken off', () =>
    withFolders(async ({ data, target, to }) => {
      const records = await closedLog(data, 41);
      await back(data, target);
      const log = await openLog(data);
      await grow(log, 41, 20);
      await log.close();
      const stop = new AbortController();
      const seen: number[] = [];
      const watch = (done: number, of: number): void => {
        seen.push(done / of);
        if (done > of / 2) stop.abort();
      };
      const files = await filesOf(target);
      await expect(back(data, target, { signal: stop.signal, watch })).rejects.toThrow('aborted');
      expect(await filesOf(target)).toEqual(files);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(await restored(target, to)).toEqual(records);
    }));
});

it('copies a file again that has gone from the target', () =>
  withFolders(async ({ data, target, to }) => {
    const records = await closedLog(data, 41);
    await back(data, target);
    const [first = '', second = ''] = await filesOf(target);
    await rm(join(target, first));
    await truncate(join(target, second), 100);
    expect(await back(data, target)).toMatchObject({ copied: 2 });
    expect(await restored(target, to)).toEqual(records);
  }));
