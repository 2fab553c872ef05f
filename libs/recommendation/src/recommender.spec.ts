import { jest } from '@jest/globals';
import fc from 'fast-check';
import { ContentionError, MemoryStore, MemoryViews, Projector, type Appended, type EventId, type Instant, type Observation, type Outgoing, type Sources, type StreamName } from '@trellis/event-sourcing';
import { classroomStream, course as courseRules, courseStream, learnerStream, recommendationId, rowKey, trellisCodec, type AnswerData, type ClassroomId, type CourseContent, type CourseId, type ItemId, type LearnerId, type ObjectiveId, type SkillId, type TenantId } from '@trellis/learning';
import { DEFAULT_CALIBRATION, type Calibration } from '@trellis/mastery';
import { Calibrations, Catalogue } from '@trellis/views';
import { Recommender, seedOf, type Ask, type Made } from './recommender.js';
import { courseOf, NOW } from './testing/situations.js';

// Casts: names that keep to their patterns.
const tenant = 'north' as TenantId;
const ana = 'ana' as LearnerId;
const algebra = 'algebra' as CourseId;
const stream = learnerStream(tenant, ana);
const MINUTE = 60_000;

const idOf = (n: number): EventId => `${n.toString(16).padStart(8, '0')}-0000-5000-8000-000000000000` as EventId;

const CONTENT = courseOf({ skills: { a: [], b: ['a'], c: [], d: ['~c'] }, objectives: { goal: ['b'] } }).content;

/** A store in which somebody else appends between choosing and keeping, so many times. */
class BusyStore extends MemoryStore {
  interruptions: Outgoing[] = [];

  override async append(...[to, events, expected]: Parameters<MemoryStore['append']>): Promise<Appended | 'conflict'> {
    const interruption = events[0]?.type === 'RecommendationMade' ? this.interruptions.shift() : undefined;
    if (interruption !== undefined) await super.append(to, [interruption], 'any');
    return super.append(to, events, expected);
  }
}

interface World extends Sources {
  readonly store: BusyStore;
  readonly catalogue: Catalogue;
  readonly calibrations: Calibrations;
  readonly recommender: Recommender;
  answer(n: number, change?: Partial<AnswerData> & { readonly at?: Instant }): Outgoing;
  append(to: StreamName, ...events: Outgoing[]): Promise<void>;
  publish(content: CourseContent, id?: CourseId): Promise<void>;
  /** What another process on the same log would answer with. */
  another(calibration?: Calibration): Promise<Recommender>;
}

async function world(): Promise<World> {
  const codec = trellisCodec();
  const sources = { store: new BusyStore(() => NOW), views: new MemoryViews(), codec };
  const catalogue = new Catalogue(sources);
  const append: World['append'] = async (to, ...events) => {
    await sources.store.append(to, events, 'any');
  };
  const publish: World['publish'] = async (content, id = algebra) => {
    const known = await catalogue.versionOf(tenant, id, catalogue.course(tenant, id)?.version ?? 0);
    const state = known === null ? courseRules.initial : { version: known.version, content: known.content, unfinished: null, parts: 0 };
    const events = courseRules.decide({ type: 'PublishCourse', content }, state);
    if ('refused' in events) throw new Error(events.detail);
    const n = (await sources.store.lag(null)) + 0xc000;
    await append(courseStream(tenant, id), ...events.map((event, at) => codec.encode(idOf(n * 16 + at), '0', event, { source: 'api', occurredAt: NOW, schema: 1 })));
    await catalogue.refresh(rowKey(tenant, id));
  };
  await publish(CONTENT);
  const calibrations = new Calibrations(sources);
  return {
    ...sources,
    catalogue,
    calibrations,
    recommender: new Recommender(sources, catalogue, calibrations),
    answer(n, { at = NOW - 100 * MINUTE + n * MINUTE, ...change } = {}) {
      const data: AnswerData = { item: 'a1' as ItemId, skills: ['a' as SkillId], score: 1, attempt: 1, hints: 0, ...change };
      return codec.encode(idOf(n), '0', { type: 'AnswerGiven', data }, { source: 'api', occurredAt: at, schema: 1 });
    },
    append,
    publish,
    async another(calibration = DEFAULT_CALIBRATION) {
      const others = { ...sources, views: new MemoryViews() };
      const fresh = new Catalogue(others);
      await fresh.open();
      return new Recommender(others, fresh, new Calibrations(others, calibration));
    },
  };
}

