// Several options at once: how they are shown, and whether they differ.
import type { CourseContent, Item } from '@trellis/learning';
import type { RecommendationBody } from '@trellis/recommendation';
import { learnerWhy, plain, table, tagsOf, teacherWhy, titleOf } from './page.js';
import type { Pupil } from './pupils.js';

export function itemsOf(course: CourseContent, { items }: RecommendationBody): readonly Item[] {
  return items.flatMap(({ item }) => course.items.find(({ id }) => id === item) ?? []);
}

export function offerTable(course: CourseContent, given: RecommendationBody): string {
  const rows = itemsOf(course, given).map((item) => [skillTitles(course, item), titleOf(item, 80), tagsOf(item), teacherWhy(given, item), learnerWhy(given, item)]);
  return `> ${plain(given.pacing.reason.teacher)}\n>\n> To the learner: ${plain(given.pacing.reason.text)}\n\n${table(['skill', 'option', 'what kind', 'why (to the teacher)', 'why (to the learner)'], rows)}`;
}

function skillTitles({ skills }: CourseContent, item: Item): string {
  return plain(item.skills.map((skill) => skills.find(({ id }) => id === skill)?.title ?? skill).join(', '));
}

/** Options that differ in skill or in modality. */
export function differing(course: CourseContent, given: RecommendationBody): number {
  return new Set(itemsOf(course, given).map(({ skills, modality }) => `${skills.join()} ${modality ?? ''}`)).size;
}

/** Whoever is offered something that they like takes it. */
export function byInterest(course: CourseContent): (pupil: Pupil, given: RecommendationBody) => string | undefined {
  return ({ interests, modalities }, given) => {
    const items = itemsOf(course, given);
    const liked = items.find((item) => item.interests?.some((each) => interests.includes(each)) === true) ?? items.find(({ modality }) => modality !== undefined && modalities.includes(modality));
    return liked?.id;
  };
}
