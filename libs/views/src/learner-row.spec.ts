import fc from 'fast-check';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { learnerRow } from './learner-row.js';
import { learnerView } from './learner-view.js';
import { newLearner, type LearnerState } from './learner-state.js';
import { answer, DAY, enrolment, MORNING, offer, placement } from './testing/events.js';
import type { Envelope } from '@trellis/event-sourcing';
import type { SkillId } from '@trellis/learning';

const view = learnerView(() => DEFAULT_CALIBRATION);

const folded = (events: readonly Envelope[]): LearnerState => view.refold('default.ana', events);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a stored row', () => {
  it('is the state it was made from, and gives the same bytes again', () => {
    const event = fc.integer({ min: 0, max: 9 }).chain((n) =>
      fc.record({ item: fc.constant(`item-${n}`), skills: fc.subarray(['a', 'b', 'c'], { minLength: 1 }), score: fc.constantFrom(null, 0, 0.25, 1) }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (changes) => {
        const answers = changes.map((change, n) => answer(n + 3, change));
        const state = folded([enrolment(0, 'room-1', 'algebra'), offer(1, ['item-1', 'item-2']), enrolment(2, 'room-1', 'geometry'), ...answers]);
        const bytes = learnerRow.encode(state);
        const again = learnerRow.decode(bytes, DEFAULT_CALIBRATION);
        expect(learnerRow.encode(again)).toEqual(bytes);
        const { items, ...rest } = state;
        const { items: itemsAgain, ...restAgain } = again;
        expect(restAgain).toEqual(rest);
        expect(itemsAgain.stored()).toEqual(items.stored());
      }),
    );
  });

  it('goes on like a state that was never stored', () => {
    const events = Array.from({ length: 60 }, (_, n) => answer(n, { item: `item-${n % 7}`, skills: n % 3 === 0 ? ['a', 'b'] : ['b'], score: (n % 4) / 3 }));
    let stored = learnerRow.encode(newLearner(DEFAULT_CALIBRATION));
    for (const event of events) {
      const next = view.fold(learnerRow.decode(stored, DEFAULT_CALIBRATION), event);
      stored = learnerRow.encode(next as LearnerState);
    }
    expect(hex(stored)).toBe(hex(learnerRow.encode(folded(events))));
  });

  it('is small: 50 skills and 300 items in 8 KiB, and 12 bytes a further item', () => {
    const skill = (n: number): string => `elementary-algebra.${n % 10}.${n}.`.padEnd(45, 'simplify-expressions');
    const history = Array.from({ length: 2_000 }, (_, n) => answer(n, { item: `item-${n % 300}`, skills: [skill(n % 50)], score: n % 5 === 0 ? 0 : 1 }));
    const decisions = [enrolment(0, 'room-1', 'elementary-algebra'), ...Array.from({ length: 8 }, (_, n) => offer(n, ['x1', 'x2', 'x3']))];
    const row = learnerRow.encode(folded([...decisions, ...history]));
    expect(row.length).toBeLessThanOrEqual(8 * 1024);
    const more = learnerRow.encode(folded([...decisions, ...history, answer(2_000, { item: 'item-300', skills: [skill(0)], score: 1 })]));
    expect(more.length).toBe(row.length + 12);
  });

  it('stays below 8 KiB after a placement of 30 questions in a course of 201 skills', () => {
    const skills = Array.from({ length: 201 }, (_, n) => `skill-${n}-`.padEnd(45, 'simplify-expressions'));
    const asked = Array.from({ length: 30 }, (_, n) => answer(n + 1, { item: `item-${n}`, skills: [skills[n * 6] ?? ''], score: n % 2 }));
    const row = learnerRow.encode(folded([enrolment(0, 'room-1', 'elementary-algebra'), ...asked, placement(31, Object.fromEntries(skills.map((id, n) => [id, 0.02 + (n % 97) / 100])))]));
    expect(row.length).toBeLessThanOrEqual(5 * 1024);
  });

  it('goes on like one that was never stored also from what a placement told', () => {
    const events = [answer(0), placement(1, { b: 0.02, a: 0.98123456, d: 0.7, c: 0.31 }), answer(2, { skills: ['b', 'c'], score: 0 }), placement(3, { d: 0.3, e: 0.55, f: 0.1 }), answer(4, { skills: ['e'] })];
    let state = newLearner(DEFAULT_CALIBRATION);
    for (const event of events) state = learnerRow.decode(learnerRow.encode(view.fold(state, event) as LearnerState), DEFAULT_CALIBRATION);
    const never = folded(events);
    expect(hex(learnerRow.encode(state))).toBe(hex(learnerRow.encode(never)));
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'fractions'] as SkillId[]) expect(state.skills.get(id)).toEqual(never.skills.get(id));
  });

  it('of another format is refused', () => {
    const bytes = learnerRow.encode(newLearner(DEFAULT_CALIBRATION));
    bytes[0] = 99;
    expect(() => learnerRow.decode(bytes, DEFAULT_CALIBRATION)).toThrow('a learner row of format 99; this engine reads format 3');
  });

  it('that was cut short is refused', () => {
    const bytes = learnerRow.encode(folded([answer(1), enrolment(2, 'room-1', 'algebra'), offer(3, ['i2'])]));
    for (let length = 0; length < bytes.length; length++) expect(() => learnerRow.decode(bytes.slice(0, length), DEFAULT_CALIBRATION)).toThrow();
  });
});

