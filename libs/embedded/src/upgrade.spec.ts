// Logs of earlier formats: read as they are, gone on with in a segment of today's; those of later ones are refused whole.
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { putU32 } from './bytes.js';
import { FORMAT_VERSION, segmentVersion } from './log-format.js';
import { openEmbedded } from './open-embedded.js';
import { withFolder } from './testing/temporary.js';
import { ana, ben, collect, eventOf, KeptKeyValues } from './testing/written-log.js';

/** Twelve events in batches of 1, 3, 2, 4 and 2, in three segments of format 1, closed cleanly. */
const GOLDEN = join(import.meta.dirname, '..', 'golden', 'log-v1');
const COUNT = 12;

const stored = async (log: string): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all((await readdir(log)).filter((name) => name.endsWith('.log')).sort().map(async (name) => [name, (await readFile(join(log, name))).toString('hex')])));

const withGolden = (use: (directory: string, log: string) => Promise<void>) => () =>
  withFolder(async (directory) => {
    await cp(GOLDEN, join(directory, 'log'), { recursive: true });
    await use(directory, join(directory, 'log'));
  });

const ports = () => ({ keyValue: new KeptKeyValues().open });

it('reads a log of format 1, leaves it as it is, and appends in a segment of today\'s format', withGolden(async (directory, log) => {
  const before = await stored(log);
  const opened = await openEmbedded(directory, { ports: ports() });
  const records = await collect(opened.store.readAll());
  expect(records.map(({ id, type, digest, position, stream, recordedAt }) => ({ id, type, digest, position, stream, recordedAt }))).toEqual(
    Array.from({ length: COUNT }, (_, n) => ({
      id: eventOf(n).id,
      digest: eventOf(n).digest,
      type: n % 2 === 1 ? 'HintTaken' : 'AnswerGiven',
      position: String(n + 1),
      stream: n % 3 === 0 ? ben : ana,
      recordedAt: expect.any(Number),
    })),
  );
  expect(records.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(Array.from({ length: COUNT }, (_, n) => `{"n":${n}}`));
  expect(await opened.store.append(ben, [eventOf(100)], 3)).toMatchObject({ revision: 4, position: String(COUNT + 1) });
  await opened.close();
  const after = await stored(log);
  expect(after).toMatchObject(before);
  const made = Object.keys(after).filter((name) => !(name in before));
  expect(made).toEqual(['000000000000013.log']);
  expect(segmentVersion(await readFile(join(log, '000000000000013.log')))).toBe(FORMAT_VERSION);
  const again = await openEmbedded(directory, { ports: ports() });
  expect(again.report).toMatchObject({ position: COUNT + 1, torn: null });
  await again.close();
}));

it('refuses a log of a later format, and changes nothing in it', withGolden(async (directory, log) => {
  const last = join(log, '000000000000011.log');
  const bytes = await readFile(last);
  putU32(bytes, 8, FORMAT_VERSION + 1);
  putU32(bytes, 18, crc32(bytes.subarray(0, 18)));
  await writeFile(last, bytes);
  const before = await stored(log);
  await expect(openEmbedded(directory, { ports: ports() })).rejects.toThrow(`the format is version ${FORMAT_VERSION + 1}; this program reads the versions 1 to ${FORMAT_VERSION}`);
  expect(await stored(log)).toEqual(before);
}));

it('takes away a segment of format 1 whose making was cut short', withGolden(async (directory, log) => {
  await writeFile(join(log, '000000000000013.log'), Buffer.from('TRLSL'));
  const opened = await openEmbedded(directory, { ports: ports() });
  expect(opened.report?.torn).toMatchObject({ position: 13, bytes: 5 });
  expect(await collect(opened.store.readAll())).toHaveLength(COUNT);
  await opened.close();
}));
