// Decides appends in the order they arrive, against everything decided before them, durable or not; answers when durable.
import {
  EVENT_BYTES_MAX,
  type Appended,
  type Expected,
  type Observation,
  type Outcome,
  type Outgoing,
  type Position,
  type Recording,
  type StreamName,
} from '@trellis/event-sourcing';
import { digestWords, uuidWords } from './bytes.js';
import { AppendsRefusedError, BusyError } from './errors.js';
import type { EventIndex } from './event-index.js';
import type { GroupCommit, Waiter } from './group-commit.js';
import { APPEND_BYTES_MAX, APPEND_EVENTS_MAX, OBSERVATIONS_PART, STREAM_NAME_BYTES_MAX, TYPE_BYTES_MAX, WAITING_CALLS_MAX } from './limits.js';
import type { StreamHead } from './tail.js';

const WORDS = 6;

interface Submission {
  /** Runs once there is room in a group; throws what is wrong with the input, having done nothing. */
  decide(): void;
  fail(error: unknown): void;
}

/** The index as it is at the moment: after a failed write another one takes its place. */
export interface Indexed {
  readonly index: EventIndex;
  /** Why nothing more can be decided, or null. */
  readonly refusal: AppendsRefusedError | null;
}

export class Writer {
  private readonly waiting: Submission[] = [];
  private words = new Uint32Array(WORDS * 512);
  private closing = false;

  constructor(
    private readonly source: Indexed,
    private readonly group: GroupCommit,
  ) {}

  append(stream: StreamName, events: readonly Outgoing[], expected: Expected): Promise<Appended | 'conflict'> {
    return new Promise((resolve, fail) => {
      this.submit({
        fail,
        decide: () => {
          const answer = this.decideAppend(stream, events, expected);
          this.group.settle({ settle: () => resolve(answer), fail });
        },
      });
    });
  }

  async appendObservations(batch: readonly Observation[]): Promise<Recording> {
    if (batch.length <= OBSERVATIONS_PART) return this.recordPart(batch);
    const parts: Promise<Recording>[] = [];
    for (let at = 0; at < batch.length; at += OBSERVATIONS_PART) parts.push(this.recordPart(batch.slice(at, at + OBSERVATIONS_PART)));
    const recordings = await Promise.all(parts);
    return { outcomes: recordings.flatMap(({ outcomes }) => outcomes), position: recordings.at(-1)?.position ?? null };
  }

  /** Lets in what waits, as far as there is room. */
  admit(): void {
    while (this.waiting.length > 0 && (this.source.refusal !== null || this.hasRoom)) {
      const next = this.waiting.shift();
      if (next !== undefined) this.decide(next);
    }
  }

  /** Nothing new is let in any more; what waits already is, as `makeRoom` in the index allows. */
  async close(makeRoom: () => Promise<void>): Promise<void> {
    this.closing = true;
    for (;;) {
      await this.group.drained();
      this.admit();
      if (this.waiting.length === 0) break;
      await makeRoom();
    }
    await this.group.drained();
  }

  private get hasRoom(): boolean {
    return this.group.hasRoom && !this.source.index.full;
  }

  private submit(submission: Submission): void {
    if (this.closing) submission.fail(new AppendsRefusedError('the store is closed'));
    else if (this.source.refusal !== null) submission.fail(this.source.refusal);
    else if (this.waiting.length >= WAITING_CALLS_MAX) submission.fail(new BusyError(this.waiting.length));
    else if (this.waiting.length > 0 || !this.hasRoom) this.waiting.push(submission);
    else this.decide(submission);
  }

  private decide(submission: Submission): void {
    const { refusal } = this.source;
    if (refusal !== null) {
      submission.fail(refusal);
      return;
    }
    try {
      submission.decide();
    } catch (error) {
      submission.fail(error);
    }
  }

  private decideAppend(stream: StreamName, events: readonly Outgoing[], expected: Expected): Appended | 'conflict' {
    this.checkAppend(stream, events);
    const { index } = this.source;
    const head = index.head(stream);
    let known = 0;
    let last = { revision: -1, position: 0 };
    for (let n = 0; n < events.length; n++) {
      const where = index.whereabouts(this.words, WORDS * n, head);
      if (where === 'elsewhere') return 'conflict';
      if (where === 'nowhere') continue;
      known++;
      const { revision, position } = index.hit;
      if (revision > last.revision) last = { revision, position };
    }
    if (known > 0) return known < events.length ? 'conflict' : { revision: last.revision, position: positionOf(last.position), repeated: true };
    if (expected !== 'any' && expected !== head.revision) return 'conflict';
    let position = 0;
    events.forEach((event, n) => {
      position = this.put(head, { stream, event, wordsAt: WORDS * n });
    });
    return { revision: head.revision, position: positionOf(position), repeated: false };
  }

