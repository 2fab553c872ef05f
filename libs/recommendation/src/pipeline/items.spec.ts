import { NO_PLAN, settingsOf, type Item, type SinglePreset } from '@trellis/learning';
import { hash48 } from '@trellis/views';
import { courseMap } from '../course-map.js';
import { courseOf, DAY, learnerWith, NOW, type Past } from '../testing/situations.js';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { exclusionsOf } from './eligible.js';
import { fitFor, type Fit } from './fitting.js';
import { itemFor } from './items.js';

const TAGS: { readonly [item: string]: Partial<Item> } = {
  s: { tier: 'support', modality: 'visual', interests: ['music'], readingLevel: 3 },
  c: { tier: 'core', modality: 'symbolic', interests: ['sports'], product: 'open-answer', readingLevel: 5 },
  x: { tier: 'extension', modality: 'story', interests: ['cooking'], readingLevel: 7 },
};
const course = courseOf({ skills: { a: [] }, items: { s: ['a'], c: ['a'], x: ['a'] }, lessons: { l: ['a'] }, change: (item) => ({ ...item, ...TAGS[item.id] }) });

interface Asked {
  readonly preset?: SinglePreset;
  readonly past?: Past;
  readonly mastery?: number;
  readonly readiness?: number;
  readonly taken?: readonly string[];
  readonly modalities?: readonly string[];
}

function fitting({ preset = 'differentiated', past = {}, mastery = 0.5, readiness = 0.9 }: Asked): Fit {
  const state = learnerWith(past);
  const known = state.skills.get('a' as never);
  if (known === undefined) throw new Error('the past needs skill a');
  return fitFor({ skill: 'a' as never, known, mastery, readiness, state, calibration: DEFAULT_CALIBRATION, settings: settingsOf({ preset }), now: NOW });
}

function chosen(asked: Asked): readonly [string | undefined, readonly string[]] {
  const { preset = 'differentiated', past = {}, taken = [], modalities = [] } = asked;
  const skill = courseMap(course).skills[0];
  if (skill === undefined) throw new Error('the course has a skill');
  const found = itemFor({
    skill,
    state: learnerWith(past),
    excluded: exclusionsOf(NO_PLAN),
    fit: fitting(asked),
    vary: settingsOf({ preset }).vary,
    taken: new Set(taken.map(hash48)),
    modalities: new Set(modalities),
    placed: () => 0.65,
  });
  return [found?.item.item.id, found?.fitted.map(({ key }) => key) ?? []];
}

const begun = (change: object = {}): Past => ({ answers: 9, skills: { a: { known: 0.5, ...change } } });

