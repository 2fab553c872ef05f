// Makes class.json beside this file: a small class with a history, for the first start.
//
//   node samples/make-class.mjs
//
// Same seed, same file. Twelve learners of different ability work through the early sections of the sample course; each
// learns a little with every answer. Two are new and have no history. Answers carry minutes before the first start, so
// that the history is fresh whenever that is. Which school, day or person: none; everything is drawn.

import { readFileSync, writeFileSync } from 'node:fs';

const SEED = 20_260_901;
const LEARNERS = 12;
const NEW_LEARNERS = 2;
const DAYS = 14;
const SECTIONS = ['1.1', '1.2', '1.3', '1.4', '1.5'];
const ITEMS_PER_SKILL = 3;
/** Points of log odds that one answer adds on its skill. */
const LEARNED_PER_ANSWER = 0.25;
const DAY_MINUTES = 24 * 60;

const course = JSON.parse(readFileSync(new URL('elementary-algebra/course.json', import.meta.url), 'utf8'));
const random = drawFrom(SEED);

const learners = Array.from({ length: LEARNERS }, (_, n) => `learner-${String(n + 1).padStart(2, '0')}`);
const path = course.skills
  .filter(({ section }) => SECTIONS.includes(section))
  .map(({ id }) => ({ id, items: course.items.filter(({ skills }) => skills.length === 1 && skills[0] === id) }))
  .filter(({ items }) => items.length >= ITEMS_PER_SKILL);

const answers = learners.slice(0, LEARNERS - NEW_LEARNERS).flatMap((learner, place) => historyOf(learner, place));
answers.sort((a, b) => b.minutesBefore - a.minutesBefore || (a.learner < b.learner ? -1 : 1));

const head = JSON.stringify({ classroom: 'algebra-1', course: 'elementary-algebra', learners }).slice(0, -1);
const lines = answers.map((answer) => JSON.stringify(answer)).join(',\n');
writeFileSync(new URL('class.json', import.meta.url), `${head},\n"answers": [\n${lines}\n]}\n`);
const right = answers.filter(({ correct }) => correct).length;
console.log(`${learners.length} learners, ${answers.length} answers, ${right} of them right`);

/** A few sessions on different days; in each some skills in course order, three items a skill, once more after two misses. */
function historyOf(learner, place) {
  // Spread from struggling to strong, a little apart from an even spread.
  const ability = -1.2 + (2.8 * place) / (LEARNERS - NEW_LEARNERS - 1) + 0.4 * normal();
  const pace = Math.exp(0.3 * normal());
  const goal = 26 + Math.floor(random() * 17);
  const starts = sessionStarts(3 + Math.floor(random() * 3));
  const perSession = Math.ceil(goal / starts.length);
  const given = planOf(ability, goal);
  let clock = 0;
  return given.map(({ item, correct, effort }, n) => {
    if (n % perSession === 0) clock = starts[n / perSession];
    const durationMs = Math.round(pace * effort * (20_000 + 40_000 * random()));
    clock -= Math.max(1, Math.ceil(durationMs / 60_000));
    return { learner, item, correct, minutesBefore: clock, durationMs };
  });
}

function planOf(ability, goal) {
  const given = [];
  for (const { items } of path) {
    const knack = ability + 0.7 * normal();
    const fresh = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
    let misses = 0;
    for (let n = 0; n < ITEMS_PER_SKILL + (misses >= 2 ? 2 : 0) && fresh.length > 0; n++) {
      const [item] = fresh.splice(Math.floor(random() * fresh.length), 1);
      const odds = Math.exp(knack + 0.6 + LEARNED_PER_ANSWER * n);
      const correct = random() < odds / (1 + odds);
      if (!correct) misses++;
      given.push({ item: item.id, correct, effort: correct ? 1 : 1.4 });
      if (given.length === goal) return given;
    }
  }
  return given;
}

/** Minutes before the first start, oldest first, on days apart, in the hours of a school day where the start is one. */
function sessionStarts(count) {
  const days = new Set();
  while (days.size < count) days.add(1 + Math.floor(random() * (DAYS - 1)));
  return [...days].sort((a, b) => b - a).map((day) => day * DAY_MINUTES - Math.floor(random() * 240));
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** mulberry32: small, the same on every machine. */
function drawFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
