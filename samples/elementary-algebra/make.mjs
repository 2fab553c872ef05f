// Makes course.json (course JSON of the HTTP interface) beside this file. What it decides is explained in README.md.
//
//   node samples/elementary-algebra/make.mjs <folder with sections.json, lessons.json, prerequisites.csv, items.jsonl>

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ID = /^[A-Za-z0-9._:~-]{1,128}$/;
const TITLE_CHARS_MAX = 120;
/** A link of this many readiness exercises or more is a hard prerequisite. */
const HARD_EXERCISES_MIN = 2;

/** What to type where there is no number, and the other words that say so. Only where the step itself names the word. */
const WORDS = {
  DNE: ['DNE', 'does not exist', 'none', 'no solution', 'undefined'],
  UND: ['UND', 'undefined', 'DNE', 'none'],
  Complex: ['Complex', 'imaginary', 'undefined', 'DNE', 'none'],
};

/** Steps whose published answer is not what the printed step comes to; README.md says how they were found. */
const MISPRINTED = new Set([
  ...['a02e810proportions15a', 'a02e810proportions18a', 'a10b60arealnumbers22a', 'a10b60arealnumbers28a', 'a10b60arealnumbers29a'],
  ...['a10b60arealnumbers30a', 'a171b3arationals12a', 'a4a0f7dradicalroot6a', 'a60a373solverat10a', 'a60a373solverat11a'],
  ...['a60a373solverat28a', 'a6ead19multiplingyrational16a', 'a6ead19multiplingyrational17a', 'ab1ad7fGenStr25l'],
  ...['afa0cfequadraticeq5a', 'afa0cfequadraticeq6a'],
]);

const folder = process.argv[2];
if (folder === undefined) stop('usage: node samples/elementary-algebra/make.mjs <folder with the four source files>');

const sections = json('sections.json');
const lessons = json('lessons.json');
const links = csv('prerequisites.csv', ['from_section', 'from_subsection', 'from_skill', 'to_section', 'readiness_items']);
const steps = jsonl('items.jsonl');

const skills = skillsInOrder();
const hardAndSoft = addPrerequisites();
const items = steps.map(itemOf);
const objectives = sections.map((section) => ({
  id: `section-${section.section}`,
  title: `${section.section} ${section.title}`,
  skills: Object.keys(lessonOf(section.section).masteryThresholds).map(skillId).sort(byCourseOrder),
}));
const course = {
  title: 'Elementary Algebra',
  language: 'en',
  licence: 'CC-BY-4.0',
  skills: skills.map(({ id, title, section, prerequisites, masteryAt }) => ({ id, title, section, prerequisites, masteryAt })),
  items,
  objectives,
};
check();
writeFileSync(new URL('course.json', import.meta.url), lineByLine(course));
report();

// --- Skills ---

/** In the order of the sections; within one, in the order of the subsections that bear the skill's name, then by name. */
function skillsInOrder() {
  const seen = new Map();
  for (const section of sections) {
    const places = new Map(section.subsections.map((title, place) => [underscored(title), place]));
    const found = Object.entries(lessonOf(section.section).masteryThresholds)
      .filter(([name]) => !seen.has(name))
      .map(([name, masteryAt]) => ({ name, masteryAt, place: places.get(name) ?? Infinity }))
      .sort((a, b) => compare(a.place, b.place) || compare(a.name, b.name));
    for (const { name, masteryAt } of found) {
      if (!(masteryAt > 0 && masteryAt < 1)) stop(`lessons.json: skill ${name}: threshold ${masteryAt} is not between 0 and 1`);
      const title = skillTitle(name, section);
      seen.set(name, { id: skillId(name), name, title, section: section.section, prerequisites: [], masteryAt });
    }
  }
  const all = [...seen.values()];
  all.forEach((skill, order) => (skill.order = order));
  return all;
}

