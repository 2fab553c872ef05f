import { readFileSync } from 'node:fs';
import type { CourseContent, CourseId, ItemId, ObjectiveId, SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION, logistic, seeded } from '@trellis/mastery';
import { newLearner, type PublishedCourse } from '@trellis/views';
import { courseMap, type CourseMap } from '../course-map.js';
import { courseOf, learnerWith } from '../testing/situations.js';
import { conclusion, nextQuestion, type PlacementAnswer, type PlacementInput } from './questions.js';

const content = JSON.parse(readFileSync(new URL('../../../../samples/elementary-algebra/course.json', import.meta.url), 'utf8')) as CourseContent;
const algebra: PublishedCourse = { id: 'algebra' as CourseId, version: 1, content, items: new Map(content.items.map((item) => [item.id, item])), skills: new Set(content.skills.map(({ id }) => id)) };

interface Truth {
  readonly known: Uint8Array;
  answer(skill: SkillId): number;
}

/** Not the model that the diagnostic has of learners, but one like it. */
function student(map: CourseMap, seed: number): Truth {
  const random = seeded(seed);
  const prepared = 2.5 * (random() + random() + random() - 1.5);
  const known = new Uint8Array(map.skills.length);
  for (const number of map.learningOrder) {
    const isReady = map.skills[number]?.prerequisites.every(({ skill }) => known[skill] === 1) ?? true;
    known[number] = random() < logistic(0.6 + prepared) * (isReady ? 1 : 0.1) ? 1 : 0;
  }
  return { known, answer: (skill) => (random() < (known[map.numberOf.get(skill) ?? 0] === 1 ? 0.88 : 0.2) ? 1 : 0) };
}

function diagnosed(map: CourseMap, truth: Truth, seed: number): { readonly input: PlacementInput; readonly why: string } {
  const answers: PlacementAnswer[] = [];
  for (;;) {
    const input: PlacementInput = { map, calibration: DEFAULT_CALIBRATION, state: newLearner(DEFAULT_CALIBRATION), answers: [...answers], seed };
    const next = nextQuestion(input);
    if ('concluded' in next) return { input, why: next.concluded };
    answers.push({ item: next.item, skills: map.course.items.get(next.item)?.skills ?? [next.skill], score: truth.answer(next.skill) });
  }
}

describe('a placement in the sample course', () => {
  const map = courseMap(algebra);
  const students = 6;
  const all = Array.from({ length: students }, (_, n) => {
    const truth = student(map, 100 + n);
    const { input, why } = diagnosed(map, truth, n);
    return { truth, input, why, concluded: conclusion(input, 'sure-enough') };
  });

  it('asks 15 to 30 questions, none twice, each with a key', () => {
    for (const { input: { answers } } of all) {
      expect(answers.length).toBeGreaterThanOrEqual(15);
      expect(answers.length).toBeLessThanOrEqual(30);
      expect(new Set(answers.map(({ item }) => item)).size).toBe(answers.length);
      for (const { item } of answers) expect(algebra.items.get(item)?.key).toBeDefined();
    }
  });

  it('tells what is known far better than a guess, and is about as sure as it should be', () => {
    let [right, guessed, squared, squaredBefore, count] = [0, 0, 0, 0, 0];
    const bins = Array.from({ length: 5 }, () => ({ sum: 0, known: 0, count: 0 }));
    const share = all.reduce((sum, { truth }) => sum + truth.known.reduce((a, b) => a + b, 0), 0) / (students * map.skills.length);
    for (const { truth, concluded } of all) {
      for (const { skill, known } of concluded.priors) {
        const isKnown = truth.known[map.numberOf.get(skill) ?? 0] ?? 0;
        count++;
        right += known >= 0.5 === (isKnown === 1) ? 1 : 0;
        guessed += share >= 0.5 === (isKnown === 1) ? 1 : 0;
        squared += (known - isKnown) ** 2;
        squaredBefore += (share - isKnown) ** 2;
        const bin = bins[Math.min(4, Math.floor(known * 5))];
        if (bin !== undefined) [bin.sum, bin.known, bin.count] = [bin.sum + known, bin.known + isKnown, bin.count + 1];
      }
    }
    expect(right / count).toBeGreaterThan(Math.max(0.8, guessed / count + 0.1));
    expect(squared / squaredBefore).toBeLessThan(0.6);
    for (const { sum, known, count: size } of bins) if (size >= 100) expect(Math.abs(sum - known) / size).toBeLessThan(0.2);
  });

  it('says of each skill where that comes from', () => {
    const [{ concluded, input }] = all as [(typeof all)[number]];
    const asked = new Set(input.answers.flatMap(({ skills }) => skills));
    for (const { skill, basis, through } of concluded.priors) {
      expect(basis === 'asked').toBe(asked.has(skill));
      if (basis === 'builds-on-it' || basis === 'it-builds-on') expect(asked.has(through ?? ('' as SkillId))).toBe(true);
    }
    expect(new Set(concluded.priors.map(({ basis }) => basis)).size).toBeGreaterThan(1);
  });

  it('is the same for the same seed', () => {
    const [{ input }] = all as [(typeof all)[number]];
    expect(nextQuestion({ ...input, answers: input.answers.slice(0, 6) })).toEqual(nextQuestion({ ...input, answers: input.answers.slice(0, 6) }));
  });
});

