import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeBackup } from './backup.js';
import { openEmbedded } from './open-embedded.js';
import { checkBackup, restoreBackup } from './restore.js';
import { closedLog, filesOf, openLog, segmentsOf } from './testing/backed-up.js';
import { withFolder } from './testing/temporary.js';
import { ana, collect, eventOf, KeptKeyValues } from './testing/written-log.js';

interface BackedUp {
  readonly data: string;
  readonly backup: string;
  /** The file of its second segment. */
  readonly second: string;
  readonly to: string;
}

/** A backup of 41 events. */
function withBackup<Answer>(use: (made: BackedUp) => Promise<Answer>): Promise<Answer> {
  return withFolder(async (all) => {
    const [data, backup, to] = [join(all, 'data'), join(all, 'backup'), join(all, 'restored')];
    await closedLog(data, 41);
    await makeBackup({ data, target: backup });
    return use({ data, backup, second: join(backup, (await filesOf(backup))[1] ?? ''), to });
  });
}

const ports = () => ({ keyValue: new KeptKeyValues().open });

describe('a restored folder', () => {
  it('has the same log, an index, and a mark that all of it is durable', () =>
    withBackup(async ({ data, backup, to }) => {
      const { bytes, madeAt, ...report } = await restoreBackup({ backup, data: to });
      expect(report).toEqual({ position: 41, recordedAt: '1970-01-01T00:00:01.000Z', segments: (await segmentsOf(data)).length, indexed: 41 });
      expect(Date.parse(madeAt)).toBeGreaterThan(0);
      let sum = 0;
      for (const name of await segmentsOf(data)) {
        const original = await readFile(join(data, 'log', name));
        expect(await readFile(join(to, 'log', name))).toEqual(original);
        sum += original.length;
      }
      expect(bytes).toBe(sum);
      const opened = await openEmbedded(to);
      expect(opened.report).toEqual({ position: 41, clean: true, scanned: 0, indexRebuilt: false, torn: null });
      expect(await opened.store.append(ana, [eventOf(99)], 20)).toMatchObject({ position: '42' });
      await opened.close();
    }));

  it('refuses damage to its last event, which was restored and so is no torn end', () =>
    withBackup(async ({ backup, to }) => {
      await restoreBackup({ backup, data: to, ports: ports() });
      const newest = join(to, 'log', (await segmentsOf(to)).at(-1) ?? '');
      await truncate(newest, (await stat(newest)).size - 1);
      await expect(openLog(to)).rejects.toMatchObject({ name: 'DamageError', position: '41' });
    }));

  it('can be one that was there and is empty', () =>
    withBackup(({ backup }) =>
      withFolder(async (to) => {
        await restoreBackup({ backup, data: to, ports: ports() });
        const opened = await openLog(to);
        expect(await collect(opened.store.readAll())).toHaveLength(41);
        await opened.close();
      }),
    ));
});

describe('a restore is refused, and nothing is touched,', () => {
  it('where the data folder is not empty', () =>
    withBackup(async ({ data, backup }) => {
      const before = await readdir(data);
      await expect(restoreBackup({ backup, data })).rejects.toThrow(`${data} is not empty: there is`);
      expect(await readdir(data)).toEqual(before);
      await expect(restoreBackup({ backup, data: join(backup, 'backup.json') })).rejects.toThrow('ENOTDIR');
    }));

  it('where there is no backup', () =>
    withBackup(async ({ data, to }) => {
      await expect(restoreBackup({ backup: data, data: to })).rejects.toThrow(`${data} holds no backup: there is no backup.json in it`);
      await expect(readdir(to)).rejects.toThrow('ENOENT');
    }));

  it('where there is no room', () =>
    withBackup(async ({ backup, to }) => {
      await expect(restoreBackup({ backup, data: to, ports: { freeBytes: () => Promise.resolve(1_000) } })).rejects.toThrow(`${to} has 1000 bytes free`);
      await expect(readdir(join(to, 'log'))).rejects.toThrow('ENOENT');
    }));
});

describe('a backup whose', () => {
  const damages: readonly (readonly [string, (made: BackedUp) => Promise<unknown>, RegExp])[] = [
    ['file is missing', ({ second }) => rm(second), /ENOENT/],
    ['file is shorter', async ({ second }) => truncate(second, (await stat(second)).size - 1), /it has \d+ bytes, and had \d+ when it was written/],
    ['file is longer', async ({ second }) => writeFile(second, 'x', { flag: 'a' }), /it has \d+ bytes, and had \d+ when it was written/],
  ];

  it.each(damages)('%s is refused by a check and by a restore, with its name', (_name, damage, why) =>
    withBackup(async (made) => {
      await damage(made);
      const { problems } = await checkBackup({ backup: made.backup });
      expect(problems).toEqual([{ file: made.second, detail: expect.stringMatching(why) as unknown }]);
      await expect(restoreBackup({ backup: made.backup, data: made.to })).rejects.toThrow(`the backup is damaged: ${made.second}: `);
      await expect(readdir(made.to)).rejects.toThrow('ENOENT');
    }),
  );

  it('file has any byte changed is refused, with its name', () =>
    withBackup(async ({ backup, second, to }) => {
      const bytes = await readFile(second);
      for (let at = 0; at < bytes.length; at += 29) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 16;
        await writeFile(second, changed);
        expect((await checkBackup({ backup })).problems.map(({ file }) => file)).toEqual([second]);
      }
      await expect(restoreBackup({ backup, data: to })).rejects.toThrow(second);
    }));

  it('file is another whole segment of the same length is refused, for its hash', () =>
    withBackup(async ({ backup, second }) => {
      // The same batches, recorded at another time: everything in it fits together.
      await withFolder(async (other) => {
        const log = await openLog(other, { now: () => 2_000 });
        for (let n = 0; n < 41; n += 2) await log.store.appendObservations([eventOf(n), eventOf(n + 1)].map((event) => ({ stream: ana, event })));
        await log.close();
        await makeBackup({ data: other, target: join(other, 'backup') });
        await writeFile(second, await readFile(join(other, 'backup', (await filesOf(join(other, 'backup')))[1] ?? '')));
      });
      expect((await checkBackup({ backup })).problems).toEqual([{ file: second, detail: 'its hash is not the one that it was written with' }]);
    }));

  it('manifest has any byte changed is refused', () =>
    withBackup(async ({ backup }) => {
      const path = join(backup, 'backup.json');
      const bytes = await readFile(path);
      for (let at = 0; at < bytes.length; at += 19) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        // Spaces between the members say nothing.
        if (/^\s$/.test(String.fromCharCode(bytes[at] ?? 0))) continue;
        await writeFile(path, changed);
        await expect(checkBackup({ backup })).rejects.toMatchObject({ name: 'BackupError' });
      }
      await writeFile(path, JSON.stringify({ format: 2 }));
      await expect(makeBackup({ data: join(backup, '..', 'data'), target: backup })).rejects.toThrow('format is 2; this program reads 1');
    }));

  it('files are as they were written has no problems, and nothing is written', () =>
    withBackup(async ({ backup }) => {
      const before = await readdir(backup);
      const seen: number[] = [];
      const { problems, position } = await checkBackup({ backup, watch: (done, of) => seen.push(done / of) });
      expect({ problems, position, end: seen.at(-1) }).toEqual({ problems: [], position: 41, end: 1 });
      expect(await readdir(backup)).toEqual(before);
    }));
});
