// Reads all of a data folder's log and index, and names what is not as it should be. Changes nothing.
import { readMarkFile, CLEAN_FILE, HEAD_FILE, type DurableMark } from './durable-mark.js';
import type { Disk } from './disk.js';
import { frameRecord, frameWords } from './frame.js';
import { idHash, IdSet } from './id-sets.js';
import { WINDOW_POSITIONS } from './id-window.js';
import { IndexVerification } from './index-verification.js';
import type { KeyValue } from './key-value.js';
import { LogFacts, PlacesBehind } from './log-facts.js';
import { eachFrame, walkLog } from './log-walk.js';
import type { Problems } from './problems.js';
import { Recent } from './recent.js';
import { CHECKPOINTS, buildOfCheckpoint, positionText } from './row-entries.js';
import type { Segments } from './segments.js';
import { Sparse } from './sparse.js';
import { StreamLedger } from './stream-ledger.js';

export interface VerificationParts {
  readonly disk: Disk;
  readonly segments: Segments;
  readonly index: KeyValue;
  readonly rows: KeyValue;
  /** Where another process writes: asks for the head that it publishes, which comes to this position soon. Null where none does. */
  readonly head: ((atLeast: number) => Promise<number>) | null;
  readonly problems: Problems;
  /** Positions whose index entries are compared together, at 9 bytes of memory each. */
  readonly windowPositions?: number;
  readonly signal?: AbortSignal;
  /** Hears how many events were read, and of how many if that is known. */
  readonly watch?: (done: number, of: number | null) => void;
}

/** What was looked at. */
export interface Verified {
  readonly events: number;
  /** Of the events: without a payload, because it was erased or could not be saved by a repair. */
  readonly erased: number;
  /** Positions without an event, where there was one. */
  readonly lost: number;
  readonly streams: number;
  readonly segments: number;
  readonly batches: number;
  readonly indexEntries: number;
  readonly checkpoints: number;
  /** The newest position. */
  readonly position: number;
  /** Bytes behind it that a crash left of a write; the next opening cuts them and keeps them aside. */
  readonly unfinishedBytes: number;
  /** Ids that were not compared with each other, because the index does not have them and there are too many. */
  readonly idsNotCompared: number;
}

export async function verifyData(parts: VerificationParts): Promise<Verified> {
  const { segments, index: keyValue, head, problems, signal, watch } = parts;
  const index = new IndexVerification({ keyValue, isMoving: head !== null, windowPositions: parts.windowPositions ?? WINDOW_POSITIONS, problems });
  const to = head === null ? Infinity : await head(index.mark.position);
  const marks = await marksOf(parts);
  const places = new PlacesBehind([index.mark.position, ...marks.map(({ mark }) => mark.position)]);
  const ledger = new StreamLedger(index.ordinalOf);
  const isAlone = head === null;
  const durable = isAlone ? Math.max(index.mark.position, ...marks.map(({ mark }) => mark.position)) : to;
  if (!isAlone && index.mark.position > to) problems.add('index', to + 1, `the index has events up to position ${index.mark.position}, and the writer's head is at ${to}`);
  const facts = new LogFacts(ledger, problems, durable);
  for await (const walked of walkLog(segments, { to })) {
    signal?.throwIfAborted();
    if ('batch' in walked) {
      places.note(walked.batch);
      index.batch(walked.batch);
    }
    facts.take(walked, index.event);
    watch?.(facts.end, durable > 0 ? Math.max(durable, facts.end) : null);
  }
  facts.finish();
  await index.finish(ledger, { log: { segments, recent: new Recent(), sparse: new Sparse() }, isLogWhole: facts.isWhole, places });
  checkMarks(marks, { facts, places, problems });
  const idsLeft = await checkIds(parts, index, to);
  return {
    events: facts.events,
    erased: facts.erased,
    lost: facts.lost,
    streams: ledger.size,
    segments: segments.bases.length,
    batches: facts.batches,
    indexEntries: index.entries,
    checkpoints: await checkCheckpoints(parts, facts.end),
    position: facts.end,
    unfinishedBytes: facts.unfinishedBytes,
    idsNotCompared: idsLeft,
  };
}