describe('a placement', () => {
  const keyed = (skills: { readonly [skill: string]: readonly string[] }, objectives = {}): CourseMap =>
    courseMap(courseOf({ skills, objectives, change: (item) => ({ ...item, key: { type: 'number', values: ['1'] } }) }));
  const ask = (map: CourseMap, change: Partial<PlacementInput> = {}): ReturnType<typeof nextQuestion> => nextQuestion({ map, calibration: DEFAULT_CALIBRATION, state: learnerWith(), answers: [], seed: 1, ...change });
  const CHAIN = { a: [], b: ['a'], c: ['b'], d: ['c'], e: ['d'], f: ['e'], g: ['f'] };

  it('begins in the middle of a chain', () => {
    const first = ask(keyed(CHAIN));
    expect('skill' in first ? ['b', 'c', 'd', 'e'].includes(first.skill) : first).toBe(true);
  });

  it('asks of an objective only what leads there', () => {
    const next = ask(keyed({ ...CHAIN, z: [] }, { small: ['z'] }), { objective: 'small' as ObjectiveId });
    expect(next).toMatchObject({ skill: 'z' });
  });

  it('stops when a learner rushes, or gets everything wrong', () => {
    const map = keyed(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`s${n}`, []])));
    const answer = (n: number, change: Partial<PlacementAnswer> = {}): PlacementAnswer => ({ item: `s${n}1` as ItemId, skills: [`s${n}` as SkillId], score: 0, ...change });
    expect(ask(map, { answers: [0, 1, 2, 3].map((n) => answer(n, { durationMs: 300, score: 1 })) })).toEqual({ concluded: 'tired' });
    expect(ask(map, { answers: Array.from({ length: 8 }, (_, n) => answer(n)) })).toEqual({ concluded: 'tired' });
  });

  it('has nothing to ask where no item grades itself, and asks the one there is', () => {
    expect(ask(courseMap(courseOf({ skills: { a: [] } })))).toEqual({ concluded: 'nothing-to-ask' });
    const one = courseMap(courseOf({ skills: { a: [] }, items: { a1: ['a'] }, change: (item) => ({ ...item, key: { type: 'number', values: ['1'] } }) }));
    expect(ask(one)).toMatchObject({ item: 'a1' });
    expect(ask(one, { answers: [{ item: 'a1' as ItemId, skills: ['a' as SkillId], score: 1 }] })).toEqual({ concluded: 'nothing-to-ask' });
  });

  it('hears no answer that nobody graded', () => {
    const map = keyed(CHAIN);
    const p = (score: number | null): number => conclusion({ map, calibration: DEFAULT_CALIBRATION, state: learnerWith(), answers: [{ item: 'g1' as ItemId, skills: ['g' as SkillId], score }], seed: 1 }, 'tired').priors[0]?.known ?? 0;
    expect(p(1)).toBeGreaterThan(p(null) + 0.05);
  });
});
