// What was sent to the store and what it answered, and whether the answer can be right.
import type { Appended, EventId, Expected, Observation, Outgoing, Recording, StreamName } from '@trellis/event-sourcing';
import { expectThat } from './promises.js';
import { numberOf, sameContent, type ReferenceLog } from './reference-log.js';

export interface Attempt {
  readonly kind: 'append' | 'observations';
  readonly batch: readonly Observation[];
  readonly expected: Expected;
  readonly life: number;
  /** Nobody else wrote to the stream since its head was read and found to be `expected`. */
  readonly undisturbed: boolean;
  /** What was certain of each id when the call began. */
  readonly before: readonly Certainty[];
  readonly version: number;
  open: boolean;
}

type Certainty = 'never sent' | 'in doubt' | 'in the log';

/** All that was ever sent under one id. */
export interface Sent {
  readonly contents: Observation[];
  readonly attempts: Attempt[];
  /** It is in the log, by the store's own word; with the content that it said it took. */
  confirmed: { readonly content: Observation | null; readonly covered: number } | null;
  /** A whole reading after a restart did not find it: it must not come back by itself. */
  gone: boolean;
}

interface Stream {
  /** Attempts that have begun. */
  version: number;
  open: number;
}

/** What a writer saw of a stream before it decided: to tell a conflict that has no reason. */
export interface Glance {
  readonly version: number;
  readonly quiet: boolean;
}

export class Ledger {
  readonly sent = new Map<EventId, Sent>();
  readonly attempts: Attempt[] = [];
  private readonly streams = new Map<StreamName, Stream>();

  constructor(private readonly log: ReferenceLog) {}

  glance(stream: StreamName): Glance {
    const { version, open } = this.stream(stream);
    return { version, quiet: open === 0 };
  }

  begin(kind: Attempt['kind'], batch: readonly Observation[], { expected = 'any', glance }: { readonly expected?: Expected; readonly glance?: Glance } = {}): Attempt {
    const first = batch[0];
    const undisturbed = first !== undefined && glance !== undefined && glance.quiet && this.stream(first.stream).version === glance.version;
    const before = batch.map(({ event }) => this.certaintyOf(event.id));
    const streams = new Set(batch.map(({ stream }) => stream));
    for (const stream of streams) {
      this.stream(stream).version++;
      this.stream(stream).open++;
    }
    const attempt: Attempt = { kind, batch, expected, life: this.log.life, undisturbed, before, version: first === undefined ? 0 : this.stream(first.stream).version, open: true };
    this.attempts.push(attempt);
    for (const content of batch) {
      const sent = this.sent.get(content.event.id) ?? { contents: [], attempts: [], confirmed: null, gone: false };
      sent.contents.push(content);
      sent.attempts.push(attempt);
      sent.gone = false;
      this.sent.set(content.event.id, sent);
    }
    return attempt;
  }

  /** Calls that have not been answered. */
  get open(): number {
    return this.attempts.filter(({ open }) => open).length;
  }

  /** The process died under all that is still open. */
  leaveAll(): void {
    for (const attempt of this.attempts) this.leave(attempt);
  }

  /** It was refused, or its process died: it may be in the log or not. */
  leave(attempt: Attempt): void {
    if (!attempt.open) return;
    attempt.open = false;
    for (const stream of new Set(attempt.batch.map(({ stream: name }) => name))) this.stream(stream).open--;
  }

  appended(attempt: Attempt, answer: Appended | 'conflict'): void {
    const first = attempt.batch[0];
    if (first === undefined) return;
    const { stream } = first;
    const alone = this.stream(stream).version === attempt.version;
    this.leave(attempt);
    const fresh = attempt.before.every((certainty) => certainty === 'never sent');
    const wanted = `${attempt.batch.length} events to ${stream} expecting ${attempt.expected}`;
    if (answer === 'conflict') {
      expectThat(!fresh || attempt.expected !== 'any', 'conflict', () => `no conflict for ${wanted}, whose ids are new`, () => 'a conflict');
      expectThat(!fresh || !attempt.undisturbed || !alone, 'conflict', () => `no conflict for ${wanted}: it was there, and nobody else wrote`, () => 'a conflict');
      expectThat(!this.isWholeRepeat(attempt), 'once', () => `a repeat for ${wanted}, whose ids are all there`, () => 'a conflict');
      return;
    }
    const { revision, repeated } = answer;
    const position = numberOf(answer.position);
    this.log.tell(position, 'an acknowledgement');
    this.log.acknowledged = Math.max(this.log.acknowledged, position);
    expectThat(!repeated || !attempt.before.includes('never sent'), 'once', () => `no repeat for ${wanted}: an id is new`, () => 'a repeat');
    expectThat(repeated || !attempt.before.includes('in the log'), 'once', () => `a repeat or a conflict for ${wanted}: an id is in the log`, () => `appended at revision ${revision}`);
    if (repeated) {
      for (const content of attempt.batch) this.confirm(content.event.id, null, position);
      this.checkRepeat(attempt, { revision, position });
      return;
    }
    const least = revision - attempt.batch.length + 1;
    expectThat(
      attempt.expected === 'any' || least === attempt.expected + 1,
      'conflict',
      () => `${wanted} from revision ${Number(attempt.expected) + 1} on, or a conflict`,
      () => `appended from revision ${least} on`,
    );
    attempt.batch.forEach(({ event }, n) => {
      this.confirm(event.id, { stream, event }, position);
      this.log.acknowledge({ position: position - attempt.batch.length + 1 + n, stream, revision: least + n, id: event.id });
    });
  }

