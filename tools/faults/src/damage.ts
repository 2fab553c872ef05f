// Damage to history that was durable: it must be found and named, nothing of it may be cut in silence, and no way of
// reading gives a wrong record.
import { posix } from 'node:path';
import { DamageError } from '@trellis/embedded';
import type { EventStore, Recorded } from '@trellis/event-sourcing';
import { collect } from './collect.js';
import { expectThat, Violation } from './promises.js';
import type { Randomness } from './randomness.js';
import { numberOf, sameContent } from './reference-log.js';
import { batchAt, segmentsOf, SEGMENT_HEADER_BYTES, type Segment } from './segment-files.js';
import { Session, type Surroundings } from './session.js';

interface Damage {
  readonly path: string;
  /** Events that can no longer be trusted. */
  readonly from: number;
  readonly to: number;
  /** Nothing lies behind it, so that without a mark it cannot be told from an end that a crash tore. */
  readonly atEnd: boolean;
}

/** After a clean close, so that all of it was durable. */
export async function damageAndOpen(world: Surroundings, random: Randomness, finished: <Answer>(work: Promise<Answer>) => Promise<Answer>): Promise<void> {
  const segments = segmentsOf(world);
  const segment = segments[random.below(segments.length)];
  if (segment === undefined || segment.bytes.length === 0) return;
  const forgotten = random.chance(0.3);
  const damage = random.chance(0.7) ? flip(world, random, segment) : shorten(world, random, segment);
  world.trace(`${damage.path} is damaged: positions ${damage.from} to ${damage.to}${forgotten ? ', and all marks are gone' : ''}`);
  if (forgotten) for (const name of ['head', 'clean']) world.machine.disk.lose(posix.join(posix.dirname(segment.path), name));
  if (forgotten || random.chance(0.3)) for (const [path, keyValue] of world.machine.keyValues) if (path.endsWith('index')) keyValue.wipe();
  const damaged = segmentsOf(world);
  const session = new Session(world, true);
  session.open();
  const mayBeCut = forgotten && damage.atEnd;
  checkFound(world, { ...damage, mayBeCut }, await finished(found(world, session)));
  if (mayBeCut) return;
  for (const { path, bytes } of damaged) {
    const length = segmentsOf(world).find((one) => one.path === path)?.bytes.length ?? 0;
    if (length < bytes.length) throw new Violation('damage', `${path} to stay ${bytes.length} bytes long`, String(length));
  }
}

function checkFound({ log }: Surroundings, { from, to, mayBeCut }: Damage & { readonly mayBeCut: boolean }, findings: Findings): void {
  for (const error of findings.errors) {
    expectThat(error instanceof DamageError, 'damage', () => 'damage told as damage', () => error.stack ?? error.message);
    const position = Number(error.position);
    expectThat(position >= from && position <= to, 'damage', () => `a position from ${from} to ${to} named`, () => error.message);
  }
  const harmless = from > log.told;
  const isWhole = findings.read === log.told;
  expectThat(
    findings.errors.length > 0 || (harmless && isWhole) || (mayBeCut && (isWhole || findings.read === from - 1)),
    'damage',
    () => `damage from position ${from} on to be found`,
    () => `${findings.read} of ${log.told} events, and no word of it`,
  );
}

interface Findings {
  readonly errors: readonly Error[];
  /** Events that a reading of the whole log gave. */
  readonly read: number;
}

/** Opens, and reads the log in all ways. Throws for a record that is not as it was. */
async function found({ log, ledger, work }: Surroundings, session: Session): Promise<Findings> {
  while (session.isOpening) await session.pause(1);
  if (session.embedded === null) return { errors: [errorOf(session.failure)], read: 0 };
  const { store } = session.embedded;
  const errors: Error[] = [];
  const attempt = async (reading: Promise<readonly Recorded[]>): Promise<number> => {
    try {
      const records = await reading;
      for (const record of records) {
        const known = log.at(numberOf(record.position))?.record ?? null;
        if (known === null) ledger.checkSent({ stream: record.stream, event: record });
        else expectThat(sameContent(known, record), 'damage', () => 'only records as they were', () => `another one at position ${record.position}`);
      }
      return records.length;
    } catch (error) {
      if (error instanceof Violation) throw error;
      errors.push(errorOf(error));
      return 0;
    }
  };
  const read = await attempt(collect(store.readAll()));
  for (const stream of work.streams) await attempt(collect(store.read(stream)));
  for (let position = 1; position <= log.told; position += 3) await attempt(foundAt(store, log.at(position)));
  return { errors, read };
}

async function foundAt(store: EventStore, known: Pick<Recorded, 'stream' | 'id'> | undefined): Promise<readonly Recorded[]> {
  const record = known === undefined ? null : await store.find(known.stream, known.id);
  return record === null ? [] : [record];
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function flip(world: Surroundings, random: Randomness, segment: Segment): Damage {
  const { path, base, bytes } = segment;
  const at = random.below(bytes.length);
  world.machine.disk.file(path)?.flip(at, random.below(8));
  if (at < SEGMENT_HEADER_BYTES) return { path, from: base, to: base, atEnd: false };
  const { from, to } = batchAt(segment, segmentsOf(world), at) ?? { from: world.log.told + 1, to: Infinity };
  return { path, from, to, atEnd: to >= world.log.told };
}

/** The end of a segment is gone. */
function shorten(world: Surroundings, random: Randomness, segment: Segment): Damage {
  const { path, base, bytes } = segment;
  const length = random.below(bytes.length);
  world.machine.disk.file(path)?.shorten(length);
  const from = length < SEGMENT_HEADER_BYTES ? base : (batchAt(segment, segmentsOf(world), length)?.from ?? world.log.told + 1);
  // Whoever knows how far the log reached may name that instead of the first event that is missing.
  return { path, from, to: Math.max(from, world.log.told), atEnd: segmentsOf(world).every((other) => other.base <= base) };
}
