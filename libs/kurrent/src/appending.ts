// `append` as the port promises it: a repeat is answered with its first place, a stale expectation is a conflict, and an append
// that got no answer is looked for before it is sent again.
import { randomBytes } from 'node:crypto';
import type { Appended, Expected, Outgoing, Revision, StreamName } from '@trellis/event-sourcing';
import { BusyError, KurrentError, UnknownOutcomeError } from './errors.js';
import type { Known } from './known-ids.js';
import type { Lanes } from './lanes.js';
import { APPEND_LOOK_BACK_EVENTS, OVERTAKEN_TRIES_MAX, RETRY_MS_MAX, RETRY_PAUSES_MS } from './limits.js';
import { refuseTooLarge } from './mapping.js';
import type { Pages } from './pages.js';
import { positionOf, type Place } from './place.js';
import type { Tails, Written } from './tails.js';
import { pause } from './waiting.js';
import type { Part, Tried, Writes } from './writes.js';

export interface Writers {
  readonly lanes: Lanes;
  readonly pages: Pages;
  readonly tails: Tails;
  readonly writes: Writes;
  /** Aborted when the store is closed. */
  readonly closed: AbortSignal;
}

export async function appendTo(writers: Writers, stream: StreamName, events: readonly Outgoing[], expected: Expected): Promise<Appended | 'conflict'> {
  if (events.length === 0) throw new KurrentError(`${stream}: an append needs at least one event`, false);
  if (new Set(events.map(({ id }) => id)).size < events.length) throw new KurrentError(`${stream}: an append has one id twice`, false);
  for (const event of events) refuseTooLarge(event);
  return writers.lanes.hold([stream], () => decided(writers, stream, events, expected));
}

/** Marks the events of one call, so that they can be told from a repeat of the same ids by another writer. */
export function newTag(): string {
  return randomBytes(8).toString('hex');
}

/** What is known of events that were written behind `head`. */
export function knownFrom(head: Revision, events: readonly Outgoing[], tag: string): Written[] {
  return events.map(({ id, digest }, index) => [id, { revision: head + 1 + index, digest, tag }]);
}

async function decided(writers: Writers, stream: StreamName, events: readonly Outgoing[], expected: Expected): Promise<Appended | 'conflict'> {
  const { tails, writes } = writers;
  const tag = newTag();
  const patience = new Patience(stream, writers.closed);
  const isOutright = expected !== 'any' && events.every(({ isDrawn }) => isDrawn === true);
  if (isOutright) {
    const appended = await appendedOutright(writers, { stream, events, expected }, { tag, patience });
    if (appended !== 'unknown') return appended;
  }
  let { tail, isFresh } = isOutright ? { tail: await patience.asked(() => tails.refresh(stream, APPEND_LOOK_BACK_EVENTS)), isFresh: true } : await tails.reach(stream, APPEND_LOOK_BACK_EVENTS);
  for (;;) {
    const there = events.flatMap(({ id }) => tail.ids.get(id) ?? []);
    if (there.length === events.length) {
      const { place: _, ...appended } = await placed(writers, stream, newest(there), tag);
      return appended;
    }
    const fits = there.length === 0 && (expected === 'any' || expected === tail.head);
    if (!fits && isFresh) return 'conflict';
    if (fits) {
      const tried = await writes.one({ stream, events, expected: tail.head }, tag);
      if (tried.kind === 'written') {
        const { head } = tail;
        const { place, ...appended } = await placed(writers, stream, head + events.length, tag);
        // Another writer's events may have another digest.
        if (appended.repeated) tails.forget(stream);
        else tails.add(stream, knownFrom(head, events, tag), place);
        return appended;
      }
      await patience.after(tried);
    }
    tail = await patience.asked(() => tails.refresh(stream, APPEND_LOOK_BACK_EVENTS));
    isFresh = true;
  }
}

/**
 * One try for ids that nobody else can have: there is no repeat to look for before, and no other writer's append that the answer could
 * be about. Unknown where there was no answer, or none that says where the events are.
 */
async function appendedOutright({ tails, writes }: Writers, part: Part, { tag, patience }: { readonly tag: string; readonly patience: Patience }): Promise<Appended | 'conflict' | 'unknown'> {
  const { stream, events, expected } = part;
  const tried = await writes.one(part, tag);
  if (tried.kind === 'stale') return 'conflict';
  if (tried.kind !== 'written') await patience.after(tried);
  if (tried.kind !== 'written' || tried.place === null) return 'unknown';
  tails.addBehind(expected, stream, knownFrom(expected, events, tag), tried.place);
  return { revision: expected + events.length, position: positionOf(tried.place), repeated: false };
}

/**
 * Reads back where the last event is, and who wrote it: KurrentDB answers another writer's append of the same ids behind the same
 * revision as a success of this one, though what is in the log is the other's.
 */
async function placed({ pages, tails }: Writers, stream: StreamName, revision: Revision, tag: string): Promise<Appended & { readonly place: Place }> {
  let page;
  try {
    page = await pages.ofStream(stream, { from: revision, direction: 'forwards', count: 1 });
  } catch (error) {
    // The next append of this stream must not build on a tail that may miss what was written.
    tails.forget(stream);
    throw new UnknownOutcomeError(stream, error);
  }
  const last = page[0];
  if (last === undefined) throw new KurrentError(`${stream}@${revision} was acknowledged and is gone`, false);
  return { revision, position: last.record.position, repeated: last.tag !== tag, place: last.place };
}

function newest(known: readonly Known[]): Revision {
  return Math.max(...known.map(({ revision }) => revision));
}

/** How long one call tries on: a few times where nobody answered, more often where others were faster. */
export class Patience {
  private readonly since = performance.now();
  private unanswered = 0;
  private overtaken = 0;
  private fault: KurrentError | null = null;

  constructor(private readonly stream: string, private readonly closed: AbortSignal) {}

  async after(tried: Tried): Promise<void> {
    if (tried.kind === 'unknown') {
      this.fault = tried.fault;
      const wait = RETRY_PAUSES_MS[this.unanswered++];
      if (wait === undefined || performance.now() - this.since + wait > RETRY_MS_MAX) throw new UnknownOutcomeError(this.stream, tried.fault);
      await pause(wait, this.closed);
    } else if (++this.overtaken > OVERTAKEN_TRIES_MAX) {
      throw new BusyError(`${this.stream}: others appended first ${OVERTAKEN_TRIES_MAX} times`);
    }
  }

  /** Asks what is in the stream. While a try is without an answer, not to learn it leaves the outcome unknown. */
  async asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw this.fault === null ? error : new UnknownOutcomeError(this.stream, error);
    }
  }
}
