import { readFileSync } from 'node:fs';
import { flaw, type CourseContent, type Item, type Skill } from './course-content.js';
import { COURSE_SCHEMA } from './course-schema.js';
import { grade } from './grading.js';
import { CURRICULUM_PATTERN, OPAQUE_PATTERN } from './ids.js';

interface Answer {
  readonly learner: string;
  readonly item: string;
  readonly correct: boolean;
  readonly minutesBefore: number;
  readonly durationMs: number;
}

interface Class {
  readonly classroom: string;
  readonly course: string;
  readonly learners: readonly string[];
  readonly answers: readonly Answer[];
}

// Casts: what the files hold is what these tests check.
const sample = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../samples/${path}`, import.meta.url), 'utf8'));
const course = sample('elementary-algebra/course.json') as CourseContent;
const group = sample('class.json') as Class;
const fractions = sample('fractions/course.json') as CourseContent;
/** What each key of the fractions comes to, written down apart from it: a sum, or a comparison that holds. */
const worked = sample('fractions/worked.json') as Readonly<Record<string, string>>;

const skillIds: ReadonlySet<string> = new Set(course.skills.map(({ id }) => id));
const itemsById = new Map<string, unknown>(course.items.map((item) => [item.id, item]));
const ID = new RegExp(CURRICULUM_PATTERN);
const OPAQUE = new RegExp(OPAQUE_PATTERN);

function isOpen({ prerequisites }: Skill, mastered: ReadonlySet<string>): boolean {
  return prerequisites.every(({ skill, strength }) => strength === 'soft' || mastered.has(skill));
}

/** What a learner who masters everything offered comes to master. */
function reachable({ skills, items }: CourseContent): ReadonlySet<string> {
  const mastered = new Set<string>();
  for (let before = -1; before < mastered.size; ) {
    before = mastered.size;
    const open = new Set(skills.filter((skill) => isOpen(skill, mastered)).map(({ id }) => id));
    for (const skill of items.filter((item) => item.skills.every((each) => open.has(each))).flatMap((item) => item.skills)) mastered.add(skill);
  }
  return mastered;
}

describe('the sample course', () => {
  it('has every section, skill, link and step of its sources', () => {
    const edges = course.skills.flatMap(({ prerequisites }) => prerequisites);
    expect([course.objectives.length, course.skills.length, edges.length, course.items.length]).toEqual([71, 201, 358, 2520]);
    expect(edges.filter(({ strength }) => strength === 'hard').length).toBe(30);
    expect(course.licence).toBe('CC-BY-4.0');
  });

  it('can be taught as it is: no cycle, no dangling skill, no repeated id', () => expect(flaw(course)).toBeNull());

  it('has ids of the allowed form', () => {
    const ids: string[] = [course.skills, course.items, course.objectives].flatMap((things) => things.map(({ id }) => id));
    expect(ids.filter((id) => !ID.test(id))).toEqual([]);
  });

  it('has items and an objective for every skill', () => {
    expect(new Set(course.items.flatMap(({ skills }) => skills))).toEqual(skillIds);
    expect(new Set(course.objectives.flatMap(({ skills }) => skills))).toEqual(skillIds);
  });

  it('lets a new learner start and reach every skill', () => {
    expect(course.skills.filter((skill) => isOpen(skill, new Set())).length).toBe(173);
    expect(reachable(course)).toEqual(skillIds);
  });

  it('has keys that grade their own values as right', () => {
    const keys = course.items.flatMap(({ id, key }) => (key ? [{ id, key }] : []));
    const wrong = keys.filter(({ key }) => key.values.length === 0 || key.values.some((value) => grade(key, value) !== true));
    expect(wrong).toEqual([]);
    const count = (type: string) => keys.filter(({ key }) => key.type === type).length;
    expect({ choice: count('choice'), number: count('number'), text: count('text') }).toEqual({ choice: 708, number: 1015, text: 43 });
  });

  it('has titles of one line, short, with every formula closed', () => {
    const titles = [...course.skills, ...course.items, ...course.objectives].map(({ title }) => title ?? '');
    expect(titles.filter((title) => title === '' || title.length > 130 || title.includes('\n'))).toEqual([]);
    expect(titles.filter((title) => title.split('$$').length % 2 === 0)).toEqual([]);
  });
});

describe('the sample class', () => {
  it('has opaque learners, two of them without history', () => {
    expect(group.learners.length).toBe(12);
    expect([group.classroom, ...group.learners].filter((id) => !OPAQUE.test(id))).toEqual([]);
    const started = new Set(group.answers.map(({ learner }) => learner));
    expect(group.learners.filter((learner) => !started.has(learner)).length).toBe(2);
    expect([...started].filter((learner) => !group.learners.includes(learner))).toEqual([]);
  });

  it('has answers of the last 14 days to items of the course, oldest first', () => {
    expect(group.course).toBe('elementary-algebra');
    expect(group.answers.length).toBeGreaterThanOrEqual(300);
    expect(group.answers.length).toBeLessThanOrEqual(400);
    expect(group.answers.filter(({ item }) => !itemsById.has(item))).toEqual([]);
    const minutes = group.answers.map(({ minutesBefore }) => minutesBefore);
    expect(minutes).toEqual([...minutes].sort((a, b) => b - a));
    expect(minutes.every((each) => Number.isInteger(each) && each > 0 && each <= 14 * 24 * 60)).toBe(true);
    expect(group.answers.every(({ durationMs }) => Number.isInteger(durationMs) && durationMs > 0)).toBe(true);
  });
});

describe('the fractions course', () => {
  const { skills, items, objectives } = fractions;
  const keyed = items.flatMap(({ id, title = '', key, product }) => (key ? [{ id, title, key, product }] : []));
  const ofSkill = (skill: Skill, kind: Item['kind']) => items.filter((item) => item.kind === kind && item.skills.length === 1 && item.skills[0] === skill.id);
  const distinct = (values: readonly (string | undefined)[]) => new Set(values).size;

  it('can be taught as it is, from nothing to every skill, with every prerequisite before what needs it', () => {
    expect(flaw(fractions)).toBeNull();
    expect([fractions.language, fractions.licence, skills.length, objectives.length]).toEqual(['en', 'CC0-1.0', 12, 4]);
    expect(reachable(fractions)).toEqual(new Set(skills.map(({ id }) => id)));
    const edges = skills.flatMap(({ prerequisites }, at) => prerequisites.map((edge) => ({ ...edge, forward: skills.findIndex(({ id }) => id === edge.skill) < at })));
    expect(edges.filter(({ forward }) => !forward)).toEqual([]);
    expect([edges.filter(({ strength }) => strength === 'hard').length, edges.filter(({ strength }) => strength === 'soft').length]).toEqual([13, 11]);
    expect(objectives.flatMap((objective) => objective.skills)).toEqual(skills.map(({ id }) => id));
  });

  it('keeps to the schema of courses', () => {
    const { item, skill } = { item: COURSE_SCHEMA.properties.items.items.properties, skill: COURSE_SCHEMA.properties.skills.items.properties };
    expect(items.flatMap((each) => Object.keys(each)).filter((field) => !(field in item))).toEqual([]);
    expect(skills.flatMap((each) => Object.keys(each)).filter((field) => !(field in skill))).toEqual([]);
    expect([...items, ...skills, ...objectives].filter(({ id, title = '' }) => !ID.test(id) || title === '' || title.length > item.title.maxLength)).toEqual([]);
  });

  it('has every tag filled', () => {
    const tags = ['title', 'tier', 'difficulty', 'modality', 'product', 'readingLevel', 'minutes'] as const;
    expect(items.filter((item) => tags.some((tag) => item[tag] === undefined) || item.interests?.length === 0)).toEqual([]);
    expect(skills.filter(({ section, masteryAt }) => section === undefined || masteryAt === undefined)).toEqual([]);
    const all = (tag: 'modality' | 'product') => [...new Set(items.map((item) => item[tag]))].sort();
    expect(all('modality')).toEqual(['hands-on', 'story', 'symbolic', 'text', 'video', 'visual', 'worked-example']);
    expect(all('product')).toEqual(['multiple-choice', 'number', 'open-answer', 'project']);
    expect([...new Set(items.flatMap(({ interests = [] }) => interests))].sort()).toEqual(['animals', 'building', 'cooking', 'music', 'puzzles', 'sports']);
  });

  it.each(skills)('offers $title in different ways', (skill) => {
    const practice = ofSkill(skill, 'practice');
    expect(ofSkill(skill, 'lesson').length).toBeGreaterThanOrEqual(1);
    expect(ofSkill(skill, 'assessment').filter(({ key }) => key).length).toBeGreaterThanOrEqual(2);
    expect(new Set(practice.map(({ tier }) => tier))).toEqual(new Set(['support', 'core', 'extension']));
    expect(distinct(practice.map(({ modality }) => modality))).toBeGreaterThanOrEqual(3);
    expect(distinct(practice.flatMap(({ interests = [] }) => interests))).toBeGreaterThanOrEqual(3);
    expect(distinct(practice.map(({ product }) => product))).toBeGreaterThanOrEqual(2);
    const [hardestSupport, easiestExtension] = [practice.filter(({ tier }) => tier === 'support'), practice.filter(({ tier }) => tier === 'extension')].map((tier) => tier.map(({ difficulty = 0 }) => difficulty));
    for (const { difficulty = 0 } of practice.filter(({ tier }) => tier === 'core')) {
      expect(difficulty).toBeGreaterThan(Math.max(...(hardestSupport ?? [])));
      expect(difficulty).toBeLessThan(Math.min(...(easiestExtension ?? [])));
    }
  });

  it('has variants that tell the same problem in other clothes', () => {
    const variants = items.flatMap((item) => items.filter(({ id }) => id === item.variantOf).map((original) => ({ item, original })));
    expect(variants.length).toBe(15);
    for (const { item, original } of variants) {
      expect([item.kind, item.skills, worked[item.id]]).toEqual([original.kind, original.skills, worked[original.id]]);
      expect([item.modality, item.product, item.interests]).not.toEqual([original.modality, original.product, original.interests]);
      expect(original.variantOf).toBeUndefined();
    }
  });

  it('has a key wherever a program can tell, and no key for open work and lessons', () => {
    const open = items.filter(({ kind, product }) => kind === 'lesson' || product === 'open-answer' || product === 'project');
    expect(items.filter(({ key }) => !key)).toEqual(open);
    expect(keyed.map(({ id }) => id)).toEqual(Object.keys(worked));
    expect(keyed.filter(({ key, product }) => (key.type === 'choice') !== (product === 'multiple-choice'))).toEqual([]);
  });

  it.each(keyed)('grades $id', ({ id, title, key }) => {
    expect(key.values.map((value) => grade(key, value))).toEqual(key.values.map(() => true));
    const { value, holds, signs } = calculated(worked[id] ?? '');
    expect(holds).toBe(true);
    const [letter, text = letter ?? ''] = key.values;
    // In a comparison what is asked for stands first; where its sign is asked for, it is the one that holds.
    if (/^[<>=]$/.test(text)) expect(signs).toBe(text);
    else if (signs === '' || /^[\d/]+$/.test(text)) expect(calculated(text).value).toEqual(value);
    if (title.includes('lowest terms')) expect(text).toBe(`${value.top}/${value.bottom}`);
    if (key.type !== 'choice') {
      expect(['997', '1/997'].map((wrong) => grade(key, wrong))).toEqual([false, false]);
      return;
    }
    const choices = [...title.matchAll(/\b([A-D])\) (.+?)(?= [A-D]\) |$)/g)].map(([, place = '', choice = '']) => [place, choice]);
    expect(choices.length).toBeGreaterThanOrEqual(3);
    expect(choices.filter(([place]) => place === letter)).toEqual([key.values]);
    for (const [place = '', choice = ''] of choices) expect([place, grade(key, place), grade(key, choice)]).toEqual([place, place === letter, place === letter]);
  });
});

interface Fraction {
  readonly top: number;
  readonly bottom: number;
}

/** Works out `3 × (1/2 + 1/3)` or `2/3 > 5/8 > 1/2`: the value of its first part, in lowest terms, its signs, and whether they hold. */
function calculated(text: string): { readonly value: Fraction; readonly signs: string; readonly holds: boolean } {
  const values = text.split(/ [<>=] /).map((part) => calculation(part.match(/\d+ \d+\/\d+|\d+\/\d+|\d+|[-+×÷()]/g) ?? []));
  const signs = [...text.matchAll(/ ([<>=]) /g)].map(([, sign]) => sign ?? '');
  const holds = signs.every((sign, at) => {
    const [left, right] = [values[at] ?? NOTHING, values[at + 1] ?? NOTHING];
    const difference = left.top * right.bottom - right.top * left.bottom;
    return sign === (difference < 0 ? '<' : difference > 0 ? '>' : '=');
  });
  return { value: values[0] ?? NOTHING, signs: [...new Set(signs)].join(''), holds };
}

const NOTHING: Fraction = { top: Number.NaN, bottom: 1 };

function calculation(tokens: readonly string[]): Fraction {
  let at = 0;
  const number = (): Fraction => {
    const token = tokens[at++] ?? '';
    if (token === '(') {
      const inner = sum();
      at++;
      return inner;
    }
    const [, whole = '0', top = Number.NaN, bottom = '1'] = /^(?:(\d+) )?(\d+)(?:\/(\d+))?$/.exec(token) ?? [];
    return lowest(Number(whole) * Number(bottom) + Number(top), Number(bottom));
  };
  const product = (): Fraction => {
    let left = number();
    while (tokens[at] === '×' || tokens[at] === '÷') {
      const isTimes = tokens[at++] === '×';
      const right = number();
      left = isTimes ? lowest(left.top * right.top, left.bottom * right.bottom) : lowest(left.top * right.bottom, left.bottom * right.top);
    }
    return left;
  };
  const sum = (): Fraction => {
    let left = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const sign = tokens[at++] === '+' ? 1 : -1;
      const right = product();
      left = lowest(left.top * right.bottom + sign * right.top * left.bottom, left.bottom * right.bottom);
    }
    return left;
  };
  return sum();
}

function lowest(top: number, bottom: number): Fraction {
  const divisor = greatestDivisor(Math.abs(top), bottom);
  return { top: top / divisor, bottom: bottom / divisor };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 || Number.isNaN(a) ? a : greatestDivisor(b, a % b);
}