/** The subsection's own title; with it in front where the name is a piece of one that was cut at its commas. */
function skillTitle(name, section) {
  const whole = section.subsections.find((title) => underscored(title) === name);
  if (whole !== undefined) return whole;
  const words = name.replaceAll('**', '^').replaceAll('_', ' ').trim();
  const cut = section.subsections.find((title) => underscored(title).split(',_').includes(name));
  return cut === undefined ? words[0].toUpperCase() + words.slice(1) : `${cut} (${words})`;
}

/** Ids allow fewer signs than the names use: a dash becomes a hyphen, a run of other signs one tilde. */
function skillId(name) {
  return name.replace(/[\u2010-\u2015]/g, '-').replace(/[^A-Za-z0-9._:~-]+/g, '~');
}

function byCourseOrder(a, b) {
  const orderOf = (id) => skills.find((skill) => skill.id === id).order;
  return orderOf(a) - orderOf(b);
}

// --- Prerequisites: a readiness exercise says which earlier skill a section rests on ---

function addPrerequisites() {
  const exercises = new Map();
  for (const link of links) {
    const count = Number(link.readiness_items);
    if (!Number.isInteger(count) || count < 1) stop(`prerequisites.csv: readiness_items ${link.readiness_items} is not a count`);
    lessonOf(link.to_section);
    if (link.from_skill === '') continue;
    if (!skills.some(({ name }) => name === link.from_skill)) stop(`prerequisites.csv: no lesson lists the skill ${link.from_skill}`);
    const pair = `${link.from_skill} ${link.to_section}`;
    exercises.set(pair, (exercises.get(pair) ?? 0) + count);
  }
  const counts = { hard: 0, soft: 0, pairs: exercises.size };
  for (const [pair, count] of exercises) {
    const [name, section] = pair.split(' ');
    const strength = count >= HARD_EXERCISES_MIN ? 'hard' : 'soft';
    for (const skill of skills.filter((each) => each.section === section)) {
      if (skill.name === name) stop(`prerequisites.csv: skill ${name} would be its own prerequisite in section ${section}`);
      skill.prerequisites.push({ skill: skillId(name), strength });
      counts[strength]++;
    }
  }
  for (const skill of skills) skill.prerequisites.sort((a, b) => byCourseOrder(a.skill, b.skill));
  return counts;
}

// --- Items ---

function itemOf(step) {
  const key = MISPRINTED.has(step.id) ? undefined : step.type === 'MultipleChoice' ? choiceKey(step) : boxKey(step);
  return { id: step.id, title: itemTitle(step), skills: step.skills.map(skillId), kind: 'practice', ...(key && { key }) };
}

function itemTitle(step) {
  const parts = [step.title, step.stepTitle ?? step.body ?? step.stepBody].map(oneLine).filter((part) => part !== '');
  const title = parts.length < 2 || parts[0] === parts[1] ? (parts[0] ?? step.id) : `${parts[0].replace(/:$/, '')}: ${parts[1]}`;
  if (title.length <= TITLE_CHARS_MAX) return title;
  const cut = title.slice(0, title.lastIndexOf(' ', TITLE_CHARS_MAX - 2));
  // Never end inside a formula.
  const delimiters = cut.split('$$').length - 1;
  return `${(delimiters % 2 === 0 ? cut : cut.slice(0, cut.lastIndexOf('$$'))).trim()} \u2026`;
}