describe('golden bits', () => {
  it('are what they were: a change here is a new version of the fold', () => {
    const state = folded([
      enrolment(0, 'room-1', 'algebra'),
      answer(1, { item: 'i1', skills: ['fractions'], score: 1 }),
      answer(2, { item: 'i2', skills: ['fractions', 'decimals'], score: 0.5, recommendation: 'cmVjb21tZW5kYXRpb24' }),
      offer(3, ['i3', 'i4']),
      answer(4, { item: 'i1', skills: ['fractions'], score: 1, hints: 2 }),
      answer(5, { item: 'i5', skills: ['decimals'], score: null }),
      // Mastered, and reviewed six days later.
      ...[6, 7, 8, 9, 10, 11].map((n) => answer(n, { item: `i${n}`, skills: ['angles'] })),
      answer(12, { item: 'i12', skills: ['angles'], meta: { occurredAt: MORNING + 6 * DAY } }),
    ]);
    expect(hex(learnerRow.encode(state))).toBe([
      '03014279ccc75d40000000000000000000000000000000005000800000000000000c0b3fdbf4ee40a72d3b3fd4cdd2047b39784009062316744f',
      '764009e9d489f44ee0400000000000000040023333333333330300096672616374696f6e733fe08e29f1d67a6f3f047150be51c7883ecc343803',
      '02010100019cad9355803f466be740ec8d370008646563696d616c733fe16081160811603f0b0409bdc9c8c83eec75c40101020100019cad9180',
      'c040139db240078f040006616e676c65733f3abea293619cb83d77061c3f34ed993eb36bbe07070e0100019ccc75d400419fae6e4004eb6b000a',
      '3711c13f81d20101000000083dd1016ad6b201000000000455d9a1ff7f3801010000000a6abfbe595c4b020200000003775e2dd95e7f01010000',
      '00097788ef182c930101000000068ac474e1fc5c010100000005c859dd147c89010100000007db146dec2f83010100000002e5886ff464350101',
      '0000000b0b6abfbe595c4b000000000000db146dec2f83efafc27b564d6abfbe595c4b0000000000003dd1016ad6b20000000000008ac474e1fc',
      '5c0000000000007788ef182c93000000000000c859dd147c890000000000003711c13f81d2000000000000775e2dd95e7f00000000000055d9a1',
      'ff7f38000000000000e5886ff464350000000000000106726f6f6d2d3107616c676562726101d0169350f167030233c904c60d3011dacc61eb6b',
      '019ccc75d400010000000000000000000000019cad909660019ccc75d40040d0bb1b0701020000',
    ].join(''));
  });
});
