import fc from 'fast-check';
import type { Envelope } from '@trellis/event-sourcing';
import { recommendationId, type SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION, firstMemory, nextMemory, reviewHistories, type AnswerLog, type Calibration } from '@trellis/mastery';
import { hash48 } from './item-table.js';
import { openDecisions, recallOf, wrongInARow, type LearnerState } from './learner-state.js';
import type { SkillState } from './skill-table.js';
import { compare, isLate, orderOf } from './fold-order.js';
import { learnerView } from './learner-view.js';
import { answer, enrolment, envelope, idOf, MINUTE, MORNING, offer } from './testing/events.js';

/** Numbers that are easy to follow by hand. */
const PLAIN: Calibration = {
  ...DEFAULT_CALIBRATION,
  bkt: { prior: 0.2, learn: 0.15, guess: 0.2, slip: 0.1 },
  ability: { base: 0, variance: 1, drift: 0, skillVariance: 1, skillDrift: 0 },
};

const view = learnerView(() => PLAIN);

/** As a row that is kept current folds: one by one, and from the stream again where an event is late. */
function live(events: readonly Envelope[]): LearnerState {
  let state = view.initial('default.ana');
  events.forEach((event, at) => {
    const next = view.fold(state, event);
    state = next === 'late' ? view.refold('default.ana', events.slice(0, at + 1)) : next;
  });
  return state;
}

/** As readers fold: a tail at a time, and from the stream again where it is late even in its best order. */
function inTails(events: readonly Envelope[], length: number): LearnerState {
  let state = view.initial('default.ana');
  for (let from = 0; from < events.length; from += length) {
    let isLate = false;
    for (const event of view.arrange?.(events.slice(from, from + length)) ?? []) {
      const next = view.fold(state, event);
      if (next !== 'late') state = next;
      else isLate = true;
    }
    if (isLate) state = view.refold('default.ana', events.slice(0, from + length));
  }
  return state;
}

function skill(state: LearnerState, id = 'fractions'): SkillState {
  const found = state.skills.get(id as SkillId);
  if (found === undefined) throw new Error(`no skill ${id}`);
  return found;
}

const bytesOf = (state: LearnerState): string => Buffer.from(view.encode(state)).toString('hex');

describe('an answer', () => {
  it('that is right raises what is known, as worked out by hand', () => {
    const state = live([answer(1)]);
    // 0.2*0.9 / (0.2*0.9 + 0.8*0.2) = 0.529411..., then + (1 - 0.529411...) * 0.15.
    expect(skill(state).known).toBeCloseTo(0.6, 10);
    expect(skill(state)).toMatchObject({ answers: 1, right: 1, streak: 1, pauses: 0, lastAt: MORNING + MINUTE });
    // Expected 0.5, information 0.25: variance 1 / 1.25, mean 0.8 * 0.5; a skill's numbers are in single precision.
    expect(state.ability).toEqual({ mean: 0.4, variance: 0.8 });
    expect([skill(state).mean, skill(state).variance]).toEqual([Math.fround(0.4), Math.fround(0.8)]);
    expect(state.answers).toBe(1);
    expect(state.newest).toEqual({ at: MORNING + MINUTE, sequence: 0, id: idOf(1) });
    expect(state.items.get(hash48('i1'))).toEqual({ attempts: 1, right: 1, lastAnswer: 1 });
  });

  it('that is wrong lowers it, and counts', () => {
    const state = live([answer(1, { score: 0 })]);
    // 0.2*0.1 / (0.2*0.1 + 0.8*0.8) = 0.030303..., then + 0.969696... * 0.15.
    expect(skill(state).known).toBeCloseTo(0.17575757575, 10);
    expect(skill(state)).toMatchObject({ answers: 1, right: 0, streak: -1 });
    expect(state.ability.mean).toBeCloseTo(-0.4, 12);
  });

  it('on several skills counts for each of them', () => {
    const state = live([answer(1), answer(2, { item: 'i2', skills: ['fractions', 'decimals'], score: 1 })]);
    // fractions: 0.6*0.9 / (0.6*0.9 + 0.4*0.2) = 0.870967..., then + 0.129032... * 0.15.
    expect(skill(state).known).toBeCloseTo(0.89032258064, 10);
    expect(skill(state, 'decimals').known).toBeCloseTo(0.6, 10);
    expect([skill(state).answers, skill(state, 'decimals').answers]).toEqual([2, 1]);
  });

  const countsAs: [string, Parameters<typeof answer>[1], number][] = [
    // what                          change                     P(known) after it
    ['a partial score',              { score: 0.5 },            0.38787878787],
    ['a right answer after a hint',  { hints: 1 },              0.17575757575],
    ['a wrong answer after a hint',  { score: 0, hints: 3 },    0.17575757575],
  ];
  it.each(countsAs)('counts %s', (_, change, known) => expect(skill(live([answer(1, change)])).known).toBeCloseTo(known, 10));

  const countsNot: [string, Parameters<typeof answer>[1]][] = [
    ['an answer that nobody has graded', { score: null }],
    ['a second attempt',                 { attempt: 2 }],
  ];
  it.each(countsNot)('remembers %s but learns nothing from it', (_, change) => {
    const state = live([answer(1, change)]);
    expect(state.skills.size).toBe(0);
    expect(state.ability).toEqual({ mean: 0, variance: 1 });
    expect(state.answers).toBe(1);
    expect(state.items.get(hash48('i1'))?.attempts).toBe(1);
    expect([...state.recent]).toEqual([{ item: hash48('i1'), recommendation: 0 }]);
    expect(state.newest?.id).toBe(idOf(1));
  });

  it('is remembered among the last 20', () => {
    const state = live(Array.from({ length: 25 }, (_, n) => answer(n, { item: `i${n}` })));
    expect(Array.from(state.recent, ({ item }) => item)).toEqual(Array.from({ length: 20 }, (_, n) => hash48(`i${n + 5}`)));
  });
});

