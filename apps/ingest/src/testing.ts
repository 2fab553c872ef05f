// What the specs of this app need: the service over stores in memory, a clock that stands until it is moved, a small course.
import { setImmediate } from 'node:timers/promises';
import { engineOn, type Engine } from '@trellis/engine';
import { known, MemoryStore, MemoryViews, type Envelope, type EventId } from '@trellis/event-sourcing';
import { learnerStream, trellisCodec, type LearnerId, type TenantId } from '@trellis/learning';
import { createService, DEFAULT_TENANT, type Config } from '@trellis/service';
import { FixedClock, LogLines, requestsTo, testConfig, type Reply, type Send } from '@trellis/service/testing';
import { IngestModule } from './ingest.module.js';

export const START = Date.UTC(2026, 2, 2, 8);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** Appends take a turn of the event loop, as a disk does, and look-ups can wait for each other: so requests really meet. */
export class MeetingStore extends MemoryStore {
  private awaited = 0;
  private met = Promise.withResolvers<void>();
  private overtakes = 0;

  /** The next so many look-ups are answered together. */
  meet(lookups: number): void {
    this.awaited = lookups;
    this.met = Promise.withResolvers<void>();
  }

  /** Before each of the next so many appends another process appends much the same. */
  overtake(appends: number): void {
    this.overtakes = appends;
  }

  override async append(...asked: Parameters<MemoryStore['append']>): ReturnType<MemoryStore['append']> {
    await setImmediate();
    const [stream, events] = asked;
    if (this.overtakes > 0) await super.append(stream, events.slice(0, 1).map((event) => ({ ...event, id: overtaking(this.overtakes--) })), 'any');
    return super.append(...asked);
  }

  override async find(...asked: Parameters<MemoryStore['find']>): ReturnType<MemoryStore['find']> {
    const found = await super.find(...asked);
    if (this.awaited === 0) return found;
    const { met } = this;
    if (--this.awaited === 0) met.resolve();
    await met.promise;
    return found;
  }
}

/** A UUID by construction. */
function overtaking(n: number): EventId {
  return `00000000-0000-5000-8000-${String(n).padStart(12, '0')}` as EventId;
}

export interface Running {
  readonly store: MeetingStore;
  readonly engine: Engine;
  readonly clock: FixedClock;
  readonly send: Send;
  /** The same service with a key. */
  readonly as: (key: string) => Send;
  /** What the log holds of a learner. */
  readonly events: (learner: string, tenant?: string) => Promise<readonly Envelope[]>;
  readonly close: () => Promise<void>;
}

export async function running(config: Partial<Config> = {}): Promise<Running> {
  const clock = new FixedClock(START);
  const store = new MeetingStore(() => clock.now());
  const engine = await engineOn({ store, views: new MemoryViews(), codec: trellisCodec() });
  const service = await createService(IngestModule.over(engine), { name: 'ingest', config: testConfig(config), clock, logTo: new LogLines(), close: () => engine.close() });
  return {
    store,
    engine,
    clock,
    send: requestsTo(service),
    as: (key) => requestsTo(service, key),
    events: async (learner, tenant = DEFAULT_TENANT) => {
            // The casts: specs name tenants and learners by their pattern.
      const stream = learnerStream(tenant as TenantId, learner as LearnerId);
      const events: Envelope[] = [];
      for await (const page of store.read(stream)) events.push(...known(engine.sources.codec, page));
      return events;
    },
    close: () => service.stop(),
  };
}

interface Plan {
  readonly title?: string;
  readonly skills?: readonly object[];
  readonly items?: readonly object[];
  readonly objectives?: readonly object[];
}

/** Two skills, the second after the first, and an item for each kind of key. */
export function algebra(changes: Plan = {}): object {
  return {
    title: 'Algebra',
    language: 'en',
    skills: [
      { id: 'add', title: 'Addition', prerequisites: [] },
      { id: 'multiply', title: 'Multiplication', prerequisites: [{ skill: 'add', strength: 'hard' }] },
    ],
    items: [
      { id: 'add-number', skills: ['add'], kind: 'practice', key: { type: 'number', values: ['4'] } },
      { id: 'add-choice', skills: ['add'], kind: 'practice', key: { type: 'choice', values: ['two plus two'] } },
      { id: 'add-text', skills: ['add'], kind: 'practice', key: { type: 'text', values: ['four'] } },
      { id: 'add-open', skills: ['add'], kind: 'practice' },
      { id: 'multiply-open', skills: ['multiply'], kind: 'practice' },
      { id: 'both', skills: ['add', 'multiply'], kind: 'practice' },
    ],
    objectives: [{ id: 'numbers', title: 'Numbers', skills: ['multiply'] }],
    ...changes,
  };
}

/** A row of a batch that is in order. */
export function row(changes: object = {}, data: object = {}): object {
  return { id: 'e1', type: 'AnswerGiven', learner: 'ada', occurredAt: '2026-03-01T08:00:00.000Z', data: { item: 'add-open', correct: true, ...data }, ...changes };
}

/** What a problem says, without what is the same for all of its kind. */
export function problem(reply: Reply): object {
  const { code, field, value, detail } = reply.json();
  return { status: reply.status, code, field, value, detail };
}