const ask = (n: number, change: Partial<Ask> = {}): Ask => ({ tenant, learner: ana, decisionId: idOf(0xdec00000 + n), now: NOW, count: 3, ...change });

async function made(by: Recommender, asked: Ask): Promise<Made> {
  const answer = await by.recommend(asked);
  if ('refused' in answer) throw new Error(answer.detail ?? answer.refused);
  return answer;
}

/** Right and wrong answers on two skills, so that every coefficient has had its say. */
async function practised(): Promise<World> {
  const it = await world();
  const scores = [1, 0, 1, 0.5, 0, 1];
  await it.append(stream, ...scores.map((score, n) => it.answer(n, { score, item: `${n % 2 === 0 ? 'a' : 'c'}1` as ItemId, skills: [(n % 2 === 0 ? 'a' : 'c') as SkillId] })));
  return it;
}

describe('asking what next', () => {
  it('works for a learner nobody has seen', async () => {
    const { recommender } = await world();
    const { id, decision } = await made(recommender, ask(1));
    expect(decision.basedOn).toEqual({ revision: -1, classroom: null });
    expect(decision.seed).toBe(seedOf(ask(1).decisionId));
    expect(decision.wish).toEqual({ course: 'algebra', count: 3 });
    expect(decision.items.length).toBeGreaterThan(0);
    expect(id).toBe(recommendationId(stream, 0));
  });

  it('rests on every answer that was kept, however old the row is', async () => {
    const it = await practised();
    await new Projector(it, it.recommender.learners).catchUp(new AbortController().signal);
    await it.append(stream, it.answer(6, { score: 1 }));
    const { decision } = await made(it.recommender, ask(1));
    expect(decision.basedOn).toEqual({ revision: 6, classroom: null });
    const { decision: fromLog } = await made(await it.another(), ask(2));
    expect(fromLog.basedOn).toEqual({ revision: 7, classroom: null });
    expect((await it.recommender.learner(tenant, ana)).state.answers).toBe(7);
  });

  it('keeps the decision where its id says', async () => {
    const it = await practised();
    const first = await made(it.recommender, ask(1, { objective: 'goal' as ObjectiveId, budgetMinutes: 5 }));
    expect(await it.recommender.recommendationAt(tenant, ana, 6)).toEqual(first);
    expect(await it.recommender.recommendationAt(tenant, ana, 5)).toBeNull();
    expect(await it.recommender.recommendationAt(tenant, ana, 7)).toBeNull();
    expect(await it.recommender.decided(tenant, 'ben' as LearnerId, ask(1).decisionId)).toBeNull();
  });

  it('looks for no decision under an id that was drawn for this very call, and tells the store so', async () => {
    const it = await practised();
    const find = jest.spyOn(it.store, 'find');
    const append = jest.spyOn(it.store, 'append');
    await made(it.recommender, ask(1, { isDrawn: true }));
    expect(find).not.toHaveBeenCalled();
    expect(append.mock.lastCall?.[1]).toMatchObject([{ type: 'RecommendationMade', isDrawn: true }]);
    await made(it.recommender, ask(2));
    expect(find).toHaveBeenCalledTimes(1);
    expect(append.mock.lastCall?.[1][0]?.isDrawn).toBeUndefined();
  });

  it('gives the same decision for the same id, whatever happened since', async () => {
    const it = await practised();
    const first = await made(it.recommender, ask(1));
    await it.append(stream, it.answer(50, { score: 0 }));
    expect(await made(it.recommender, ask(1, { count: 1 }))).toEqual(first);
    expect(await made(await it.another(), ask(1))).toEqual(first);
  });

  it('chooses again when something arrived between choosing and keeping', async () => {
    const it = await practised();
    it.store.interruptions = [it.answer(20, { score: 0 }), it.answer(21, { score: 0 })];
    const { id, decision } = await made(it.recommender, ask(1));
    expect(decision.basedOn).toEqual({ revision: 7, classroom: null });
    expect(id).toBe(recommendationId(stream, 8));
    expect(await it.recommender.recompute(tenant, { id, learner: ana, decision })).toMatchObject({ identical: true });
  });

  it('gives the decision that another try of the same request has kept meanwhile', async () => {
    const it = await practised();
    const other = await (await it.another()).choose(ask(1), await it.recommender.learner(tenant, ana));
    if ('refused' in other) throw new Error(other.refused);
    it.store.interruptions = [it.recommender.event(ask(1), other)];
    expect(await made(it.recommender, ask(1))).toEqual({ id: recommendationId(stream, 6), learner: ana, decision: other });
    expect((await it.recommender.learner(tenant, ana)).revision).toBe(6);
  });

  it('gives up when answers never stop arriving, and may be asked again', async () => {
    const it = await practised();
    it.store.interruptions = Array.from({ length: 8 }, (_, n) => it.answer(20 + n));
    await expect(it.recommender.recommend(ask(1))).rejects.toThrow(ContentionError);
    expect((await made(it.recommender, ask(1))).decision.basedOn).toEqual({ revision: 13, classroom: null });
  });

  it('chooses from the course of the newest enrolment, where none is named', async () => {
    const it = await world();
    await it.publish(CONTENT, 'physics' as CourseId);
    const enrol = (n: number, course: string): Outgoing =>
      it.codec.encode(idOf(n), '0', { type: 'LearnerEnrolled', data: { learner: ana, classroom: 'room-1' as ClassroomId, course } }, { source: 'api', occurredAt: NOW, schema: 1 });
    await it.append(stream, enrol(1, 'algebra'), enrol(2, 'physics'));
    expect((await made(it.recommender, ask(1))).decision.wish.course).toBe('physics');
    expect((await made(it.recommender, ask(2, { course: algebra }))).decision.wish.course).toBe('algebra');
  });

  describe('for a learner in a classroom', () => {
    const enrol = (it: World, n: number, room: string): Outgoing =>
      it.codec.encode(idOf(n), '0', { type: 'LearnerEnrolled', data: { learner: ana, classroom: room as ClassroomId, course: algebra } }, { source: 'api', occurredAt: NOW, schema: 1 });
    const room = (name: string) => classroomStream(tenant, name as ClassroomId);

    it('rests on the classroom as of now, also on another one than last time', async () => {
      const it = await practised();
      await it.append(room('room-1'), enrol(it, 50, 'room-1'));
      await it.append(stream, enrol(it, 51, 'room-1'));
      expect((await made(it.recommender, ask(1))).decision.basedOn.classroom).toEqual({ id: 'room-1', revision: 0 });
      await it.append(room('room-1'), enrol(it, 52, 'room-1'));
      expect((await made(it.recommender, ask(2))).decision.basedOn.classroom).toEqual({ id: 'room-1', revision: 1 });
      await it.append(stream, enrol(it, 53, 'room-2'));
      expect((await made(it.recommender, ask(3))).decision.basedOn.classroom).toEqual({ id: 'room-2', revision: -1 });
    });

    it('looks up the request, and reads learner and classroom, at the same time', async () => {
      const it = await practised();
      await it.append(stream, enrol(it, 51, 'room-1'));
      await made(it.recommender, ask(1));
      const { store } = it;
      const [read, find] = [store.read.bind(store), store.find.bind(store)];
      const begun: string[] = [];
      const all = Promise.withResolvers<void>();
      const begin = (what: string): Promise<void> => {
        if (begun.push(what) === 3) all.resolve();
        return all.promise;
      };
      store.find = async (...asked) => {
        await begin('find');
        return find(...asked);
      };
      store.read = async function* (of, range) {
        await begin(of);
        yield* read(of, range);
      };
      await made(it.recommender, ask(2));
      expect(begun.toSorted()).toEqual([room('room-1'), 'find', stream]);
    });
  });

  it('refuses what it cannot choose from, and says what would be right', async () => {
    const it = await world();
    expect(await it.recommender.recommend(ask(1, { course: 'art' as CourseId }))).toEqual({ refused: 'unknown-course', detail: 'course: "art" is not published; publish it or name another' });
    expect(await it.recommender.recommend(ask(1, { objective: 'moon' as ObjectiveId }))).toEqual({ refused: 'unknown-objective', detail: 'objective: course "algebra" has no objective "moon"; name one of goal, or leave it out for the whole course' });
    await it.publish(CONTENT, 'physics' as CourseId);
    expect(await it.recommender.recommend(ask(1))).toEqual({ refused: 'course-not-named', detail: 'course: it is missing and the learner is enrolled in none; name one of algebra, physics' });
    expect(await it.recommender.recommend(ask(1, { tenant: 'south' as TenantId }))).toMatchObject({ refused: 'course-not-named', detail: expect.stringContaining('no course is published yet') });
    expect((await it.recommender.learner(tenant, ana)).revision).toBe(-1);
  });
});