describe('wrong answers in a row', () => {
  const wrong = (from: number, count: number): Envelope[] => Array.from({ length: count }, (_, n) => answer(from + n, { score: 0 }));

  it('pause the skill after four, for eight answers', () => {
    expect(skill(live(wrong(1, 3)))).toMatchObject({ streak: -3, pauses: 0, pausedUntil: 0 });
    expect(skill(live(wrong(1, 4)))).toMatchObject({ streak: -4, pauses: 1, pausedUntil: 4 + 8 });
    const inARow = [1, 2, 3, 4, 5].map((count) => wrongInARow(skill(live(wrong(1, count))), PLAIN.wheelSpin));
    expect(inARow).toEqual([1, 2, 3, 0, 1]);
  });

  it('begin anew after a right answer', () => {
    expect(skill(live([...wrong(1, 3), answer(4), ...wrong(5, 3)]))).toMatchObject({ streak: -3, pauses: 0 });
  });

  it('double the pause each time, up to 16-fold', () => {
    const untils = Array.from({ length: 7 }, (_, n) => skill(live(wrong(1, 4 * (n + 1)))).pausedUntil - 4 * (n + 1));
    expect(untils).toEqual([8, 16, 32, 64, 128, 128, 128]);
  });
});

describe('the order of answers', () => {
  it('is by time, then sequence, then id', () => {
    const at = MORNING;
    const sorted = [
      answer(9, { meta: { occurredAt: at - 1, sequence: 7 } }),
      answer(8, { meta: { occurredAt: at } }),
      answer(2, { meta: { occurredAt: at, sequence: 1 } }),
      answer(3, { meta: { occurredAt: at, sequence: 1 } }),
    ];
    for (const [n, a] of sorted.entries()) {
      for (const [m, b] of sorted.entries()) {
        expect(Math.sign(compare(orderOf(a), orderOf(b)))).toBe(Math.sign(n - m));
        expect(isLate(a, orderOf(b))).toBe(n <= m);
      }
    }
  });

  it('makes an earlier answer late, and the late one counts where it belongs', () => {
    const [first, second] = [answer(1, { score: 0 }), answer(2)];
    const state = view.fold(view.initial('default.ana'), second) as LearnerState;
    const before = bytesOf(state);
    expect(view.fold(state, first)).toBe('late');
    expect(bytesOf(state)).toBe(before);
    expect(bytesOf(live([second, first]))).toBe(bytesOf(live([first, second])));
  });

  it('makes a repeat late, and drops it', () => {
    const events = [answer(1), answer(2, { score: 0 })];
    const state = live(events);
    expect(view.fold(state, events[1] as Envelope)).toBe('late');
    expect(view.fold(state, events[0] as Envelope)).toBe('late');
    expect(bytesOf(live([...events, ...events]))).toBe(bytesOf(state));
  });

  it('costs nothing within a tail: nothing is late there', () => {
    const arrived = [answer(3), offer(1, ['i1']), answer(1), answer(2)];
    const arranged = view.arrange?.(arrived) ?? [];
    expect(arranged.map(({ id }) => id)).toEqual([answer(1), answer(2), answer(3), offer(1, ['i1'])].map(({ id }) => id));
    expect(arranged.reduce<LearnerState | 'late'>((state, event) => (state === 'late' ? state : view.fold(state, event)), view.initial('default.ana'))).not.toBe('late');
  });

  it.each([
    ['they are in order', [answer(1), offer(1, ['i1']), answer(2)]],
    ['one is there twice, of which the first recorded stands', [answer(2), answer(1, { score: 0 }), answer(1)]],
  ])('is left to tails as it is where %s', (_, events) => expect(view.arrange?.(events)).toBe(events));

  it('keeps what was recorded first when a repeat says something else', () => {
    const first = answer(1, { score: 1 });
    const other = { ...answer(1, { score: 0 }), revision: 2 };
    expect(bytesOf(live([first, other]))).toBe(bytesOf(live([first])));
  });

  it('never shows: any order of arrival with repeats, and decisions anywhere between, gives the same bytes', () => {
    const given = fc.record({
      item: fc.constantFrom('i1', 'i2', 'i3', 'i4'),
      skills: fc.constantFrom(['a'], ['b'], ['b', 'a'], ['c', 'a', 'b']),
      score: fc.constantFrom(null, 0, 0, 0, 0.5, 1),
      attempt: fc.constantFrom(1, 1, 1, 2),
      hints: fc.constantFrom(0, 0, 1),
      minute: fc.integer({ min: 0, max: 5 }),
      sequence: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    });
    const history = fc.array(given, { maxLength: 14 }).map((all) =>
      all.map(({ minute, sequence, ...change }, n) =>
        answer(n + 10, { ...change, meta: { occurredAt: MORNING + minute * MINUTE, ...(sequence === undefined ? {} : { sequence }) } })));
    const decisions = [enrolment(0, 'room-1', 'algebra'), offer(1, ['i1', 'i2']), enrolment(2, 'room-2', 'algebra'), offer(3, ['i9'])];
    const arrivals = history.chain((events) =>
      fc.record({
        events: fc.constant(events),
        order: fc.shuffledSubarray(events, { minLength: events.length }),
        repeats: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: events.length === 0 ? 0 : 6 }),
        places: fc.array(fc.nat(), { minLength: decisions.length, maxLength: decisions.length }),
        tail: fc.integer({ min: 1, max: 20 }),
      }));
    fc.assert(
      fc.property(arrivals, ({ events, order, repeats, places, tail }) => {
        const arrived = [...order];
        for (const [which, where] of repeats) {
          const repeated = events[which % events.length] as Envelope;
          arrived.splice(where % (arrived.length + 1), 0, repeated);
        }
        // Decisions keep their own order: that of the stream.
        const spread = places.map((place) => place % (arrived.length + 1)).sort((a, b) => b - a);
        spread.forEach((place, n) => arrived.splice(place, 0, decisions[decisions.length - 1 - n] as Envelope));
        const inOrder = [...decisions, ...events.toSorted((a, b) => compare(orderOf(a), orderOf(b)))];
        expect(bytesOf(live(arrived))).toBe(bytesOf(live(inOrder)));
        expect(bytesOf(inTails(arrived, tail))).toBe(bytesOf(live(inOrder)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('decisions', () => {
  it('enrol a learner once in a course of a classroom', () => {
    const state = live([enrolment(0, 'room-1', 'algebra'), enrolment(1, 'room-1', 'algebra'), enrolment(2, 'room-1', 'geometry')]);
    expect(state.enrolments).toEqual([{ classroom: 'room-1', course: 'algebra' }, { classroom: 'room-1', course: 'geometry' }]);
  });

  it('keep the newest 20 enrolments and the newest 4 offers', () => {
    const state = live([
      ...Array.from({ length: 22 }, (_, n) => enrolment(n, 'room-1', `course-${n}`)),
      ...Array.from({ length: 10 }, (_, n) => offer(30 + n, [`i${n}`])),
    ]);
    expect(state.enrolments.map(({ course }) => course)).toEqual(Array.from({ length: 20 }, (_, n) => `course-${n + 2}`));
    expect(state.offered.map(({ revision }) => revision)).toEqual([36, 37, 38, 39]);
  });

  it('leave an offer open until it is answered or one of its items is', () => {
    const offers = [offer(1, ['i1', 'i2']), offer(2, ['i3']), offer(3, ['i4'])];
    const stream = (offers[0] as Envelope).stream;
    const open = (...answers: Envelope[]): number[] => openDecisions(live([...offers, ...answers])).map(({ revision }) => revision);
    expect(open()).toEqual([1, 2, 3]);
    expect(open(answer(4, { item: 'i2' }))).toEqual([2, 3]);
    expect(open(answer(4, { item: 'i7', recommendation: recommendationId(stream, 2) }))).toEqual([1, 3]);
  });

  it('are never late', () => {
    const state = live([answer(5)]);
    expect(view.fold(state, enrolment(1, 'room-1', 'algebra'))).not.toBe('late');
  });
});

it('passes over events that it does not know', () => {
  const unknown = envelope(7, { type: 'ComputerRestarted', data: { why: 'update' }, meta: { occurredAt: 0 } });
  expect(bytesOf(live([answer(1), unknown]))).toBe(bytesOf(live([answer(1)])));
});

describe('the calibration', () => {
  const fitted: Calibration = {
    ...PLAIN,
    id: 'c1',
    skills: new Map([['fractions', { prior: 0.5, learn: 0, guess: 0.1, slip: 0.1 }]]),
    itemEasiness: new Map([['i1', 1]]),
    skillsEasiness: new Map([['fractions', 0.5]]),
  };

  it('is named, with the fold, by a row\'s version', () => {
    expect([view.versionFor('default.ana'), view.versionOf(view.initial('default.ana'))]).toEqual(['3/default-1', '3/default-1']);
    expect(learnerView(() => fitted).versionFor('default.ana')).toBe('3/c1');
  });

  it('gives skills and items numbers of their own', () => {
    const { skills, ability } = learnerView(() => fitted).refold('default.ana', [answer(1)]);
    // 0.5*0.9 / (0.5*0.9 + 0.5*0.1) and nothing learned from practice.
    expect(skills.get('fractions' as SkillId)?.known).toBeCloseTo(0.9, 12);
    // Expected is the logistic of 1.5, not of 0: less surprise.
    expect(ability.mean).toBeLessThan(live([answer(1)]).ability.mean);
  });

  it('of another tenant changes nothing', () => {
    const both = learnerView((tenant) => (tenant === 'default' ? PLAIN : fitted));
    expect(both.refold('default.ana', [answer(1)]).skills).toEqual(live([answer(1)]).skills);
  });

  it('that comes into force has the whole stream folded again', () => {
    let current = PLAIN;
    const following = learnerView(() => current);
    const state = following.fold(following.initial('default.ana'), answer(1)) as LearnerState;
    current = fitted;
    expect(following.fold(state, answer(2))).toBe('late');
    const again = following.refold('default.ana', [answer(1), answer(2)]);
    expect([following.versionOf(again), following.versionOf(state)]).toEqual(['3/c1', '3/default-1']);
    expect(following.fold(again, answer(3))).not.toBe('late');
  });
});

describe('recall', () => {
  const DAY = 24 * 60 * MINUTE;
  const right = (n: number, day: number, score = 1): Envelope => answer(n, { item: `i${n}`, score, meta: { occurredAt: MORNING + day * DAY + n * MINUTE } });
  const mastered = [1, 2, 3, 4].map((n) => right(n, 0));

  it('begins with the first answer, and fades faster where that was wrong', () => {
    expect(recallOf(skill(live(mastered.slice(0, 1))), MORNING, PLAIN)).toBe(1);
    expect(recallOf(skill(live(mastered.slice(0, 1))), MORNING + 9 * DAY, PLAIN)).toBeLessThan(0.9);
    expect(recallOf(skill(live([right(1, 0, 0)])), MORNING + 9 * DAY, PLAIN)).toBeLessThan(recallOf(skill(live([right(1, 0)])), MORNING + 9 * DAY, PLAIN) ?? 0);
  });

  it('began when the skill was first mastered by the rules of engine 1, whose decisions are made again by them', () => {
    const before = (events: readonly Envelope[]): LearnerState => learnerView(() => PLAIN, 1).refold('default.ana', events);
    expect(recallOf(skill(before(mastered.slice(0, 2))), MORNING + 9 * DAY, PLAIN)).toBeNull();
    expect(recallOf(skill(before(mastered)), MORNING, PLAIN)).toBe(1);
  });

  it('counts every answer as a review; by the rules of engine 1 the first of a day', () => {
    const once = [...mastered, right(5, 6)];
    const more = [...once, right(6, 6, 0)];
    expect(skill(live(once)).stability).toBeGreaterThan(skill(live(mastered)).stability);
    expect(skill(live(more)).stability).toBeLessThan(skill(live(once)).stability);
    const before = (events: readonly Envelope[]): number => skill(learnerView(() => PLAIN, 1).refold('default.ana', events)).stability;
    expect(before(more)).toBe(before(once));
  });

  it('shortens after a wrong review', () => {
    expect(skill(live([...mastered, right(5, 6, 0)])).stability).toBeLessThan(skill(live(mastered)).stability);
  });

  it('is heard by the stricter tracker only', () => {
    const soon = skill(live([...mastered, right(5, 0)]));
    const late = skill(live([...mastered, right(5, 200)]));
    expect(late.known).toBe(soon.known);
    expect(late.unrecalled).toBeGreaterThan(soon.unrecalled);
  });

  it('rests on the very reviews that a fit of recall is made of', () => {
    const day = fc.record({ gap: fc.integer({ min: 0, max: 9 }), isRight: fc.boolean(), skill: fc.constantFrom('fractions', 'decimals') });
    fc.assert(
      fc.property(fc.array(day, { maxLength: 60 }), (days) => {
        let at = MORNING;
        const answers = days.map(({ gap, isRight, skill: id }, n) => answer(n, { item: 'i1', skills: [id], score: isRight || n % 3 > 0 ? 1 : 0, meta: { occurredAt: (at += gap * DAY + MINUTE) } }));
        const state = live(answers);
        const skills = ['fractions', 'decimals'];
        // Only `answer` makes this data.
        const given = answers.map((event) => ({ ...(event.data as { readonly skills: readonly string[]; readonly score: number }), at: event.meta.occurredAt }));
        const log: AnswerLog = {
          vocabulary: { items: ['i1'], skills, combinations: skills.map((_, n) => Int32Array.of(n)) },
          learners: ['ana'],
          starts: Int32Array.of(0, given.length),
          item: new Int32Array(given.length),
          combination: Int32Array.from(given, ({ skills: [id] }) => skills.indexOf(id ?? '')),
          right: Uint8Array.from(given, ({ score }) => score),
          at: Float64Array.from(given, (one) => one.at),
        };
        const cards = reviewHistories(log).map(({ days: gaps, right: rights }) => {
          let memory = firstMemory(rights[0] === 1, PLAIN.recall);
          for (let n = 1; n < gaps.length; n++) memory = nextMemory(memory, gaps[n] ?? 0, rights[n] === 1, PLAIN.recall);
          return `${memory.stability} ${memory.difficulty}`;
        });
        const kept = [...state.skills.values()].filter(({ stability }) => stability > 0).map(({ stability, difficulty }) => `${stability} ${difficulty}`);
        expect(cards.sort()).toEqual(kept.sort());
      }),
    );
  });
});
