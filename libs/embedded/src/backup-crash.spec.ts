// Backup and restore, stopped at every change that they make to a disk, with and without a loss of power.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recorded } from '@trellis/event-sourcing';
import { makeBackup } from './backup.js';
import { openEmbedded } from './open-embedded.js';
import { restoreBackup } from './restore.js';
import { closedLog, filesOf, grow, openLog, restored } from './testing/backed-up.js';
import { CrashingDisk } from './testing/crashing-disk.js';
import { removeFolder, temporaryFolder } from './testing/temporary.js';
import { collect, KeptKeyValues } from './testing/written-log.js';

const CHANGES_MAX = 200;

/**
 * Runs it with a disk that stops after 0, 1, 2, ... changes, until one does not stop; answers how many stopped it.
 * Each time it is looked at with another disk, `after`.
 */
async function stoppedEverywhere(run: (disk: CrashingDisk) => Promise<unknown>, look: (disk: CrashingDisk, after: CrashingDisk) => Promise<void>): Promise<number> {
  for (let changes = 0; changes < CHANGES_MAX; changes++) {
    const disk = new CrashingDisk(changes);
    const failed: unknown = await run(disk).then(() => null, (error: unknown) => error);
    if (failed !== null && !disk.hasStopped) throw failed;
    const after = new CrashingDisk();
    await look(disk, after);
    disk.forget();
    after.forget();
    if (!disk.hasStopped) return changes;
  }
  throw new Error(`it has made ${CHANGES_MAX} changes, and has not come to its end`);
}

/** Nobody else is there, and nothing that was made is looked at after the test. */
const portsOn = (disk: CrashingDisk) => ({ disk, keyValue: new KeptKeyValues().open, lock: () => ({ release: () => undefined }) });

const CRASHES = [
  ['the process ends', () => undefined],
  ['the power is lost', (disk: CrashingDisk) => disk.losePower({ keepsNewestName: false })],
  ['the power is lost and only the newest name is kept', (disk: CrashingDisk) => disk.losePower({ keepsNewestName: true })],
] as const;

describe.each(CRASHES)('where %s at any moment', (_what, crash) => {
  let all: string;
  let data: string;
  let old: readonly Recorded[];
  let grown: readonly Recorded[];
  const at = (name: string): string => join(all, name);

  beforeAll(async () => {
    all = await temporaryFolder();
    data = at('data');
    old = await closedLog(data, 13);
    await makeBackup({ data, target: at('old') });
    const log = await openLog(data);
    await grow(log, 13, 8);
    grown = await collect(log.store.readAll());
    await log.close();
    await makeBackup({ data, target: at('new') });
  });
  afterAll(() => removeFolder(all));

  it.each([['the backup of before or the new one is there', 'old'], ['the first backup is there or not', null]])('%s, whole, and the next goes on', async (_name, before) => {
    const target = at('target');
    const stops = await stoppedEverywhere(
      async (disk) => {
        await rm(target, { recursive: true, force: true });
        if (before !== null) await cp(at(before), target, { recursive: true });
        await makeBackup({ data, target, ports: portsOn(disk) });
      },
      async (disk, after) => {
        crash(disk);
        const found = await restored(target, at('looked'), portsOn(after)).catch((error: Error) => error.message);
        await rm(at('looked'), { recursive: true, force: true });
        const isOld = before === null ? String(found).includes('there is no backup.json in it') : JSON.stringify(found) === JSON.stringify(old);
        if (!disk.hasStopped || !isOld) expect(found).toEqual(grown);
        await makeBackup({ data, target, ports: portsOn(after) });
        expect(await filesOf(target)).toEqual(await filesOf(at('new')));
      },
    );
    expect(stops).toBeGreaterThan(8);
  });

  it('no log is there that is not all of the backup, and the next restore goes on', async () => {
    const to = at('restored');
    const stops = await stoppedEverywhere(
      async (disk) => {
        await rm(to, { recursive: true, force: true });
        await restoreBackup({ backup: at('new'), data: to, ports: portsOn(disk) });
      },
      async (disk, after) => {
        crash(disk);
        const isThere = (await after.list(to)).includes('log');
        if (!disk.hasStopped) expect(isThere).toBe(true);
        if (!isThere) await restoreBackup({ backup: at('new'), data: to, ports: portsOn(after) });
        const opened = await openEmbedded(to, { ports: portsOn(after) });
        expect(await collect(opened.store.readAll())).toEqual(grown);
        expect(opened.report?.torn).toBeNull();
        await opened.close();
      },
    );
    expect(stops).toBeGreaterThan(8);
  });
});