describe('making an old decision again', () => {
  it('gives the very same one, from the log alone', async () => {
    const it = await practised();
    const old = await made(it.recommender, ask(1));
    const changes: [string, () => Promise<unknown>][] = [
      ['at once', () => Promise.resolve()],
      ['after ten more answers', () => it.append(stream, ...Array.from({ length: 10 }, (_, n) => it.answer(30 + n, { score: n % 2 })))],
      ['after a late answer', () => it.append(stream, it.answer(60, { at: NOW - 200 * MINUTE, score: 0 }))],
      ['after a new version of the course', () => it.publish({ ...CONTENT, items: CONTENT.items.slice(2) })],
      ['with wrong rows', () => it.views.write({ name: 'learner' }, [{ key: rowKey(tenant, ana), row: { revision: 99, version: it.recommender.learners.versionFor(rowKey(tenant, ana)), bytes: Uint8Array.of(9) } }])],
    ];
    for (const [when, change] of changes) {
      await change();
      for (const recommender of [it.recommender, await it.another()]) {
        const kept = await recommender.recommendationAt(tenant, ana, 6);
        expect([when, kept]).toEqual([when, old]);
        expect([when, await recommender.recompute(tenant, old)]).toEqual([when, { identical: true, differs: [], recomputed: old.decision }]);
      }
    }
  });

  it('says where it differs when one coefficient is 1 % off', async () => {
    const it = await practised();
    const old = await made(it.recommender, ask(1, { count: 4 }));
    const { bkt, ability } = DEFAULT_CALIBRATION;
    const off = <Numbers extends object>(numbers: Numbers, name: keyof Numbers): Numbers => ({ ...numbers, [name]: Number(numbers[name]) * 1.01 });
    const calibrations = [
      ...Object.keys(bkt).map((name): [string, Partial<Calibration>] => [name, { bkt: off(bkt, name as keyof typeof bkt) }]),
      ...Object.keys(ability).map((name): [string, Partial<Calibration>] => [name, { ability: off(ability, name as keyof typeof ability) }]),
      ['masteredAt', { masteredAt: DEFAULT_CALIBRATION.masteredAt * 1.01 }] as [string, Partial<Calibration>],
    ];
    expect(calibrations.length).toBe(10);
    for (const [name, change] of calibrations) {
      const answer = await (await it.another({ ...DEFAULT_CALIBRATION, ...change })).recompute(tenant, old);
      if ('gone' in answer) throw new Error(answer.gone);
      expect([name, answer.identical, answer.differs.length > 0]).toEqual([name, false, true]);
      for (const pointer of answer.differs) expect(pointer).toMatch(/^\/(items\/\d|pacing|passed)/);
    }
  });

  it('says which version is gone', async () => {
    const it = await practised();
    const old = await made(it.recommender, ask(1));
    const cases: [object, string][] = [
      // versions                      gone
      [{ engine: '0' },                'engine 0'],
      [{ policy: '77' },               'policy 77'],
      [{ calibration: 'autumn' },      'calibration autumn'],
      [{ strategy: 'blended-1' },      'strategy blended-1'],
      [{ course: 5 },                  'course algebra version 5'],
    ];
    for (const [versions, gone] of cases) {
      const decision = { ...old.decision, versions: { ...old.decision.versions, ...versions } };
      expect(await it.recommender.recompute(tenant, { ...old, decision })).toEqual({ gone });
    }
    const autumn = await it.another({ ...DEFAULT_CALIBRATION, id: 'autumn' });
    expect(await autumn.recompute(tenant, old)).toEqual({ gone: 'calibration default-1' });
  });
});

