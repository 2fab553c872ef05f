import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Envelope } from '@trellis/event-sourcing';
import type { TenantId } from '@trellis/learning';
import { Archive } from './archive.js';
import { ArchivedEvents } from './archived-events.js';
import { COLUMNS } from './columns.js';
import { answer, busyLog, codec, folder, Log, MINUTE, MORNING, oneOfEach, removeFolders, streamOf } from './testing/histories.js';
import { writeArchive, type ArchiveOptions } from './write-archive.js';

afterAll(removeFolders);

const { signal } = new AbortController();

function write(log: Pick<Log, 'store'>, path: string, options: Partial<ArchiveOptions> = {}): Promise<unknown> {
  return writeArchive({ store: log.store, codec }, path, { format: path.endsWith('.parquet') ? 'parquet' : 'arrow', signal, ...options });
}

/** Every event of the file as replay gets it. */
function readBack(path: string): readonly Envelope[] {
  const archive = Archive.open(path);
  const events = new ArchivedEvents(archive, codec);
  const all: Envelope[] = [];
  for (let batch = 0; batch < archive.batches.length; batch++) {
    const rows = events.load(batch);
    for (let row = 0; row < rows; row++) {
      const event = events.keptAt(row, `learner-${events.keyAt(row)}` as Envelope['stream']);
      if (event !== null) all.push(event);
    }
  }
  archive.close();
  return all;
}

/** An answer has its own bytes only where columns do not say all of it. */
function withoutBytes(events: readonly Envelope[]): readonly unknown[] {
  return events.map(({ bytes: _, ...rest }) => rest);
}

/** By name, then as the stream has them: the order in a file that is written without an arrangement. */
function byStream(events: readonly Envelope[]): readonly Envelope[] {
  return events.toSorted((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : a.revision - b.revision));
}

/** What an answer may have, all of it. */
const WHOLE = {
  course: 'algebra',
  courseVersion: 7,
  response: '½ · “é” 日本 🙂',
  durationMs: 86_400_000,
  confidence: 0.1,
  session: 's:1',
  recommendation: 'bGVhcm5lci1kZWZhdWx0LmFuYUAz',
};

const EVERYTHING = new Log([
  answer('ana', { item: 'ítem-ñ', skills: ['a', 'b', 'c'], score: 1 / 3, more: WHOLE, meta: { timeBasis: 'received', claimedAt: 2 ** 52, sequence: 2 ** 40, correlationId: 'c-½', source: 'θ' } }),
  answer('ana', { score: null, minute: -40 * 365 * 24 * 60 }),
  answer('ana', { skills: [], more: { response: '' } }),
  ...oneOfEach('ana'),
  // What columns would lose: half a character, more digits than they have, members of a later version.
  answer('ben', { more: { response: '\ud83d' } }),
  answer('ben', { more: { durationMs: 1.5 } }),
  answer('ben', { more: { courseVersion: 2 ** 40 } }),
  answer('ben', { more: { answeredBy: ['a', { b: 'later version' }] } }),
  answer('ben', { meta: { occurredAt: MORNING + 0.25 } }),
  { ...answer('ana'), tenant: 'north-7' },
  answer('al'),
]);

describe('an Arrow file', () => {
  it('gives every event back as it was', async () => {
    const path = join(folder(), 'log.arrow');
    await write(EVERYTHING, path);
    expect(withoutBytes(readBack(path))).toEqual(withoutBytes(byStream(EVERYTHING.envelopes())));
  });

  it.each([1, 2, 7, 1_000])('gives them back in batches of %i rows', async (batchRowsMax) => {
    const log = busyLog({ seed: 3, events: 200 });
    const path = join(folder(), 'log.arrow');
    await write(log, path, { batchRowsMax, rangeBytesMax: 2_048 });
    expect(withoutBytes(readBack(path))).toEqual(withoutBytes(byStream(log.envelopes())));
  });

  it('is read by others: columns with names and types, a row for each event', async () => {
    const path = join(folder(), 'log.arrow');
    await write(EVERYTHING, path, { batchRowsMax: 5 });
    const table = tableFromIPC(readFileSync(path));
    expect(table.schema.names).toEqual(COLUMNS.map(({ name }) => name));
    expect(table.numRows).toBe(EVERYTHING.records.length);
    const rows = table.toArray().map((row) => row?.toJSON() as Record<string, unknown>);
    expect(rows[1]).toMatchObject({
      tenant: 'default',
      learner: 'ana',
      revision: 0,
      type: 'AnswerGiven',
      occurredAt: MORNING,
      item: 'ítem-ñ',
      score: 1 / 3,
      response: WHOLE.response,
      durationMs: WHOLE.durationMs,
      sequence: BigInt(2 ** 40),
      claimedAt: 2 ** 52,
      event: null,
      data: null,
    });
    expect([...(rows[1]?.['skills'] as Iterable<string>)]).toEqual(['a', 'b', 'c']);
    const mood = rows.find(({ type }) => type === 'MoodReported');
    expect(JSON.parse(String(mood?.['data']))).toEqual({ mood: 'tired' });
    expect(Object.fromEntries(table.schema.metadata)).toMatchObject({ 'trellis.format': '1', 'trellis.position': String(EVERYTHING.records.length), 'trellis.streams': 'learner-' });
  });

  it('has nothing of an empty log, and of a tenant without learners', async () => {
    const at = folder();
    expect(await write(new Log([]), join(at, 'empty.arrow'))).toMatchObject({ events: 0, learners: 0, position: null });
    expect(await write(EVERYTHING, join(at, 'nobody.arrow'), { tenant: 'nobody' as TenantId })).toMatchObject({ events: 0 });
    for (const name of ['empty.arrow', 'nobody.arrow']) {
      expect(readBack(join(at, name))).toEqual([]);
      expect(tableFromIPC(readFileSync(join(at, name))).numRows).toBe(0);
    }
  });

  it('has the learners of one tenant alone', async () => {
    const path = join(folder(), 'log.arrow');
    expect(await write(EVERYTHING, path, { tenant: 'north-7' as TenantId })).toMatchObject({ events: 1, learners: 1 });
    expect(readBack(path).map(({ stream }) => stream)).toEqual([streamOf('ana', 'north-7')]);
  });
});