  recorded(attempt: Attempt, { outcomes, position }: Recording): void {
    this.leave(attempt);
    const covered = numberOf(position);
    this.log.tell(covered, 'an acknowledgement');
    expectThat(outcomes.length === attempt.batch.length, 'answers', () => `${attempt.batch.length} outcomes`, () => String(outcomes.length));
    const inBatch = new Map<EventId, Observation>();
    attempt.batch.forEach((content, n) => {
      const { id, digest } = content.event;
      const outcome = outcomes[n];
      const before = attempt.before[n];
      const earlier = inBatch.get(id);
      const mustBeKnown = before === 'in the log' || earlier !== undefined;
      expectThat(!mustBeKnown || outcome !== 'accepted', 'once', () => `no second acceptance of ${id}`, () => 'accepted');
      expectThat(
        mustBeKnown || before === 'in doubt' || outcome === 'accepted',
        'once',
        () => `${id} accepted: it was never sent before`,
        () => String(outcome),
      );
      if (outcome === 'accepted') inBatch.set(id, content);
      this.confirm(id, outcome === 'accepted' ? content : null, covered);
      if (outcome === 'accepted') this.log.acknowledged = Math.max(this.log.acknowledged, this.log.find(id)?.position ?? 0);
      const there = this.contentOf(id);
      if (there === null || outcome === 'accepted') return;
      const right = there.digest === digest ? 'duplicate' : 'contradiction';
      expectThat(outcome === right, 'once', () => `${right} for ${id}, of which the log has digest ${there.digest}`, () => String(outcome));
    });
  }

  /** Whether the log may hold this: it was sent so, and it has not been seen to be gone. */
  checkSent(content: Observation): void {
    const sent = this.sent.get(content.event.id);
    const { id } = content.event;
    expectThat(sent !== undefined, 'answers', () => 'only what was sent', () => `${id}, which was not`);
    const isSame = (one: Observation): boolean => one.stream === content.stream && sameContent(one.event, content.event);
    expectThat(sent.contents.some(isSame), 'answers', () => `${id} as it was sent`, () => `${content.stream}, digest ${content.event.digest}, ${content.event.bytes.length} bytes`);
    const taken = sent.confirmed?.content ?? null;
    expectThat(taken === null || isSame(taken), 'durable', () => `${id} as it was acknowledged, to ${taken?.stream} with digest ${taken?.event.digest}`, () => `${content.stream}, digest ${content.event.digest}`);
    expectThat(!sent.gone, 'restart', () => `${id} to stay away: an earlier restart had settled that it is not there`, () => 'it came back');
  }

  private checkRepeat(attempt: Attempt, answer: { readonly revision: number; readonly position: number }): void {
    const known = attempt.batch.map(({ event }) => this.log.find(event.id));
    const elsewhere = known.find((one) => one !== undefined && one.stream !== attempt.batch[0]?.stream);
    expectThat(elsewhere === undefined, 'once', () => `a conflict: ${elsewhere?.id} is in ${elsewhere?.stream}`, () => `a repeat in ${attempt.batch[0]?.stream}`);
    if (known.some((one) => one === undefined)) return;
    const last = known.reduce((newest, one) => (one !== undefined && newest !== undefined && one.revision > newest.revision ? one : newest));
    expectThat(
      last !== undefined && last.revision === answer.revision && last.position === answer.position,
      'once',
      () => `the place of the first time, revision ${last?.revision} at position ${last?.position}`,
      () => `revision ${answer.revision} at position ${answer.position}`,
    );
  }

  /** Every id is known to be in the stream, so the append can only be a repeat. */
  private isWholeRepeat({ batch, before }: Attempt): boolean {
    return batch.every(({ stream, event }, n) => before[n] === 'in the log' && this.log.find(event.id)?.stream === stream);
  }

  private certaintyOf(id: EventId): Certainty {
    const sent = this.sent.get(id);
    if (sent === undefined) return 'never sent';
    if (sent.gone && sent.confirmed === null) return 'never sent';
    return sent.confirmed !== null || this.log.find(id) !== undefined ? 'in the log' : 'in doubt';
  }

  private confirm(id: EventId, content: Observation | null, covered: number): void {
    const sent = this.sent.get(id);
    if (sent === undefined) return;
    const before = sent.confirmed;
    sent.confirmed = { content: content ?? before?.content ?? null, covered: Math.min(covered, before?.covered ?? covered) };
  }

  /** What the log has under the id, where that is certain. */
  private contentOf(id: EventId): Outgoing | null {
    return this.log.find(id)?.record ?? this.sent.get(id)?.confirmed?.content?.event ?? null;
  }

  private stream(name: StreamName): Stream {
    const known = this.streams.get(name);
    if (known !== undefined) return known;
    const made: Stream = { version: 0, open: 0 };
    this.streams.set(name, made);
    return made;
  }
}
