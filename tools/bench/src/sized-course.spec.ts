import { flaw } from '@trellis/learning';
import { sampleContent } from './course-work.js';
import { sizedCourse } from './sized-course.js';

for (const items of [300, 2_000, 20_000]) {
  it(`makes a course of ${items} items that could be published`, () => {
    const { content } = sizedCourse(items);
    expect(content.items).toHaveLength(items);
    expect(flaw(content)).toBeNull();
  });
}

it('grows skills with items, as many items to a skill as in the sample', () => {
  const sample = sampleContent();
  const { content } = sizedCourse(10 * sample.items.length);
  expect(content.skills).toHaveLength(10 * sample.skills.length);
});

it('shares no item with another course', () => {
  const { items } = sizedCourse(300);
  expect([...sizedCourse(600).items.keys()].filter((id) => items.has(id))).toEqual([]);
});
