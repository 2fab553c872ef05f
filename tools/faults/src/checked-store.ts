// An event store that compares every answer with what is known, whoever uses it: writers, readers, projectors, folds.
import type { Appended, EventId, EventStore, Expected, FollowedPage, FollowOptions, Observation, Outgoing, Position, Recorded, Recording, Revision, StreamName } from '@trellis/event-sourcing';
import type { Books } from './audit.js';
import type { Attempt, Glance } from './ledger.js';
import { expectThat } from './promises.js';
import { numberOf } from './reference-log.js';

export interface CheckedStoreParts extends Books {
  /** Who reads, for what is said when something is wrong. */
  readonly by: string;
  readonly claims: FollowClaims;
  /** The process that writes knows of everything that was ever told; another one may lag, but never goes back. */
  readonly writes: boolean;
  /** Decides on a fault: throws a violation if there is no reason for it. */
  readonly excuse: (error: unknown) => void;
}

/** What a page covers, and which promise is broken where it leaves something out. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly prefix: string;
  readonly missing: 'answers' | 'follow';
}

export class CheckedStore implements EventStore {
  /** Up to here this store has told. */
  private told = 0;

  constructor(
    private readonly store: EventStore,
    private readonly parts: CheckedStoreParts,
  ) {}

  append(stream: StreamName, events: readonly Outgoing[], expected: Expected, glance?: Glance): Promise<Appended | 'conflict'> {
    const { ledger } = this.parts;
    const attempt = ledger.begin('append', events.map((event) => ({ stream, event })), { expected, ...(glance === undefined ? {} : { glance }) });
    return this.attempted(attempt, this.store.append(stream, events, expected), (answer) => ledger.appended(attempt, answer));
  }

  appendObservations(batch: readonly Observation[]): Promise<Recording> {
    const { ledger } = this.parts;
    const attempt = ledger.begin('observations', batch);
    return this.attempted(attempt, this.store.appendObservations(batch), (answer) => ledger.recorded(attempt, answer));
  }

  async *read(stream: StreamName, range: { readonly from?: Revision; readonly to?: Revision } = {}): AsyncGenerator<readonly Recorded[]> {
    const { log } = this.parts;
    const bound = this.bound();
    const from = Math.max(0, range.from ?? 0);
    const to = range.to ?? Infinity;
    const due = this.knownUpTo(stream, bound);
    let next = from;
    for await (const page of this.excused(this.store.read(stream, range))) {
      for (const record of page) {
        expectThat(record.stream === stream && record.revision === next && next <= to, 'answers', () => `${stream}@${next} next, of ${from} to ${to}`, () => `${record.stream}@${record.revision}`);
        this.witness(record);
        next++;
      }
      yield page;
    }
    const missing = log.atRevision(stream, next)?.position ?? Infinity;
    expectThat(next > Math.min(due, to), log.brokenAt(missing, 'answers'), () => `${stream} up to revision ${Math.min(due, to)}, which ${this.parts.by} could know`, () => `its end before ${next}`);
  }

  async *readAll(range: { readonly after?: Position | null; readonly prefix?: string } = {}): AsyncGenerator<readonly Recorded[]> {
    const bound = this.bound();
    const after = numberOf(range.after ?? null);
    const prefix = range.prefix ?? '';
    let at = after;
    for await (const page of this.excused(this.store.readAll(range))) {
      this.checkPage(page, { from: at, to: numberOf(page.at(-1)?.position ?? null), prefix, missing: 'answers' });
      at = Math.max(at, numberOf(page.at(-1)?.position ?? null));
      yield page;
    }
    // What was certain to be there at the call comes, and with a prefix nothing of it is left out behind the last page.
    if (at < bound) this.checkPage([], { from: at, to: bound, prefix, missing: 'answers' });
  }

  async *follow(options: FollowOptions): AsyncGenerator<FollowedPage> {
    const { claims, log, by, writes } = this.parts;
    const prefix = options.prefix ?? '';
    let at = numberOf(options.after);
    for await (const page of this.excused(this.store.follow(options))) {
      const to = numberOf(page.position);
      expectThat(to >= at, 'follow', () => `${by} to go on behind ${at}`, () => `a page up to ${to}`);
      this.checkPage(page.records, { from: at, to, prefix, missing: 'follow' });
      claims.add({ from: at, to, prefix, positions: page.records.map(({ position }) => numberOf(position)) });
      expectThat(!page.caughtUp || !writes || to >= log.acknowledged, log.brokenAt(to + 1, 'follow'), () => `${by} not to be caught up at ${to}: ${log.acknowledged} is acknowledged`, () => 'caught up');
      at = to;
      log.tell(to, by);
      this.told = Math.max(this.told, to);
      yield page;
    }
  }

  async find(stream: StreamName, id: EventId): Promise<Recorded | null> {
    const { log, by } = this.parts;
    const bound = this.bound();
    const known = log.find(id);
    const found = await this.answered(this.store.find(stream, id));
    if (found !== null) {
      expectThat(found.stream === stream && found.id === id, 'answers', () => `${id} in ${stream}`, () => `${found.id} in ${found.stream}`);
      this.witness(found);
    } else {
      const missed = known !== undefined && known.stream === stream && known.position <= bound;
      expectThat(!missed, log.brokenAt(known?.position ?? Infinity, 'answers'), () => `${by} to find ${id} in ${stream} at position ${known?.position}`, () => 'nothing');
    }
    return found;
  }

  async head(): Promise<Position | null> {
    const { log, by } = this.parts;
    const bound = this.bound();
    const head = await this.answered(this.store.head());
    expectThat(numberOf(head) >= bound, log.brokenAt(numberOf(head) + 1, 'answers'), () => `the head at ${bound} or behind it, as ${log.toldBy} said`, () => String(head));
    this.tell(numberOf(head), by);
    return head;
  }

  async lag(after: Position | null): Promise<number> {
    const { log } = this.parts;
    const bound = this.bound();
    const lag = await this.answered(this.store.lag(after));
    expectThat(lag >= bound - numberOf(after), log.brokenAt(numberOf(after) + lag + 1, 'answers'), () => `a lag of ${bound - numberOf(after)} or more behind ${after}`, () => String(lag));
    // A lag says how far the log reaches, unless the place asked for lies beyond it.
    if (lag > 0) this.tell(numberOf(after) + lag, `the lag that ${this.parts.by} was told`);
    return lag;
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async attempted<Answer>(attempt: Attempt, answer: Promise<Answer>, check: (answer: Answer) => void): Promise<Answer> {
    let given: Answer;
    try {
      given = await answer;
    } catch (error) {
      this.parts.ledger.leave(attempt);
      this.parts.excuse(error);
      throw error;
    }
    check(given);
    return given;
  }

  private async answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      this.parts.excuse(error);
      throw error;
    }
  }

  private async *excused<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
    const iterator = pages[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.answered(iterator.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  /** Everything between the two positions that is known and belongs to the page is on it, in order. */
  private checkPage(records: readonly Recorded[], { from, to, prefix, missing }: Stretch): void {
    const { log, by } = this.parts;
    let at = from;
    const passOver = (before: number): void => {
      for (let position = at + 1; position < before; position++) {
        const missed = log.at(position);
        const mayBeMissed = prefix.length > 0 && (missed === undefined || !missed.stream.startsWith(prefix));
        expectThat(mayBeMissed, missing === 'follow' ? missing : log.brokenAt(position, missing), () => `position ${position} on the page of ${by} from ${from} to ${to}`, () => 'it left out');
      }
    };
    for (const record of records) {
      const position = numberOf(record.position);
      expectThat(position > at && position <= to && record.stream.startsWith(prefix), 'follow', () => `a record of ${prefix}... between ${at} and ${to}`, () => `${record.stream} at ${position}`);
      passOver(position);
      this.witness(record);
      at = position;
    }
    passOver(to + 1);
  }

  private witness(record: Recorded): void {
    const { log, ledger, by } = this.parts;
    const { position, isNew } = log.witness(record, by);
    if (isNew) ledger.checkSent({ stream: record.stream, event: record });
    this.told = Math.max(this.told, position);
  }

  private tell(position: number, by: string): void {
    this.parts.log.tell(position, by);
    this.told = Math.max(this.told, position);
  }

  private bound(): number {
    return this.parts.writes ? this.parts.log.told : this.told;
  }

  /** The newest revision of the stream at or before the position. */
  private knownUpTo(stream: StreamName, bound: number): number {
    const { log } = this.parts;
    for (let revision = log.head(stream); revision >= 0; revision--) {
      const known = log.atRevision(stream, revision);
      if (known !== undefined && known.position <= bound) return revision;
    }
    return -1;
  }
}

interface Claim {
  readonly from: number;
  readonly to: number;
  readonly prefix: string;
  readonly positions: readonly number[];
}

/** What followers with a prefix passed over, until a whole reading shows whether it was theirs. */
export class FollowClaims {
  private claims: Claim[] = [];

  add(claim: Claim): void {
    if (claim.prefix.length > 0 && claim.to > claim.from) this.claims.push(claim);
  }

  /** `records` is the whole log. */
  check(records: readonly Recorded[]): void {
    this.claims = this.claims.filter(({ from, to, prefix, positions }) => {
      if (to > records.length) return true;
      const due = records.slice(from, to).filter(({ stream }) => stream.startsWith(prefix));
      expectThat(
        due.length === positions.length && due.every(({ position }, n) => numberOf(position) === positions[n]),
        'follow',
        () => `positions ${due.map(({ position }) => position).join(' ')} of ${prefix}... from ${from} to ${to}`,
        () => positions.join(' '),
      );
      return false;
    });
  }
}
