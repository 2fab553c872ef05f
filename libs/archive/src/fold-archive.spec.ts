import { join } from 'node:path';
import { foldRanges, type EventStore, type FoldedRows } from '@trellis/event-sourcing';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { learnerView, type LearnerState } from '@trellis/views';
import { Archive } from './archive.js';
import { foldArchive } from './fold-archive.js';
import { answer, busyLog, codec, folder, Log, oneOfEach, removeFolders, streamOf } from './testing/histories.js';
import { writeArchive, type ArchiveOptions } from './write-archive.js';

afterAll(removeFolders);

const view = learnerView(() => DEFAULT_CALIBRATION);
const { signal } = new AbortController();

async function bytesOf(pages: AsyncIterable<FoldedRows<LearnerState>>): Promise<readonly (readonly [string, number, string])[]> {
  const rows: (readonly [string, number, string])[] = [];
  for await (const page of pages) for (const [key, { state, revision }] of page) rows.push([key, revision, Buffer.from(view.encode(state)).toString('hex')]);
  return rows;
}

async function archived(store: EventStore, options: Partial<ArchiveOptions> = {}): Promise<Archive> {
  const path = join(folder(), 'log.arrow');
  await writeArchive({ store, codec }, path, { format: 'arrow', arrange: view.arrange, signal, ...options });
  return Archive.open(path);
}

/** Rows from the log, and from an archive of it. */
async function both(log: Log, options: Partial<ArchiveOptions> = {}): Promise<{ readonly ofLog: unknown; readonly ofArchive: unknown }> {
  const archive = await archived(log.store, options);
  try {
    return { ofLog: await bytesOf(foldRanges({ store: log.store, codec }, view, { signal })), ofArchive: await bytesOf(foldArchive(archive, codec, view, { signal })) };
  } finally {
    archive.close();
  }
}

describe('folding an archive', () => {
  it.each([1, 2, 3, 4, 5, 6])('gives the rows of the log, byte by byte: history %i', async (seed) => {
    const { ofLog, ofArchive } = await both(busyLog({ seed }));
    expect(ofArchive).toEqual(ofLog);
  });

  it.each([1, 3, 64, 500])('gives them wherever batches end: after %i rows', async (batchRowsMax) => {
    const { ofLog, ofArchive } = await both(busyLog({ seed: 7, events: 300 }), { batchRowsMax });
    expect(ofArchive).toEqual(ofLog);
  });

  it('gives them where the log is read many times for want of memory', async () => {
    const { ofLog, ofArchive } = await both(busyLog({ seed: 8, learners: 40 }), { rangeBytesMax: 4_096 });
    expect(ofArchive).toEqual(ofLog);
  });

  it('gives them without an arrangement', async () => {
    const log = busyLog({ seed: 9 });
    const archive = await archived(log.store, { arrange: undefined });
    expect(await bytesOf(foldArchive(archive, codec, view, { signal }))).toEqual(await bytesOf(foldRanges({ store: log.store, codec }, view, { signal })));
    archive.close();
  });

  it('gives them for every type of event, several tenants, and what nobody knows', async () => {
    const log = new Log([answer('ana'), answer('ana', { score: 0 }), ...oneOfEach('ana'), ...oneOfEach('ben', 900), answer('ana', { score: null }), answer('cy', { more: { answeredBy: 'a later version' } }), { ...answer('ana'), tenant: 'north-7' }]);
    log.put(streamOf('ana'), 'AnswerGiven', Uint8Array.of(99, 1, 2));
    log.put(streamOf('ben'), 'SomethingNew', Uint8Array.of(1, 2, 3));
    log.put(streamOf('dee'), 'AnswerGiven', new Uint8Array(0));
    const { ofLog, ofArchive } = await both(log);
    expect(ofArchive).toEqual(ofLog);
    expect(ofArchive).toHaveLength(5);
  });

  it('gives them where the newest answer has the place of another', async () => {
    const log = new Log([answer('ana', { minute: 5, number: 9 }), answer('ana', { minute: 5, number: 3 }), answer('ana', { minute: 5, number: 6, meta: { sequence: 4 } }), answer('ana', { minute: 5, number: 1, meta: { sequence: 2 } })]);
    const { ofLog, ofArchive } = await both(log);
    expect(ofArchive).toEqual(ofLog);
  });

  it('gives no row of an empty log', async () => {
    const { ofLog, ofArchive } = await both(new Log([]));
    expect([ofLog, ofArchive]).toEqual([[], []]);
  });

  it('counts what it folded, and ends when it is told to', async () => {
    const archive = await archived(busyLog({ events: 100 }).store, { batchRowsMax: 10 });
    let events = 0;
    await bytesOf(foldArchive(archive, codec, view, { signal, folded: (more) => (events += more) }));
    expect(events).toBe(archive.events);
    const stop = new AbortController();
    events = 0;
    await bytesOf(foldArchive(archive, codec, view, { signal: stop.signal, folded: (more) => ((events += more), stop.abort()) }));
    expect(events).toBe(10);
    archive.close();
  });
});