interface NamedMark {
  readonly name: string;
  readonly mark: DurableMark;
}

/** What says up to where the log is durable, besides the index. Where a process writes that is its published head, which moves on. */
async function marksOf({ disk, segments: { directory }, head, problems }: VerificationParts): Promise<readonly NamedMark[]> {
  if (head !== null) return [];
  const clean = await readMarkFile(disk, directory, CLEAN_FILE);
  // The published head is not synced: after a loss of power it may hold anything. The other mark is, before it gets its name.
  if (clean === null && (await disk.list(directory)).includes(CLEAN_FILE)) problems.add('mark', null, 'the mark of the last clean stop is damaged');
  const published = await readMarkFile(disk, directory, HEAD_FILE);
  return [
    ...(clean === null ? [] : [{ name: 'the mark of the last clean stop', mark: clean }]),
    ...(published === null ? [] : [{ name: 'the published head', mark: published }]),
  ];
}

function checkMarks(marks: readonly NamedMark[], { facts, places, problems }: { readonly facts: LogFacts; readonly places: PlacesBehind; readonly problems: Problems }): void {
  if (!facts.isWhole) return;
  for (const { name, mark } of marks) {
    const fault = mark.position === 0 ? null : places.fault(mark.position, mark.end);
    if (fault !== null) problems.add('mark', mark.position, `${name} does not lead to the end of what it says is durable: ${fault}`);
  }
}

/** Rows may be behind the log, never ahead of it. Answers how many checkpoints there are. */
async function checkCheckpoints({ rows, head, problems }: VerificationParts, end: number): Promise<number> {
  try {
    const entries = rows.range({ ...CHECKPOINTS, limit: CHECKPOINTS_MAX });
    for (const { key, value } of entries) {
      const { name, generation } = buildOfCheckpoint(key);
      const position = Number(positionText(value));
      // Beside a writer both have gone on since.
      const endNow = head === null || position <= end ? end : await head(position);
      if (!(position <= endNow)) problems.add('rows', null, `the rows of ${name} (build ${generation}) say that they have everything up to position ${position}; the log ends at ${endNow}`);
    }
    return entries.length;
  } catch (error) {
    problems.add('rows', null, `the rows cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return 0;
  }
}

/** Builds of rows that are looked at. There is one for each view, and a second while it is rebuilt. */
const CHECKPOINTS_MAX = 1_024;

/** Looks in the log itself for ids that seem to come twice. Answers how many were not compared. */
async function checkIds({ segments, problems, signal }: VerificationParts, index: IndexVerification, to: number): Promise<number> {
  const words = new Uint32Array(6);
  const eachId = async (visit: (bytes: Uint8Array, at: number) => void): Promise<void> => {
    for await (const walked of walkLog(segments, { to })) {
      signal?.throwIfAborted();
      eachFrame(walked, (bytes, at) => {
        frameWords(bytes, at, words);
        visit(bytes, at);
      });
    }
  };
  let hashes: ReadonlySet<number> = index.repeated;
  let left = index.idsNotCompared;
  if (!index.vouchesForIds) {
    const ids = new IdSet();
    await eachId(() => ids.add(words, 0));
    hashes = ids.repeated();
    left = ids.left;
  }
  if (hashes.size === 0) return left;
  const positions = new Map<string, string>();
  await eachId((bytes, at) => {
    if (!hashes.has(idHash(words, 0))) return;
    const { id, position } = frameRecord(bytes, at);
    const first = positions.get(id);
    if (first === undefined) positions.set(id, position);
    else problems.add('id', Number(position), `the id ${id} is that of the event at position ${first} too`);
  });
  return left;
}