describe('a Parquet file', () => {
  it('has the same columns, but for the bytes of events', async () => {
    const path = join(folder(), 'log.parquet');
    await write(EVERYTHING, path, { batchRowsMax: 4 });
    const file = await asyncBufferFromFile(path);
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(EVERYTHING.records.length);
    expect(Object.keys(rows[0] ?? {})).toEqual(COLUMNS.map(({ name }) => name).filter((name) => name !== 'event'));
    expect(rows[1]).toMatchObject({
      tenant: 'default',
      learner: 'ana',
      revision: 0,
      occurredAt: new Date(MORNING),
      item: 'ítem-ñ',
      skills: ['a', 'b', 'c'],
      score: 1 / 3,
      response: WHOLE.response,
      sequence: BigInt(2 ** 40),
    });
    expect(rows[2]).toMatchObject({ occurredAt: new Date(MORNING - 40 * 365 * 24 * 60 * MINUTE), score: null, response: null });
    expect(rows[3]).toMatchObject({ skills: [], response: '' });
    expect((await parquetMetadataAsync(file)).key_value_metadata).toContainEqual({ key: 'trellis.events', value: String(EVERYTHING.records.length) });
  });

  it('has nothing of an empty log', async () => {
    const path = join(folder(), 'log.parquet');
    await write(new Log([]), path);
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(path) })).toEqual([]);
  });
});

it('has every column that the documentation tells of, and no other', () => {
  const told = readFileSync(new URL('../../../docs/columns.md', import.meta.url), 'utf8').matchAll(/^\| (`.*?`) \|/gm);
  expect([...told].flatMap(([, names = '']) => names.replaceAll('`', '').split(', '))).toEqual(COLUMNS.map(({ name }) => name));
});

describe('writing an archive', () => {
  it.each(['log.arrow', 'log.parquet'])('that is broken off leaves the file of before and nothing else: %s', async (name) => {
    const at = folder();
    writeFileSync(join(at, name), 'before');
    const stop = new AbortController();
    const watch = (): void => stop.abort();
    await expect(write(busyLog({ events: 100 }), join(at, name), { batchRowsMax: 10, signal: stop.signal, watch })).rejects.toThrow('aborted');
    expect(readdirSync(at)).toEqual([name]);
    expect(readFileSync(join(at, name), 'utf8')).toBe('before');
    await write(busyLog({ events: 100 }), join(at, name));
    expect(readdirSync(at)).toEqual([name]);
    expect(readFileSync(join(at, name)).length).toBeGreaterThan(1_000);
  });

  it('takes what was in the log when it began, and nothing behind', async () => {
    const log = busyLog({ seed: 2, learners: 30, events: 300 });
    const path = join(folder(), 'log.arrow');
    const { store } = log;
    const growing = { ...store, readAll: (range?: { readonly prefix?: string }) => (queueMicrotask(() => log.say(answer('zoe'))), store.readAll(range)) };
    expect(await write({ store: growing }, path, { rangeBytesMax: 8_192 })).toMatchObject({ events: 300, position: '300' });
    expect(readBack(path)).toHaveLength(300);
  });

  it('says how far it is', async () => {
    const heard: (readonly [number, number])[] = [];
    await write(busyLog({ events: 50 }), join(folder(), 'log.arrow'), { batchRowsMax: 20, watch: (...at) => heard.push(at) });
    expect(heard).toEqual([[20, 50], [40, 50], [50, 50]]);
  });

  it('names the stream that is no learner\'s', async () => {
    const log = new Log([]);
    log.put('learner-nobody' as Envelope['stream'], 'AnswerGiven', new Uint8Array(0));
    await expect(write(log, join(folder(), 'log.arrow'))).rejects.toThrow('learner-nobody is no learner\'s stream: an archive holds those of learners');
  });
});