describe('a learner who was just worked for', () => {
  /** What the log alone makes of the learner, as bytes. */
  const fromLog = async ({ recommender }: World, calibration: Calibration): Promise<unknown> => {
    const { state, revision } = await recommender.learnerAt(tenant, ana, { revision: Infinity, calibration });
    return [recommender.learners.encode(state), revision];
  };

  it('is known without a look at rows', async () => {
    const it = await practised();
    await made(it.recommender, ask(1));
    const read = jest.spyOn(it.views, 'read');
    const { decision } = await made(it.recommender, ask(2));
    expect(read).not.toHaveBeenCalled();
    expect(decision.basedOn.revision).toBe(6);
  });

  it('is what the log says, whatever others appended meanwhile and however late', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('ask', 'answer', 'late', 'two', 'calibration', 'projector'), { maxLength: 14 }), async (steps) => {
        const it = await practised();
        const calibrations = [DEFAULT_CALIBRATION, { ...DEFAULT_CALIBRATION, id: 'other' as Calibration['id'], bkt: { prior: 0.4, learn: 0.3, guess: 0.1, slip: 0.2 } }];
        let inForce = 0;
        const current = jest.spyOn(it.calibrations, 'current').mockImplementation(() => calibrations[inForce % 2] as Calibration);
        for (const [n, step] of steps.entries()) {
          if (step === 'calibration') inForce++;
          else if (step === 'projector') await new Projector(it, it.recommender.learners).catchUp(new AbortController().signal);
          else if (step === 'ask') await made(it.recommender, ask(n));
          else if (step === 'two') await it.append(stream, it.answer(2 * n + 101), it.answer(2 * n + 100, { score: 0 }));
          else await it.append(stream, it.answer(2 * n + 100, step === 'late' ? { at: NOW - 200 * MINUTE - n } : {}));
        }
        const { state, revision } = await it.recommender.learnerInTurn(tenant, ana);
        expect([it.recommender.learners.encode(state), revision]).toEqual(await fromLog(it, it.calibrations.current(tenant)));
        current.mockRestore();
      }),
      { numRuns: 150 },
    );
  });
});

