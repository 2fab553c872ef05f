// What the specs of this app need: the service over stores in memory, and courses and answers as ingest would have kept them.
import { engineOn, type Engine } from '@trellis/engine';
import { isRefusal, MemoryStore, MemoryViews, type DomainEvent, type StreamName } from '@trellis/event-sourcing';
import { course as rules, courseStream, learnerStream, rowKey, trellisCodec, type AnswerData, type CourseContent, type CourseId, type LearnerId, type TenantId } from '@trellis/learning';
import { createService, DEFAULT_TENANT, digest16, uuidV5, type Config } from '@trellis/service';
import { FixedClock, LogLines, requestsTo, testConfig, type Reply, type Send } from '@trellis/service/testing';
import { RecommenderModule } from './recommender.module.js';

export const START = Date.UTC(2026, 2, 2, 8);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** Skill `b` needs `a`; two items each. */
export const SMALL: CourseContent = {
  title: 'Small',
  language: 'en',
  // The casts of this file name things: every text here keeps to the pattern of its kind.
  skills: [
    { id: 'a', title: 'A', prerequisites: [] },
    { id: 'b', title: 'B', prerequisites: [{ skill: 'a', strength: 'hard' }] },
  ] as unknown as CourseContent['skills'],
  items: ['a1', 'a2', 'b1', 'b2'].map((id) => ({ id, skills: [id.charAt(0)], kind: 'practice' })) as unknown as CourseContent['items'],
  objectives: [{ id: 'to-b', title: 'B', skills: ['b'] }] as unknown as CourseContent['objectives'],
};

/** A chain of six skills that are asked by key: `s1` to `s6`, each needing the one before, with practice and assessment items. */
export const CHAIN: CourseContent = {
  title: 'Chain',
  language: 'en',
  skills: [1, 2, 3, 4, 5, 6].map((n) => ({ id: `s${n}`, title: `Step ${n}`, prerequisites: n === 1 ? [] : [{ skill: `s${n - 1}`, strength: 'hard' }] })) as unknown as CourseContent['skills'],
  items: [1, 2, 3, 4, 5, 6].flatMap((n) => [
    ...[1, 2].map((k) => ({ id: `s${n}-p${k}`, skills: [`s${n}`], kind: 'practice', key: { type: 'number', values: ['1'] } })),
    ...(n === 6 ? [] : [1, 2, 3].map((k) => ({ id: `s${n}-a${k}`, skills: [`s${n}`], kind: 'assessment', ...(k === 3 ? {} : { key: { type: 'number', values: ['1'] } }) }))),
  ]) as unknown as CourseContent['items'],
  objectives: [{ id: 'half', title: 'Half the way', skills: ['s1', 's2'] }, { id: 'top', title: 'The top', skills: ['s6'] }] as unknown as CourseContent['objectives'],
};

/** The same course under other ids, as an item belongs to one course. */
export function renamed(prefix: string): CourseContent {
  return JSON.parse(JSON.stringify(SMALL).replaceAll(/"(a|b)([12]?)"/g, `"${prefix}$1$2"`)) as CourseContent;
}

export interface Running {
  readonly engine: Engine;
  readonly clock: FixedClock;
  readonly send: Send;
  readonly as: (key: string) => Send;
  readonly publish: (course: string, content?: CourseContent, tenant?: string) => Promise<void>;
  /** Appends answers, each an item of `SMALL` and whether it was right. */
  readonly answers: (learner: string, given: readonly (readonly [item: string, right: boolean])[], tenant?: string) => Promise<void>;
  /** Appends one answer as ingest would have kept it; gives its event's id. */
  readonly answer: (learner: string, data: { readonly item: string; readonly skills: readonly string[]; readonly score: number | null; readonly session?: string; readonly durationMs?: number }) => Promise<string>;
  /** Appends a score that somebody gave. */
  readonly scored: (learner: string, answer: string, score: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function running(config: Partial<Config> = {}): Promise<Running> {
  const clock = new FixedClock(START);
  const engine = await engineOn({ store: new MemoryStore(() => clock.now()), views: new MemoryViews(), codec: trellisCodec() });
  const service = await createService(RecommenderModule.over(engine), { name: 'recommender', config: testConfig(config), clock, logTo: new LogLines(), close: () => engine.close() });
  let last = 0;
  const append = async (stream: StreamName, event: DomainEvent): Promise<string> => {
    const id = uuidV5(`event ${++last}`);
    const meta = { source: 'spec', occurredAt: clock.now(), sequence: last, schema: 1 };
    await engine.sources.store.append(stream, [engine.sources.codec.encode(id, digest16(id), event, meta)], 'any');
    return id;
  };
  const ofDefault = (learner: string): StreamName => learnerStream(DEFAULT_TENANT, learner as LearnerId);
  return {
    engine,
    clock,
    send: requestsTo(service),
    as: (key) => requestsTo(service, key),
    publish: async (course, content = SMALL, tenant = DEFAULT_TENANT) => {
      const [owner, id] = [tenant as TenantId, course as CourseId];
      const version = engine.catalogue.course(owner, id)?.version ?? 0;
      const events = rules.decide({ type: 'PublishCourse', content }, { ...rules.initial, version });
      if (isRefusal(events)) throw new Error(events.detail);
      for (const event of events) await append(courseStream(owner, id), event);
      await engine.catalogue.refresh(rowKey(owner, id));
    },
    answers: async (learner, given, tenant = DEFAULT_TENANT) => {
      for (const [item, right] of given) {
        const data = { item, skills: [item.replace(/\d$/, '')], score: right ? 1 : 0, attempt: 1, hints: 0 } as unknown as AnswerData;
        await append(learnerStream(tenant as TenantId, learner as LearnerId), { type: 'AnswerGiven', data });
      }
    },
    answer: (learner, data) => append(ofDefault(learner), { type: 'AnswerGiven', data: { attempt: 1, hints: 0, ...data } }),
    scored: async (learner, answer, score) => {
      await append(ofDefault(learner), { type: 'AnswerScored', data: { answer, score } });
    },
    close: () => service.stop(),
  };
}

/** What a problem says, without what is the same for all of its kind. */
export function problem(reply: Reply): object {
  const { code, field, value, detail } = reply.json();
  return { status: reply.status, code, field, value, detail };
}
