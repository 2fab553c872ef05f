// Those who write: facts, decisions, batches, repeats, contradictions and stale expectations, several at a time.
import { EMPTY, type Expected, type Observation, type Recorded, type Revision, type StreamName } from '@trellis/event-sourcing';
import type { CheckedStore } from './checked-store.js';
import type { Attempt, Glance } from './ledger.js';
import type { Session } from './session.js';

const BATCH_MAX = 5;
/** More events than a reader folds without writing the row back. */
const BULK_EVENTS = 215;
/** More learners than have their rows written in one step. */
const CROWD = 70;
/** Of the newest attempts, those that are sent again. */
const REPEATED_AMONG = 12;

export async function write(session: Session, name: string): Promise<void> {
  const store = session.store(name);
  const writer = new WriterActor(session, store);
  while (!session.signal.aborted) {
    await session.pause(session.random.chance(0.6) ? 0 : session.random.between(1, 40) * session.world.pace);
    try {
      await writer.act();
    } catch (error) {
      // Refused for now, which is in doubt: it goes on with something else, perhaps with the same again.
      session.excuse(error);
    }
  }
}

class WriterActor {
  constructor(
    private readonly session: Session,
    private readonly store: CheckedStore,
  ) {}

  async act(): Promise<void> {
    const { random } = this.session;
    switch (random.weighted({ fact: 6, decision: 5, stale: 2, observations: 5, repeat: 4, partial: 1, elsewhere: 1, together: 2, bulk: 0.06, crowd: 0.1 })) {
      case 'fact':
        await this.append(random.between(1, 3), 'any');
        return;
      case 'decision':
        await this.decide();
        return;
      case 'stale':
        await this.expectWrongly();
        return;
      case 'observations':
        await this.store.appendObservations(this.observations());
        return;
      case 'repeat':
        await this.repeat();
        return;
      case 'partial':
        await this.repeatInPart();
        return;
      case 'elsewhere':
        await this.sendElsewhere();
        return;
      case 'together':
        await Promise.all([this.append(1, 'any'), this.decide(), this.store.appendObservations(this.observations())]);
        return;
      case 'bulk':
        await this.append(BULK_EVENTS, 'any', random.pick(this.session.world.work.learners));
        return;
      case 'crowd':
        await this.store.appendObservations(this.session.world.work.crowd(CROWD));
    }
  }

  private async append(count: number, expected: Expected, stream: StreamName = this.anyStream(), glance?: Glance): Promise<void> {
    const { work } = this.session.world;
    await this.store.append(stream, Array.from({ length: count }, () => work.event(stream)), expected, glance);
  }

  /** Reads the stream and appends behind what it read, as a decider does. */
  private async decide(): Promise<void> {
    const { random, world } = this.session;
    const stream = this.anyStream();
    const glance = world.ledger.glance(stream);
    const head = await this.headOf(stream);
    if (random.chance(0.3)) await this.session.pause(random.below(3));
    await this.append(random.chance(0.3) ? random.between(2, BATCH_MAX) : 1, head, stream, glance);
  }

  private async expectWrongly(): Promise<void> {
    const { random } = this.session;
    const stream = this.anyStream();
    const head = await this.headOf(stream);
    await this.append(random.between(1, 2), random.pick([head + 1, Math.max(EMPTY, head - 1), EMPTY]), stream);
  }

  private observations(): Observation[] {
    const { random, world } = this.session;
    const batch: Observation[] = [];
    for (let n = random.between(1, BATCH_MAX); n > 0; n--) {
      const kind = random.weighted({ fresh: 7, again: 2, contradiction: 1, twice: 1 });
      const earlier = kind === 'again' || kind === 'contradiction' ? this.earlier() : undefined;
      const first = kind === 'again' ? null : (earlier?.batch[0] ?? null);
      if (kind === 'again' && earlier !== undefined) batch.push(...earlier.batch);
      else if (kind === 'contradiction' && first !== null && world.log.find(first.event.id) !== undefined) batch.push({ stream: first.stream, event: world.work.contradiction(first.event) });
      else batch.push(world.work.observation());
      const last = batch.at(-1);
      if (kind === 'twice' && last !== undefined) batch.push(last);
    }
    return batch;
  }

  /** The whole of an earlier attempt again, whatever became of it: as a client does that got no answer. */
  private async repeat(): Promise<void> {
    const earlier = this.earlier();
    if (earlier === undefined) return;
    const stream = earlier.batch[0]?.stream;
    if (earlier.kind === 'observations' || stream === undefined) await this.store.appendObservations(earlier.batch);
    else await this.store.append(stream, earlier.batch.map(({ event }) => event), earlier.expected);
  }

  /** Some known, some new: a conflict, and nothing of it is written. */
  private async repeatInPart(): Promise<void> {
    const { work, log } = this.session.world;
    const earlier = this.earlier();
    const first = earlier?.batch[0];
    if (earlier?.kind !== 'append' || first === undefined || log.find(first.event.id) === undefined) return;
    await this.store.append(first.stream, [first.event, work.event(first.stream)], 'any');
  }

  /** What one stream has, to another: a conflict, or a duplicate. */
  private async sendElsewhere(): Promise<void> {
    const { log } = this.session.world;
    const first = this.earlier()?.batch[0];
    const stream = this.anyStream();
    if (first === undefined || stream === first.stream || log.find(first.event.id)?.stream !== first.stream) return;
    if (this.session.random.chance(0.5)) await this.store.append(stream, [first.event], 'any');
    else await this.store.appendObservations([{ stream, event: first.event }]);
  }

  private earlier(): Attempt | undefined {
    const { random, world } = this.session;
    const { attempts } = world.ledger;
    const attempt = attempts[attempts.length - 1 - random.below(REPEATED_AMONG)];
    // A long batch again and again would fill the world with one learner; two contents under one id in doubt would leave open which counts.
    return attempt === undefined || attempt.batch.length > 2 * BATCH_MAX || attempt.batch.some(({ event }) => (world.ledger.sent.get(event.id)?.contents.length ?? 0) > 3) ? undefined : attempt;
  }

  private async headOf(stream: StreamName): Promise<Revision> {
    let newest: Recorded | undefined;
    const from = Math.max(0, this.session.world.log.head(stream));
    for await (const page of this.store.read(stream, { from })) newest = page.at(-1) ?? newest;
    // Nothing from the newest known revision on: the stream is empty as far as anybody knows.
    return newest?.revision ?? EMPTY;
  }

  private anyStream(): StreamName {
    return this.session.random.pick(this.session.world.work.streams);
  }
}