describe('a learner', () => {
  it('as of a moment is what was recorded by then', async () => {
    const it = await world();
    let clock = 0;
    const store = new MemoryStore(() => clock);
    const recommender = new Recommender({ ...it, store }, it.catalogue, new Calibrations({ ...it, store }));
    for (const at of [10, 20, 20, 30]) {
      clock = at;
      await store.append(stream, [it.answer(Number(await store.head()) + at + 1)], 'any');
    }
    const revisions = await Promise.all([9, 10, 19, 20, 29, 30, 99].map(async (asOf) => (await recommender.learnerAsOf(tenant, ana, asOf)).revision));
    expect(revisions).toEqual([-1, 0, 0, 2, 2, 3, 3]);
  });

  it.each([['in its order', 90], ['late', -90]])('with one more answer %s is what it will be once the log has it', async (_, minutes) => {
    const it = await practised();
    const observation: Observation = { stream, event: it.answer(70, { at: NOW + minutes * MINUTE - 100 * MINUTE, score: 0.5, skills: ['a', 'b'] as SkillId[] }) };
    const ahead = await it.recommender.after(ask(1), await it.recommender.learner(tenant, ana), observation);
    await it.append(stream, observation.event);
    const after = await it.recommender.learner(tenant, ana);
    expect(ahead.revision).toBe(after.revision);
    expect(it.recommender.learners.encode(ahead.state)).toEqual(it.recommender.learners.encode(after.state));
  });
});