function oneLine(text = '') {
  return text.replace(/\\n(?![a-z])/g, ' ').replace(/##[^#]*(##|$)/g, '').replace(/\s+/g, ' ').trim();
}

// --- Keys: only where an engine can tell right from wrong; see README.md ---

function choiceKey(step) {
  const [right] = step.answer;
  if (!step.choices?.includes(right)) stop(`items.jsonl: ${step.id}: the answer is none of the choices`);
  const others = step.choices.filter((choice) => choice !== right);
  // Two choices that say the same, or of which one is the other in another order.
  const meaning = (choice) => folded(choice).split(/, | and | or /).sort().join();
  if (others.length === 0 || others.some((other) => meaning(other) === meaning(right))) return undefined;
  return { type: 'choice', values: [right] };
}

function boxKey(step) {
  const [answer] = step.answer;
  const asked = [step.title, step.body, step.stepTitle, step.stepBody].join(' ');
  if (WORDS[answer] && asked.includes(answer)) return { type: 'text', values: WORDS[answer] };
  const number = numberIn(answer);
  if (number !== undefined) {
    // Two numbers run together, as 2614 for 26 and 14.
    if (/how many\b[^?]*\band how many\b/i.test(asked)) return undefined;
    const percent = /percent (in|de)crease|what percent|\bto a percent/i.test(asked) ? [`${number}%`] : [];
    return { type: isAboutSpelling(step, number) ? 'text' : 'number', values: [number, ...percent] };
  }
  const named = /^([A-Za-z])\s*=\s*(.+)$/.exec(bare(answer));
  const value = named ? numberIn(named[2]) : undefined;
  if (value === undefined) return undefined;
  // "x=3" solves an equation, and then 3 says as much; as the equation of a line it does not.
  return { type: 'number', values: /\bsolv/i.test(asked) ? [`${named[1]}=${value}`, value] : [`${named[1]}=${value}`] };
}

/** The step asks to write a given number in another way: an equal number is not yet an answer. */
function isAboutSpelling(step, number) {
  const given = numberIn(step.stepTitle ?? '');
  return step.skills.includes('convert_decimals') || (given !== undefined && valueOf(given) === valueOf(number));
}

/** A whole number, a decimal or a fraction, as a person would type it. */
function numberIn(text) {
  const plain = bare(text).replace(/^\\?\$/, '').replace(/\\frac\{(-?\d+)\}\{(\d+)\}/, '$1/$2').replace(/^--/, '');
  return /^-?(\d+|\d*\.\d+|\d+\/[1-9]\d*)$/.test(plain) ? plain : undefined;
}

function valueOf(number) {
  const [top, bottom = '1'] = number.split('/');
  return Number(top) / Number(bottom);
}

function bare(text) {
  return text.replaceAll('$$', '').replace(/\\left|\\right/g, '').replaceAll('\u2212', '-').trim();
}

function folded(text) {
  return bare(text).toLowerCase().replace(/[.\s]+$/, '').replace(/\s+/g, ' ');
}

// --- Reading, checking, writing ---

function check() {
  for (const [what, entries] of Object.entries({ skill: skills, item: items, objective: objectives })) {
    const ids = new Set();
    for (const { id } of entries) {
      if (!ID.test(id)) stop(`${what} id ${id} does not match ${ID.source}`);
      if (ids.has(id)) stop(`two ${what}s would have the id ${id}`);
      ids.add(id);
    }
  }
  const known = new Set(skills.map(({ id }) => id));
  for (const item of items) {
    if (item.skills.length === 0) stop(`items.jsonl: ${item.id} has no skills`);
    const unknown = item.skills.find((skill) => !known.has(skill));
    if (unknown !== undefined) stop(`items.jsonl: ${item.id}: no lesson lists the skill ${unknown}`);
  }
  const gone = [...MISPRINTED].filter((id) => !items.some((item) => item.id === id));
  if (gone.length > 0) stop(`items.jsonl: no longer there, take off the list of misprints: ${gone.join(', ')}`);
  const cycle = cycleAmong(skills);
  if (cycle) stop(`prerequisites.csv: the prerequisites form a cycle: ${cycle.join(' -> ')}`);
  const stuck = skills.filter(({ id }) => !reachable().has(id));
  if (stuck.length > 0) stop(`out of reach for a new learner: ${stuck.map(({ id }) => id).join(', ')}`);
}

function cycleAmong(nodes) {
  const below = new Map(nodes.map(({ id, prerequisites }) => [id, prerequisites.map(({ skill }) => skill)]));
  const done = new Set();
  const visit = (id, path) => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id)) return undefined;
    for (const next of below.get(id)) {
      const cycle = visit(next, [...path, id]);
      if (cycle) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const id of below.keys()) {
    const cycle = visit(id, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** A skill is open once its hard prerequisites are mastered; it can be mastered once an item has open skills only. */
function reachable() {
  const mastered = new Set();
  for (let before = -1; before < mastered.size; ) {
    before = mastered.size;
    const open = new Set(skills.filter(isOpen(mastered)).map(({ id }) => id));
    for (const item of items.filter((each) => each.skills.every((skill) => open.has(skill)))) {
      for (const skill of item.skills) mastered.add(skill);
    }
  }
  return mastered;
}

function isOpen(mastered) {
  return ({ prerequisites }) => prerequisites.every(({ skill, strength }) => strength === 'soft' || mastered.has(skill));
}

function lessonOf(section) {
  const found = lessons.filter((lesson) => lesson.section === section);
  if (found.length !== 1) stop(`lessons.json: ${found.length} lessons for section ${section}, expected one`);
  return found[0];
}

function underscored(title) {
  return title.toLowerCase().replaceAll(' ', '_');
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function read(name) {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    return stop(`cannot read ${name} in ${folder}: ${error.code ?? error.message}`);
  }
}

function parse(text, where) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return stop(`${where} is not JSON: ${error.message}`);
  }
}

