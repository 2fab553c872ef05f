// What else is observed of a learner, and what is decided about one.
import fc from 'fast-check';
import type { Envelope, EventId } from '@trellis/event-sourcing';
import { NO_PLAN, type SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { hash48 } from './item-table.js';
import { learnerRow } from './learner-row.js';
import { AWAITED_MAX, FEEDBACK_MAX, NOTHING_TOLD, SELF_ASSESSED_MAX } from './learner-told.js';
import { compare, orderOf } from './fold-order.js';
import { learnerView } from './learner-view.js';
import type { LearnerState } from './learner-state.js';
import { PRIORS_MAX } from './skill-table.js';
import { answer, enrolment, envelope, idOf, MINUTE, MORNING, offer, placement } from './testing/events.js';

const view = learnerView(() => DEFAULT_CALIBRATION);

/** As a row that is kept current folds: stored after each event, and from the stream again where one is late. */
function live(events: readonly Envelope[]): LearnerState {
  let state = view.initial('default.ana');
  events.forEach((event, at) => {
    const next = view.fold(state, event);
    state = view.decode(view.encode(next === 'late' ? view.refold('default.ana', events.slice(0, at + 1)) : next), 'default.ana');
  });
  return state;
}

const bytesOf = (state: LearnerState): string => Buffer.from(view.encode(state)).toString('hex');
const known = (state: LearnerState, id = 'fractions'): number | undefined => state.skills.get(id as SkillId)?.known;
const fact = (n: number, type: string, data: object, minute = n): Envelope => envelope(n, { type, data, meta: { occurredAt: MORNING + minute * MINUTE } });
const scored = (n: number, of: number, score: number, minute = n): Envelope => fact(n, 'AnswerScored', { answer: idOf(of), score }, minute);
const voided = (n: number, of: number, minute = n): Envelope => fact(n, 'AnswerVoided', { answer: idOf(of) }, minute);

describe('what a learner says', () => {
  it('is kept as the newest word, by when it was said', () => {
    const said = [
      fact(1, 'SessionStarted', { session: 's1', budgetMinutes: 20 }),
      fact(2, 'MoodReported', { mood: 'tired' }),
      fact(3, 'MoodReported', { mood: 'good' }),
      fact(4, 'PreferenceStated', { interests: ['music'], language: 'es' }),
      fact(5, 'PreferenceStated', { interests: [], readingLevel: 6 }),
      fact(6, 'SelfAssessed', { skill: 'a', level: 0.25 }),
      fact(7, 'SelfAssessed', { skill: 'b', level: 1 }),
      fact(8, 'SelfAssessed', { skill: 'a', level: 0.5 }),
      fact(9, 'FeedbackGiven', { item: 'i1', skills: ['a'], feedback: 'too-hard' }),
    ];
    const at = (minute: number): number => MORNING + minute * MINUTE;
    expect(live(said.toReversed()).told).toEqual({
      session: { session: 's1', budgetMinutes: 20, at: at(1) },
      mood: { mood: 'good', at: at(3) },
      preferences: { interests: [], language: 'es', readingLevel: 6 },
      selfAssessed: [{ skill: 'b', level: 1, at: at(7) }, { skill: 'a', level: 0.5, at: at(8) }],
      feedback: [{ item: hash48('i1'), skills: ['a'], feedback: 'too-hard', at: at(9) }],
      awaited: [],
    });
    expect(live([...said, fact(10, 'SessionEnded', { session: 's1' })]).told.session).toBeNull();
  });

  it('is no answer and no evidence', () => {
    const { answers, skills, recent, items } = live([fact(1, 'HintTaken', { item: 'i1', skills: ['fractions'] }), fact(2, 'ContentViewed', { item: 'i1', skills: ['fractions'] }), fact(3, 'SelfAssessed', { skill: 'fractions', level: 1 })]);
    expect([answers, skills.size, recent.length]).toEqual([0, 0, 0]);
    // What was looked at is not new any more: a lesson is not begun with twice.
    expect(items.get(hash48('i1'))).toEqual({ attempts: 0, right: 0, lastAnswer: 0 });
  });

  it('has a maximum', () => {
    const feedback = Array.from({ length: FEEDBACK_MAX + 2 }, (_, n) => fact(n, 'FeedbackGiven', { item: `i${n}`, skills: ['a'], feedback: 'liked' }));
    const levels = Array.from({ length: SELF_ASSESSED_MAX + 3 }, (_, n) => fact(100 + n, 'SelfAssessed', { skill: `s${n}`, level: 1 }));
    const { told } = live([...feedback, ...levels]);
    expect([told.feedback.length, told.feedback[0]?.item, told.selfAssessed.length, told.selfAssessed[0]?.skill]).toEqual([FEEDBACK_MAX, hash48('i2'), SELF_ASSESSED_MAX, 's3']);
  });
});

describe('a correction', () => {
  const [first, second] = [answer(1, { score: null }), answer(2, { score: 0 })];

  it('has an answer count as if it always had its score', () => {
    const graded = [answer(1, { score: 1 }), second];
    const corrected = live([first, second, scored(3, 1, 1)]);
    expect(bytesOf(corrected)).toBe(bytesOf(live(graded)));
  });

  it('that is the newest stands, whichever came first', () => {
    const all = [first, second, scored(3, 1, 0), voided(4, 1), scored(5, 1, 1)];
    const wanted = bytesOf(live([answer(1, { score: 1 }), second]));
    expect([bytesOf(live(all)), bytesOf(live(all.toReversed()))]).toEqual([wanted, wanted]);
  });

  it('can take an answer out: nothing of it is left', () => {
    const { answers, recent, items, skills } = live([first, second, voided(3, 2)]);
    expect([answers, recent.length, items.get(hash48('i1'))?.attempts, skills.size]).toEqual([1, 1, 1, 0]);
    const again = live([first, second, voided(3, 2), second]);
    expect([again.answers, again.skills.size, again.told === NOTHING_TOLD]).toEqual([1, 0, true]);
  });

  it('does nothing before its answer comes, and then takes effect', () => {
    const waiting = live([second, scored(3, 1, 1)]);
    expect(waiting.told.awaited).toEqual([idOf(1)]);
    expect(waiting.answers).toBe(1);
    const arrived = live([second, scored(3, 1, 1), first]);
    expect(bytesOf(arrived)).toBe(bytesOf(live([answer(1, { score: 1 }), second])));
    expect(arrived.told).toBe(NOTHING_TOLD);
    // Also where the answer is the newest that happened.
    expect(bytesOf(live([first, scored(9, 2, 1, 0), second]))).toBe(bytesOf(live([first, answer(2, { score: 1 })])));
  });

  it('of more answers than are remembered as awaited is not lost', () => {
    const answers = Array.from({ length: AWAITED_MAX + 20 }, (_, n) => answer(n, { score: 0 }));
    const corrections = answers.map((_, n) => scored(1_000 + n, n, 1, 0));
    const wanted = answers.map((_, n) => answer(n, { score: 1 }));
    expect(view.refold('default.ana', corrections).told.awaited.length).toBe(AWAITED_MAX);
    // Whichever comes first: one that has a place in the list, or one that has none.
    for (const each of answers) expect(view.fold(view.refold('default.ana', corrections), each)).toBe('late');
    const state = view.refold('default.ana', [...corrections, ...answers.toReversed()]);
    expect(bytesOf(state)).toBe(bytesOf(view.refold('default.ana', wanted)));
  });
});

describe('a placement', () => {
  it('says what skills are known that have few answers of their own', () => {
    const state = live([answer(1, { score: 0 }), placement(2, { fractions: 0.9, decimals: 0.25 })]);
    expect([known(state), known(state, 'decimals')]).toEqual([0.9, 0.25]);
    expect(state.skills.get('fractions' as SkillId)).toMatchObject({ answers: 1, unrecalled: Math.fround(1 - 0.9) });
    expect(state.plan).toBe(NO_PLAN);
  });

  it('leaves those that have evidence enough as they are', () => {
    const answers = [1, 2, 3, 4].map((n) => answer(n, { score: 0 }));
    expect(known(live([...answers, placement(5, { fractions: 0.9 })]))).toBe(known(live(answers)));
    expect(known(live([...answers.slice(1), placement(5, { fractions: 0.9 })]))).toBe(0.9);
  });

  it('counts where it happened: answers after it go on from there', () => {
    const [before, after] = [answer(1, { score: 0 }), answer(3)];
    expect(bytesOf(live([after, placement(2, { fractions: 0.5 }), before]))).toBe(bytesOf(live([before, placement(2, { fractions: 0.5 }), after])));
    expect(known(live([before, placement(2, { fractions: 0.5 }), after]))).toBeGreaterThan(0.5);
  });

  it('leaves a skill out that it says no more of than the calibration does', () => {
    const state = live([answer(1), placement(2, { decimals: 0.29, angles: 0.31, proofs: 0.33 })]);
    expect(['decimals', 'angles', 'proofs'].map((id) => known(state, id))).toEqual([undefined, undefined, 0.33]);
    expect(bytesOf(live([answer(1), placement(2, { proofs: 0.33 })]))).toBe(bytesOf(state));
    // Of one with an answer it says that this answer told nothing.
    expect(known(live([answer(1, { score: 0 }), placement(2, { fractions: 0.3 })]))).toBeCloseTo(0.3, 12);
  });

  it('takes the place of what an earlier one said', () => {
    const state = live([placement(1, { decimals: 0.9, angles: 0.9 }), placement(2, { decimals: 0.3, angles: 0.6 })]);
    expect([known(state, 'decimals'), known(state, 'angles')]).toEqual([undefined, 0.6]);
  });

  it('is not practice: skills without answers of their own are not among those that were practised', () => {
    const state = live([answer(1), placement(2, { decimals: 0.9 })]);
    expect([...state.skills.keys()]).toEqual(['fractions']);
    expect(state.skills.get('decimals' as SkillId)).toMatchObject({ known: 0.9, unrecalled: Math.fround(1 - 0.9), answers: 0, stability: 0, lastAt: 0 });
  });

  it('is where the first answer goes on from', () => {
    const after = (prior: number): number | undefined => known(live([placement(1, { fractions: prior }), answer(2)]));
    expect(after(0.6)).toBeGreaterThan(after(0.5) ?? 1);
    expect(known(live([placement(1, { fractions: 0.3 }), answer(2)]))).toBe(known(live([answer(2)])));
  });

  it('in a course of more skills than are kept keeps those of which it tells most', () => {
    const priors = Object.fromEntries(Array.from({ length: PRIORS_MAX + 50 }, (_, n) => [`s${n}`, n % 11 === 0 ? 0.4 : 0.9]));
    const kept = Object.keys(priors).filter((id) => known(live([placement(1, priors)]), id) !== undefined);
    expect(kept.length).toBe(PRIORS_MAX);
    expect(kept.filter((id) => priors[id] === 0.4).length).toBeLessThan(10);
  });

  it('is a decision as well: the plan knows that it is concluded', () => {
    const started = fact(1, 'PlacementStarted', { placement: 'p1', course: 'algebra', seed: 7, at: MORNING });
    expect(live([started, placement(2, {})]).plan.placement).toMatchObject({ placement: 'p1', concluded: true });
  });
});

describe('a plan', () => {
  it('is what was decided, in the order of the stream', () => {
    const pinned = (n: number, isPinned: boolean): Envelope => fact(n, 'ItemPinned', { item: 'i1', pinned: isPinned, attempts: 0, by: 'teacher' }, 9 - n);
    expect(live([pinned(1, true)]).plan.pins).toEqual([{ item: 'i1', attempts: 0, by: 'teacher' }]);
    expect(live([pinned(1, true), pinned(2, false)]).plan.pins).toEqual([]);
  });
});

describe('a row', () => {
  it('of a learner of whom nothing was said or decided says so in two bytes', () => {
    const state = live([answer(1)]);
    expect([state.told, state.plan]).toEqual([NOTHING_TOLD, NO_PLAN]);
    expect([state.told === NOTHING_TOLD, state.plan === NO_PLAN]).toEqual([true, true]);
  });

  it('keeps what was said and decided', () => {
    const state = view.refold('default.ana', [
      fact(1, 'MoodReported', { mood: 'tired' }),
      fact(2, 'GoalSet', { goal: 'g1', course: 'algebra', skills: ['a'], by: 'learner', at: MORNING }),
      answer(3, { durationMs: 20_000, skills: ['a', 'b'] }),
      answer(4, { durationMs: 40_000, skills: ['a', 'b'] }),
    ]);
    const again = learnerRow.decode(learnerRow.encode(state), DEFAULT_CALIBRATION);
    expect([again.told, again.plan, again.sitting, again.current]).toEqual([state.told, state.plan, state.sitting, { skills: ['a', 'b'], run: 2 }]);
  });

  it('is the same where what was said was taken back', () => {
    const session = [fact(1, 'SessionStarted', { session: 's1' }), fact(2, 'SessionEnded', { session: 's1' })];
    const paused = [fact(1, 'EnginePaused', { paused: true, by: 'teacher' }), fact(2, 'EnginePaused', { paused: false, by: 'teacher' })];
    const nothing = [fact(1, 'HintTaken', { item: 'i1', skills: ['a'] }), fact(2, 'HintTaken', { item: 'i1', skills: ['a'] })];
    expect(bytesOf(view.refold('default.ana', session))).toBe(bytesOf(view.refold('default.ana', nothing)));
    expect(view.refold('default.ana', paused).plan).toEqual(NO_PLAN);
    expect(bytesOf(view.refold('default.ana', paused))).toBe(bytesOf(view.initial('default.ana')));
  });
});

describe('the order of arrival', () => {
  const minute = fc.integer({ min: 0, max: 90 });
  const which = fc.integer({ min: 0, max: 6 });
  const id = fc.constantFrom('a', 'b', 'c');
  const score = fc.constantFrom(0, 0.5, 1);
  const observation: fc.Arbitrary<(n: number) => Envelope> = fc.oneof(
    fc.record({ skill: id, item: id, score: fc.constantFrom(null, 0, 1, 1), durationMs: fc.constantFrom(undefined, 300, 15_000, 60_000, 1_000_000), minute }).map(({ skill, item, minute: at, durationMs, ...rest }) => (n: number) =>
      answer(n, { ...rest, item, skills: [skill], ...(durationMs === undefined ? {} : { durationMs }), meta: { occurredAt: MORNING + at * MINUTE } })),
    fc.record({ which, score, minute }).map((of) => (n: number) => scored(n, 10 + of.which, of.score, of.minute)),
    fc.record({ which, minute }).map((of) => (n: number) => voided(n, 10 + of.which, of.minute)),
    fc.record({ mood: fc.constantFrom('good', 'tired'), minute }).map(({ mood, minute: at }) => (n: number) => fact(n, 'MoodReported', { mood }, at)),
    fc.record({ isEnd: fc.boolean(), minute }).map(({ isEnd, minute: at }) => (n: number) => fact(n, isEnd ? 'SessionEnded' : 'SessionStarted', { session: 's1' }, at)),
    fc.record({ skill: id, level: score, minute }).map(({ minute: at, ...data }) => (n: number) => fact(n, 'SelfAssessed', data, at)),
    fc.record({ interests: fc.subarray(['music', 'sports']), minute }).map(({ interests, minute: at }) => (n: number) => fact(n, 'PreferenceStated', { interests }, at)),
    fc.record({ item: id, minute }).map(({ item, minute: at }) => (n: number) => fact(n, 'FeedbackGiven', { item, skills: ['a'], feedback: 'liked' }, at)),
    fc.record({ item: id, minute }).map(({ item, minute: at }) => (n: number) => fact(n, 'HintTaken', { item, skills: ['a'] }, at)),
    fc.record({ skill: id, level: fc.constantFrom(0.25, 0.3, 0.75), minute }).map(({ skill, level, minute: at }) => (n: number) => placement(n, { [skill]: level }, at)),
  );
  const decisions = [
    enrolment(900, 'room-1', 'algebra'),
    fact(901, 'PlacementStarted', { placement: 'p1', course: 'algebra', seed: 7, at: MORNING }),
    offer(902, ['a']),
    fact(903, 'ItemPinned', { item: 'i1', pinned: true, attempts: 0, by: 'teacher' }),
    fact(904, 'ItemExcluded', { item: 'i1', excluded: true, by: 'teacher' }),
  ];

  it('never shows: facts, corrections and placements in any order with repeats, and decisions anywhere between, give the same bytes', () => {
    const arrivals = fc.array(observation, { maxLength: 14 }).chain((make) => {
      const events = make.map((of, n) => of(n + 10));
      return fc.record({
        events: fc.constant(events),
        order: fc.shuffledSubarray(events, { minLength: events.length }),
        repeats: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: events.length === 0 ? 0 : 5 }),
        places: fc.array(fc.nat(), { minLength: decisions.length, maxLength: decisions.length }),
      });
    });
    fc.assert(
      fc.property(arrivals, ({ events, order, repeats, places }) => {
        const arrived = [...order];
        for (const [one, where] of repeats) arrived.splice(where % (arrived.length + 1), 0, events[one % events.length] as Envelope);
        // Decisions keep their own order: that of the stream. A placement begins before it is concluded.
        const spread = places.map((place, n) => (n < 2 ? 0 : place % (arrived.length + 1))).sort((a, b) => b - a);
        spread.forEach((place, n) => arrived.splice(place, 0, decisions[decisions.length - 1 - n] as Envelope));
        const inOrder = [...decisions, ...events.toSorted((a, b) => compare(orderOf(a), orderOf(b)))];
        expect(bytesOf(live(arrived))).toBe(bytesOf(live(inOrder)));
      }),
      { numRuns: 400 },
    );
  });

  it('of two corrections does not show either where they were made at the same time', () => {
    const all = [answer(1), scored(2, 1, 0, 5), scored(3, 1, 0.5, 5)];
    expect(new Set([[0, 1, 2], [0, 2, 1], [1, 2, 0], [2, 1, 0]].map((order) => bytesOf(live(order.map((n) => all[n] as Envelope))))).size).toBe(1);
    // The cast: ids are those of the events.
    expect(live([all[1] as Envelope]).told.awaited).toEqual([idOf(1) as EventId]);
  });
});