  private recordPart(batch: readonly Observation[]): Promise<Recording> {
    return new Promise((resolve, fail) => {
      this.submit({
        fail,
        decide: () => this.group.settle(this.recorded(this.decideObservations(batch), { resolve, fail })),
      });
    });
  }

  /** Made where the batch is not in sight: what waits for the disk keeps none of its events in memory. */
  private recorded(outcomes: readonly Outcome[], { resolve, fail }: { readonly resolve: (recording: Recording) => void; readonly fail: (error: Error) => void }): Waiter {
    return {
      settle: () => {
        const { position } = this.group.durable;
        resolve({ outcomes, position: position === 0 ? null : positionOf(position) });
      },
      fail,
    };
  }

  private decideObservations(batch: readonly Observation[]): Outcome[] {
    this.makeWords(batch.length);
    for (let n = 0; n < batch.length; n++) {
      const observation = batch[n];
      if (observation !== undefined) this.check(observation.stream, observation.event, n);
    }
    const { index } = this.source;
    const outcomes: Outcome[] = [];
    for (let n = 0; n < batch.length; n++) {
      const observation = batch[n];
      if (observation === undefined) continue;
      const { stream, event } = observation;
      const head = index.head(stream);
      const wordsAt = WORDS * n;
      if (index.whereabouts(this.words, wordsAt, head) === 'nowhere') {
        this.put(head, { stream, event, wordsAt });
        outcomes.push('accepted');
      } else {
        const { digestHigh, digestLow } = index.hit;
        const same = digestHigh === this.words[wordsAt + 4] && digestLow === this.words[wordsAt + 5];
        outcomes.push(same ? 'duplicate' : 'contradiction');
      }
    }
    return outcomes;
  }

  private put(head: StreamHead, event: { readonly stream: StreamName; readonly event: Outgoing; readonly wordsAt: number }): number {
    // Before the index takes it: opening a group may start a new generation there.
    const position = this.group.next();
    const revision = head.revision + 1;
    const offset = this.group.add({ stream: event.stream, event: event.event, words: this.words, wordsAt: event.wordsAt, revision });
    this.source.index.add(head, this.words, event.wordsAt, { offset, revision });
    return position;
  }

  private checkAppend(stream: StreamName, events: readonly Outgoing[]): void {
    if (events.length === 0) throw new Error(`${stream}: an append needs at least one event`);
    if (events.length > APPEND_EVENTS_MAX) throw new Error(`${stream}: an append of ${events.length} events; it may have ${APPEND_EVENTS_MAX}`);
    this.makeWords(events.length);
    const ids = new Set<string>();
    let bytes = 0;
    events.forEach((event, n) => {
      this.check(stream, event, n);
      if (ids.has(event.id)) throw new Error(`${stream}: one append has the id ${event.id} twice`);
      ids.add(event.id);
      bytes += event.bytes.length;
    });
    if (bytes > APPEND_BYTES_MAX) throw new Error(`${stream}: an append of ${bytes} bytes; it may have ${APPEND_BYTES_MAX}`);
  }

  /** Refuses what the log cannot hold, and takes the n-th event's id and digest apart. */
  private check(stream: string, { id, type, digest, bytes }: Outgoing, n: number): void {
    if (bytes.length > EVENT_BYTES_MAX) throw new Error(`${type} ${id} takes ${bytes.length} bytes; an event may have ${EVENT_BYTES_MAX}`);
    if (!uuidWords(id, this.words, WORDS * n)) throw new Error(`${type}: the id ${JSON.stringify(id)} is not a lower-case UUID`);
    if (!digestWords(digest, this.words, WORDS * n + 4)) throw new Error(`${type} ${id}: the digest ${JSON.stringify(digest)} is not 16 lower-case hex digits`);
    if (isTooLong(type, TYPE_BYTES_MAX)) throw new Error(`${id}: a type has 1 to ${TYPE_BYTES_MAX} bytes, not ${JSON.stringify(type)}`);
    if (isTooLong(stream, STREAM_NAME_BYTES_MAX)) throw new Error(`${type} ${id}: the name of a stream has 1 to ${STREAM_NAME_BYTES_MAX} bytes, not ${JSON.stringify(stream)}`);
  }

  private makeWords(events: number): void {
    if (this.words.length < WORDS * events) this.words = new Uint32Array(WORDS * events);
  }
}

export function positionOf(position: number): Position {
  return String(position) as Position; // this adapter's positions are its event numbers
}

function isTooLong(text: string, bytesMax: number): boolean {
  if (text.length === 0) return true;
  // Three bytes a character at most, so most names need no counting.
  return text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax;
}
