import { readFileSync } from 'node:fs';
import type { CourseContent } from '@trellis/learning';
import { courseGraph } from './course-graph.js';
import { bktWorld } from './worlds/b.js';

const content = JSON.parse(readFileSync(new URL('../../../samples/elementary-algebra/course.json', import.meta.url), 'utf8')) as CourseContent;
const course = courseGraph(content);

describe('the graph of the sample course', () => {
  it('has the skills and links that the worlds were published with', () => {
    expect(course.skills).toHaveLength(201);
    expect(course.prerequisites.reduce((links, before) => links + before.length, 0)).toBe(358);
  });

  it('keeps the number of items of a skill between 3 and 40', () => {
    expect(Math.min(...course.items)).toBe(3);
    expect(Math.max(...course.items)).toBe(40);
  });

  it('gives a student about 20 skills, 7 of them targets', () => {
    const students = Array.from({ length: 200 }, (_, number) => bktWorld.student(course, 31, number).setting);
    const mean = (of: readonly number[]): number => of.reduce((sum, each) => sum + each, 0) / of.length;
    expect(mean(students.map(({ skills }) => skills))).toBeGreaterThan(19);
    expect(mean(students.map(({ skills }) => skills))).toBeLessThan(22);
    expect(mean(students.map(({ targets }) => targets.length))).toBeGreaterThan(7);
    expect(mean(students.map(({ targets }) => targets.length))).toBeLessThan(8);
  });

  it('refuses a course in which a skill comes before one that it rests on', () => {
    const backwards = { ...content, skills: content.skills.toReversed() };
    expect(() => courseGraph(backwards)).toThrow(/rests on .* which does not come before it/);
  });
});
