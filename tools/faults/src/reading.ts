// Those who read: streams, the whole log, single events, rows with their tails; and those who follow.
import type { EventId, Position, StreamName } from '@trellis/event-sourcing';
import { LEARNER_PREFIX } from '@trellis/learning';
import type { CheckedStore } from './checked-store.js';
import type { Session } from './session.js';

const PREFIXES = ['', '', 'learner-', 'classroom-', 'learner-default.a'];
/** A follower takes so many pages at most before it connects again. */
const PAGES_MAX = 12;

export async function read(session: Session, name: string): Promise<void> {
  const store = session.store(name);
  while (!session.signal.aborted) {
    await session.pause(session.random.chance(0.4) ? 0 : session.random.between(1, 60) * session.world.pace);
    try {
      await look(session, store, name);
    } catch (error) {
      session.excuse(error);
    }
  }
}

async function look(session: Session, store: CheckedStore, name: string): Promise<void> {
  const { random, world } = session;
  const { work, log } = world;
  const stream = random.pick(work.streams);
  const somewhere = random.below(log.told + 1);
  switch (random.weighted({ stream: 4, part: 3, log: 2, find: 4, head: 1, lag: 1, load: 4, rows: 2 })) {
    case 'stream':
      for await (const _ of store.read(stream));
      return;
    case 'part': {
      const from = random.below(log.head(stream) + 2);
      for await (const _ of store.read(stream, random.chance(0.5) ? { from } : { from, to: from + random.below(4) }));
      return;
    }
    case 'log':
      for await (const _ of store.readAll({ after: positionAt(session, somewhere), prefix: random.pick(PREFIXES) }));
      return;
    case 'find': {
      const id = idToFind(session, somewhere);
      const where = log.find(id)?.stream ?? world.ledger.sent.get(id)?.contents[0]?.stream ?? stream;
      await store.find(random.chance(0.8) ? where : stream, id);
      return;
    }
    case 'head':
      await store.head();
      return;
    case 'lag':
      await store.lag(positionAt(session, random.below(log.acknowledged + 1)));
      return;
    case 'load': {
      const projection = world.alterations.projection?.(world.projection) ?? world.projection;
      await world.rows.checkLoad(session.sources(name), projection, keyOf(random.pick(work.learners)));
      return;
    }
    case 'rows':
      await world.rows.checkRows(session.sources(name).views, { honest: false });
  }
}

/** Follows, stops after some pages, and goes on from where it was or from somewhere else. */
export async function follow(session: Session, name: string): Promise<void> {
  const { random } = session;
  const prefix = random.pick(PREFIXES);
  let after: Position | null = null;
  while (!session.signal.aborted) {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    session.signal.addEventListener('abort', end, { once: true });
    try {
      let pages = random.between(1, PAGES_MAX);
      for await (const page of session.store(name).follow({ after, signal: stop.signal, prefix })) {
        after = page.position;
        if (--pages === 0) end();
        if (random.chance(0.2)) await session.pause(random.below(20) * session.world.pace);
      }
    } catch (error) {
      session.excuse(error);
    }
    session.signal.removeEventListener('abort', end);
    await session.pause(random.below(10) * session.world.pace);
    // As after a restart of the follower: it begins again at the first event.
    if (random.chance(0.1)) after = null;
  }
}

function positionAt(session: Session, position: number): Position | null {
  const record = session.world.log.at(position)?.record;
  return record?.position ?? null;
}

function idToFind({ random, world }: Session, position: number): EventId {
  const known = world.log.at(position);
  // One that is perhaps on its way just now.
  const newest = world.ledger.attempts.at(-1)?.batch[0]?.event.id;
  if (newest !== undefined && random.chance(0.3)) return newest;
  return known === undefined || random.chance(0.2) ? world.work.strangerId() : known.id;
}

function keyOf(stream: StreamName): string {
  return stream.slice(LEARNER_PREFIX.length);
}
