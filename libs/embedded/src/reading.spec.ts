// Reading beside nobody, beside a writer, and behind a crash.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openForReading } from './reading.js';
import { lockDirectory } from './lock.js';
import { type InspectedLog, withLog } from './testing/inspected.js';
import { collect } from './testing/written-log.js';

const SIZES = [3, 3, 3];

async function positions(log: InspectedLog): Promise<readonly string[]> {
  const { store, close } = await openForReading(log.directory, { ports: { keyValue: log.keyValues.open } });
  try {
    return (await collect(store.readAll())).map(({ position }) => position);
  } finally {
    await close();
  }
}

const all = Array.from({ length: 9 }, (_, n) => String(n + 1));

it('shows a log that was closed, and does not open it to write', () =>
  withLog(SIZES, async (log) => {
    const held = lockDirectory(log.directory);
    expect(await positions(log)).toEqual(all);
    held.release();
  }));

it('shows everything behind a crash that left an older head, and makes it durable first', () =>
  withLog(SIZES, async (log) => {
    await rm(join(log.directory, 'log', 'clean'));
    await writeFile(join(log.directory, 'log', 'head'), '');
    expect(await positions(log)).toEqual(all);
  }));

it('shows what is published where somebody else has the folder', () =>
  withLog(SIZES, async (log) => {
    const writer = await log.open();
    expect(await positions(log)).toEqual(all);
    await writer.close();
  }));

it('shows what comes before damage, and then says where that is', () =>
  withLog(SIZES, async (log) => {
    await rm(join(log.directory, 'log', 'clean'));
    const [, batch] = await log.batches();
    await log.flip(batch?.path ?? '', (batch?.offset ?? 0) + 60);
    log.keyValues.kept.delete('index');
    await expect(positions(log)).rejects.toThrow('the log is damaged at position 4');
  }));

it('refuses a folder without a log', () =>
  withLog(SIZES, async (log) => {
    await rm(join(log.directory, 'log'), { recursive: true });
    await expect(positions(log)).rejects.toThrow(`the data folder ${log.directory} cannot be used: it holds no log yet`);
  }));
