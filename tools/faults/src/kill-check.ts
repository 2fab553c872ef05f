// Every promise that can be seen from outside, checked on a log that was opened again after a kill.
import { cp, rm } from 'node:fs/promises';
import { openEmbedded, type Embedded } from '@trellis/embedded';
import { Projector, type Recorded, type StreamName } from '@trellis/event-sourcing';
import { LEARNER_PREFIX, trellisCodec } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { learnerView } from '@trellis/views';
import { audit, owed, type Books } from './audit.js';
import { collect } from './collect.js';
import { idInLife } from './kill-lines.js';
import { KILL_STORE } from './kill-store.js';
import { expectThat } from './promises.js';
import { Randomness } from './randomness.js';
import { numberOf, textOf } from './reference-log.js';
import { RowChecks } from './row-checks.js';
import { Schoolwork } from './schoolwork.js';

const codec = trellisCodec();
const projection = learnerView(() => DEFAULT_CALIBRATION);
/** No life has this number: the event that shows that the log goes on. */
const CHECKER_LIFE = 0xffff;

export interface Checked {
  /** Bytes above everything acknowledged were cut. */
  readonly torn: boolean;
}

/** On a copy, so that the next process finds what the kill left. */
export async function checkCopy(books: Books, folder: string): Promise<Checked> {
  const copy = `${folder}-copy`;
  await cp(folder, copy, { recursive: true });
  const checked = await checkReopened(books, copy, async ({ store }, events) => {
    const school = new Schoolwork(new Randomness(events));
    const made = school.observation();
    const answer = await store.append(made.stream, [{ ...made.event, id: idInLife(made.event.id, CHECKER_LIFE) }], books.log.head(made.stream));
    expectThat(answer !== 'conflict' && !answer.repeated && numberOf(answer.position) === events + 1, 'restart', () => `an append at position ${events + 1}`, () => JSON.stringify(answer));
  });
  await rm(copy, { recursive: true });
  return checked;
}

/** Leaves the folder as after a clean close. */
export function checkInPlace(books: Books, folder: string): Promise<Checked> {
  return checkReopened(books, folder, () => Promise.resolve());
}

async function checkReopened(books: Books, folder: string, goOn: (embedded: Embedded, events: number) => Promise<void>): Promise<Checked> {
  const before = owed(books.log);
  books.log.life++;
  const embedded = await openEmbedded(folder, KILL_STORE).catch((error: unknown) => {
    expectThat(false, 'restart', () => 'the log to open', () => String(error));
  });
  try {
    const { store, views } = embedded;
    const records = await collect(store.readAll());
    audit(books, records, before);
    expectThat(numberOf(await store.head()) === records.length, 'positions', () => `the head at ${records.length}`, () => 'another one');
    await checkIndex(books, embedded, records);
    const rows = new RowChecks(books.log, projection, codec);
    await rows.checkRows(views, { honest: true });
    const sources = { store, views, codec };
    const learners = new Set(records.filter(({ stream }) => stream.startsWith(LEARNER_PREFIX)).map(({ stream }) => stream.slice(LEARNER_PREFIX.length)));
    for (const key of learners) await rows.checkLoad(sources, projection, key);
    await new Projector(sources, projection).catchUp(new AbortController().signal);
    await rows.checkRows(views, { honest: true });
    await goOn(embedded, records.length);
    return { torn: (embedded.report?.torn ?? null) !== null };
  } finally {
    await embedded.close();
  }
}

/** Every event by its id, every stream by its name, and nothing that is not there. */
async function checkIndex({ ledger, log }: Books, { store }: Embedded, records: readonly Recorded[]): Promise<void> {
  const byStream = new Map<StreamName, Recorded[]>();
  for (const record of records) {
    const found = await store.find(record.stream, record.id);
    expectThat(found !== null && textOf(found) === textOf(record), 'answers', () => `to find ${textOf(record)}`, () => (found === null ? 'nothing' : textOf(found)));
    const due = byStream.get(record.stream) ?? [];
    due.push(record);
    byStream.set(record.stream, due);
  }
  for (const [stream, due] of byStream) {
    const read = await collect(store.read(stream));
    expectThat(read.length === due.length && read.every(({ position }, n) => position === due[n]?.position), 'answers', () => `${due.length} events of ${stream}`, () => String(read.length));
  }
  for (const [id, { contents }] of ledger.sent) {
    const stream = contents[0]?.stream;
    if (stream === undefined || log.find(id) !== undefined) continue;
    expectThat((await store.find(stream, id)) === null, 'answers', () => `no ${id}: a whole reading did not have it`, () => 'an event');
  }
}
