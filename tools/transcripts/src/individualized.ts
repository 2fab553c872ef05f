// exploration
import type { Board } from './bodies.js';
import { lesson, type Step } from './lesson.js';
import { classOf } from './pupils.js';
import { COURSE, openSchool } from './school.js';
import { stepTable } from './page.js';

const START = Date.UTC(2026, 2, 2, 8);
const DAY = 86_400_000;
const school = await openSchool(START - DAY);
const pupils = classOf(school.course, 11, { Gia: 'equivalent' });
await school.call('PUT', 'classrooms/5b/learners', { course: COURSE, learners: pupils.map(({ id }) => id) });
await school.call('PUT', 'classrooms/5b/strategy', { strategy: { preset: process.argv[2] ?? 'individualized' }, by: 'teacher' });
await school.call('PUT', 'classrooms/5b/objective', { course: COURSE, objective: process.argv[3] ?? 'names', locked: false, by: 'teacher' });
for (const p of pupils) await school.call('PUT', `learners/${p.id}/preferences`, { interests: p.interests, ...(p.modalities.length ? { modalities: p.modalities } : {}) });
const all: Step[] = [];
const t0 = performance.now();
for (let n = 0; n < Number(process.argv[4] ?? 4); n++) {
  const steps = await lesson(school, pupils, { name: `lesson-${n}`, start: START + n * 2 * DAY, minutes: 40 });
  all.push(...steps);
  const board = await school.call<Board>('GET', 'classrooms/5b/board?course=fractions');
  console.log(n, steps.length, JSON.stringify(board.totals));
  console.log(board.learners.map((r, at) => `${pupils[at]?.name}:${pupils[at]?.head}/${r.aim.mastered}/${pupils[at]?.knows.size}${r.flags.map((f) => ' ' + f.flag)}`).join(', '));
}
console.log((performance.now() - t0) / 1000, all.length);
for (const name of (process.argv[5] ?? 'Ana,Gia,Ines').split(',')) console.log(`\n## ${name}\n` + stepTable(all.filter(({ pupil }) => pupil.name === name)));
await school.close();
for (const { pupil, given, item } of all) {
  const c = given.items.find((each) => each.item === item?.id);
  if (c === undefined) continue;
  const { mastery, goal, days, recall } = c.reason.params as Record<string, number>;
  if (c.reason.key === 'keep-practising' && Number(mastery) >= Number(goal) - 0.005) console.log('ABOVE', pupil.name, c.reason.teacher, mastery);
  if (c.reason.key === 'review-due' && days === 0) console.log('REVIEW0', pupil.name, c.reason.teacher, recall);
}