describe('the item for a skill', () => {
  it('is the first of the least used where nothing varies', () => {
    expect(chosen({ preset: 'individualized', past: begun() })).toEqual(['s', []]);
    expect(chosen({ preset: 'individualized', past: { ...begun(), items: { s: [1] }, answers: 20 } })).toEqual(['c', []]);
  });

  it('goes no further than asked before the skill is known well', () => {
    const used: Past = { ...begun(), items: { s: [1], c: [2] }, answers: 20 };
    expect([chosen({ preset: 'individualized', past: used })[0], chosen({ preset: 'individualized', past: used, mastery: 0.9 })[0]]).toEqual(['s', 'x']);
    expect(chosen({ preset: 'individualized', past: used, taken: ['s', 'c'] })[0]).toBe('x');
  });

  it('fits readiness: support after errors or where the ground is weak, extension where it is known well, else core', () => {
    expect(chosen({ past: begun() })[0]).toBe('c');
    expect(chosen({ past: begun({ streak: -2 }), taken: ['l'] })).toEqual(['s', ['support-after-errors', 'shown-again']]);
    expect(chosen({ past: begun(), readiness: 0.3 })).toEqual(['s', ['support-for-readiness']]);
    expect(chosen({ past: begun(), mastery: 0.9 })).toEqual(['x', ['extension-for-readiness']]);
  });

  it('fits what the learner stated: interests, modalities, products, reading level', () => {
    expect(chosen({ preset: 'personalized', past: { ...begun(), told: { preferences: { interests: ['sports'], modalities: ['symbolic'], products: ['open-answer'] } } } })).toEqual(['c', ['fits-interest', 'fits-modality', 'fits-product']]);
    expect(chosen({ past: { ...begun(), told: { preferences: { interests: ['music'], modalities: ['visual'], readingLevel: 3 } } } })[0]).toBe('s');
  });

  it('hears "too hard" and "too easy", and lets what is disliked be', () => {
    const said = (feedback: 'too-hard' | 'too-easy' | 'disliked', at = NOW - DAY): Past => ({ ...begun(), told: { feedback: [{ item: hash48('c'), skills: ['a' as never], feedback, at }] } });
    expect(chosen({ past: said('too-hard') })).toEqual(['s', ['easier-as-asked']]);
    expect(chosen({ past: said('too-easy') })).toEqual(['x', ['harder-as-asked']]);
    expect(chosen({ past: said('too-easy', NOW - 8 * DAY) })[0]).toBe('c');
    expect(chosen({ past: said('disliked') })[0]).not.toBe('c');
  });

  it('is easier after a mood that the learner reported, for two hours', () => {
    const felt = (at: number): readonly string[] => fitting({ past: { ...begun(), told: { mood: { mood: 'tired', at } } } }).reasons.map(({ key }) => key);
    expect([felt(NOW - DAY / 24), felt(NOW - DAY / 8)]).toEqual([['easier-after-mood'], []]);
    expect(fitting({ past: { ...begun(), told: { mood: { mood: 'tired', at: NOW } } } }).aim).toBe(0.8);
  });

  it('is none that goes further for whoever was promised an easier one, even if all others were answered just now', () => {
    const before = { answers: 9, items: { s: [7], c: [9] } };
    expect(chosen({ past: { ...begun(), ...before }, taken: ['l'] })[0]).toBe('x');
    expect(chosen({ past: { ...begun({ streak: -2 }), ...before }, taken: ['l'] })[0]).toBe('s');
    expect(chosen({ past: { ...begun(), ...before, told: { mood: { mood: 'tired', at: NOW } } } })).toEqual(['s', ['easier-after-mood']]);
    expect(chosen({ past: { ...begun({ streak: -2 }), ...before }, taken: ['l', 's', 'c'] })[0]).toBe('x');
  });

  it('comes again sooner if it is the easier one that was asked for, and is called easier only if it is', () => {
    const tooHard = (items: NonNullable<Past['items']>): Past => ({ ...begun(), items, told: { feedback: [{ item: hash48('c'), skills: ['a' as never], feedback: 'too-hard', at: NOW - DAY }] } });
    expect(chosen({ past: tooHard({ s: [5] }) })).toEqual(['s', ['easier-as-asked']]);
    expect(chosen({ past: tooHard({ s: [8] }) })).toEqual(['c', []]);
  });

  it('is not the one that was declined while there is another, even one that was answered just now', () => {
    const declined = [{ recommendation: 'r' as never, items: ['c' as never], skills: ['a' as never], why: 'other', at: NOW } as const];
    const past: Past = { ...begun(), items: { s: [8], x: [9] } };
    expect([chosen({ past })[0], chosen({ past: { ...past, plan: { declined } } })[0]]).toEqual(['c', 's']);
    expect(chosen({ past: { ...past, plan: { declined } }, taken: ['s', 'x', 'l'] })[0]).toBe('c');
  });

  it('is a lesson before a first answer, and another look after errors', () => {
    expect(chosen({ past: { skills: { a: { answers: 0 } } } })[0]).toBe('l');
    expect(chosen({ past: { skills: { a: { answers: 0 } }, items: { l: [] } } })[0]).toBe('c');
    const twoLessons = begun({ streak: -3 });
    expect(chosen({ past: twoLessons })[0]).toBe('l');
    expect(chosen({ preset: 'individualized', past: twoLessons })[0]).toBe('s');
  });

  it('of several options differs in modality', () => {
    expect(chosen({ past: begun(), modalities: ['symbolic'], taken: ['l'] })[0]).toBe('s');
  });

  it('comes again once everything was answered: the one that lies back longest', () => {
    expect(chosen({ preset: 'individualized', past: { answers: 3, skills: { a: {} }, items: { s: [3], c: [1], x: [2] } } })[0]).toBe('c');
    expect(chosen({ past: begun(), taken: ['s', 'c', 'x', 'l'] })).toEqual([undefined, []]);
  });
});
