// Courses of any size with the shape of the sample: its skills, prerequisites and objectives, as often as the items need them.
import type { CourseContent, CourseId, ItemId, ObjectiveId, SkillId } from '@trellis/learning';
import type { PublishedCourse } from '@trellis/views';
import { sampleContent } from './course-work.js';

export function sizedCourse(items: number): PublishedCourse {
  const content = sizedContent(items);
  return {
    id: `sample-of-${items}` as CourseId,
    version: 1,
    content,
    items: new Map(content.items.map((item) => [item.id, item])),
    skills: new Set(content.skills.map(({ id }) => id)),
  };
}

/** The sample one or more times after each other, and of its items so many, evenly left out. */
function sizedContent(items: number): CourseContent {
  const sample = sampleContent();
  const times = Math.ceil(items / sample.items.length);
  const copies = Array.from({ length: times }, (_, copy) => copied(sample, `${items}.${copy}`));
  const all = copies.flatMap((copy) => copy.items);
  const keep = items / all.length;
  return {
    ...sample,
    title: `${sample.title}, ${items} items`,
    skills: copies.flatMap(({ skills }) => skills),
    items: all.filter((_, n) => Math.floor((n + 1) * keep) > Math.floor(n * keep)),
    objectives: copies.flatMap(({ objectives }) => objectives),
  };
}

/** Under ids of its own: an item belongs to one course. */
function copied(sample: CourseContent, suffix: string): CourseContent {
  const renamed = <Id extends SkillId | ItemId | ObjectiveId>(id: Id): Id => `${id}.${suffix}` as Id; // the pattern of ids allows dots
  return {
    ...sample,
    skills: sample.skills.map((skill) => ({ ...skill, id: renamed(skill.id), prerequisites: skill.prerequisites.map((each) => ({ ...each, skill: renamed(each.skill) })) })),
    items: sample.items.map((item) => ({ ...item, id: renamed(item.id), skills: item.skills.map(renamed), ...(item.variantOf === undefined ? {} : { variantOf: renamed(item.variantOf) }) })),
    objectives: sample.objectives.map((objective) => ({ ...objective, id: renamed(objective.id), skills: objective.skills.map(renamed) })),
  };
}
