import { readFileSync } from 'node:fs';
import { flaw, type CourseContent, type Skill } from './course-content.js';
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

const skillIds: ReadonlySet<string> = new Set(course.skills.map(({ id }) => id));
const itemsById = new Map<string, unknown>(course.items.map((item) => [item.id, item]));
const ID = new RegExp(CURRICULUM_PATTERN);
const OPAQUE = new RegExp(OPAQUE_PATTERN);

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
    const mastered = new Set<string>();
    const isOpen = ({ prerequisites }: Skill) => prerequisites.every(({ skill, strength }) => strength === 'soft' || mastered.has(skill));
    expect(course.skills.filter(isOpen).length).toBe(173);
    for (let before = -1; before < mastered.size; ) {
      before = mastered.size;
      const open = new Set(course.skills.filter(isOpen).map(({ id }) => id));
      const items = course.items.filter(({ skills }) => skills.every((skill) => open.has(skill)));
      for (const skill of items.flatMap(({ skills }) => skills)) mastered.add(skill);
    }
    expect(mastered).toEqual(skillIds);
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