function json(name) {
  const value = parse(read(name), name);
  if (!Array.isArray(value)) stop(`${name} is not a list`);
  return value;
}

function jsonl(name) {
  const lines = read(name).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const step = parse(line, `${name} line ${index + 1}`);
    for (const field of ['id', 'type']) {
      if (typeof step[field] !== 'string') stop(`${name} line ${index + 1}: ${field} is not a text`);
    }
    for (const field of ['skills', 'answer']) {
      if (!Array.isArray(step[field])) stop(`${name} line ${index + 1}: ${field} is not a list`);
    }
    if (step.answer.length !== 1) stop(`${name} line ${index + 1}: ${step.answer.length} answers, expected one`);
    return step;
  });
}

function csv(name, columns) {
  const [head, ...rows] = read(name).trim().split(/\r?\n/).map(cells);
  if (head.join() !== columns.join()) stop(`${name}: its columns are ${head.join()}, expected ${columns.join()}`);
  return rows.map((row, index) => {
    if (row.length !== columns.length) stop(`${name} line ${index + 2}: ${row.length} cells, expected ${columns.length}`);
    return Object.fromEntries(columns.map((column, place) => [column, row[place]]));
  });
}

function cells(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, simple]) => quoted?.replaceAll('""', '"') ?? simple);
}

/** One skill, item or objective a line, so that a change of one shows as one. */
function lineByLine({ skills, items, objectives, ...head }) {
  const list = (entries) => `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`;
  const start = JSON.stringify(head).slice(0, -1);
  return `${start},\n"skills": ${list(skills)},\n"items": ${list(items)},\n"objectives": ${list(objectives)}}\n`;
}

function report() {
  const keys = { choice: 0, number: 0, text: 0, none: 0 };
  for (const { key } of items) keys[key?.type ?? 'none']++;
  const start = skills.filter(isOpen(new Set())).length;
  console.log(`${skills.length} skills, ${items.length} items, ${objectives.length} objectives`);
  console.log(`${hardAndSoft.hard} hard and ${hardAndSoft.soft} soft prerequisites from ${hardAndSoft.pairs} links of skill and section`);
  console.log(`${start} skills without hard prerequisites; all ${reachable().size} can be reached`);
  console.log(`keys: ${keys.choice} choice, ${keys.number} number, ${keys.text} text, ${keys.none} items without`);
}

function stop(why) {
  console.error(why);
  process.exit(1);
}
