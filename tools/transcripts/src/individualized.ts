// The same objectives for all, everybody at their own pace: mastery before moving on, a check at the end of each unit, help for whoever is stuck.
import type { ObjectiveId, SkillId } from '@trellis/learning';
import type { Board, Mastery } from './bodies.js';
import { dayOf, lessonStart, openRoom, ROOM, THE_CLASS, type Room } from './classroom.js';
import { lesson, type Checked, type Step } from './lesson.js';
import { listed, outcome, percent, plain, stepTable, table } from './page.js';
import type { Pupil } from './pupils.js';
import { COURSE } from './school.js';
import type { Transcript } from './transcript.js';

const LESSONS = 5;
const MINUTES = 40;
const UNITS = ['names', 'sums', 'problems'];
const STUCK = { name: 'Gia', skill: 'equivalent' as SkillId, helpedAfter: 3 };

/** What the transcript shows, for whoever checks it. */
export interface Individualized {
  /** Skills mastered by each learner at the end. */
  readonly positions: readonly number[];
  /** Beginnings of a skill, and those of them with a hard prerequisite below the mark. */
  readonly beginnings: number;
  readonly tooEarly: number;
  readonly stuckFlagged: readonly string[];
  readonly helped: boolean;
  readonly certified: number;
}

interface Day {
  readonly number: number;
  readonly steps: readonly Step[];
  readonly checks: readonly Checked[];
  readonly board: Board;
  readonly mastered: ReadonlyMap<string, number>;
  /** P(known) by learner and skill once open work was scored. */
  readonly known: ReadonlyMap<string, number>;
}

export async function individualized(): Promise<Transcript<Individualized>> {
  const room = await openRoom({ seed: 1101, strategy: { preset: 'individualized' }, blocked: { [STUCK.name]: STUCK.skill } });
  try {
    const units = new Map(room.pupils.map((pupil) => [pupil.id, 0]));
    for (const pupil of room.pupils) await setUnit(room, pupil, 0);
    const days: Day[] = [];
    for (let number = 1; number <= LESSONS; number++) {
      days.push(await day(room, number, units));
      if (number === STUCK.helpedAfter) room.named(STUCK.name).knows.add(STUCK.skill);
    }
    return { name: 'individualized', ...written(room, days, units) };
  } finally {
    await room.school.close();
  }
}

function setUnit({ school }: Room, { id }: Pupil, unit: number): Promise<unknown> {
  return school.call('PUT', `learners/${id}/objective`, { course: COURSE, objective: UNITS[unit], by: 'teacher' });
}

async function day(room: Room, number: number, units: Map<string, number>): Promise<Day> {
  const { school, pupils } = room;
  const { steps, checks } = await lesson(school, pupils, {
    name: `individualized-${number}`,
    start: lessonStart(number),
    minutes: MINUTES,
    check: ({ id }) => ({ objective: UNITS[units.get(id) ?? 0] }),
    checked: async (pupil, { missing }) => {
      const unit = (units.get(pupil.id) ?? 0) + 1;
      if (missing.length > 0 || unit >= UNITS.length) return;
      units.set(pupil.id, unit);
      await setUnit(room, pupil, unit);
    },
  });
  const board = await school.call<Board>('GET', `${ROOM}/board?course=${COURSE}`);
  const mastered = new Map<string, number>();
  const known = new Map<string, number>();
  for (const { id } of pupils) {
    const { skills } = await school.call<Mastery>('GET', `learners/${id}/mastery?course=${COURSE}`);
    for (const { skill, mastery } of skills) known.set(`${id} ${skill}`, mastery);
    mastered.set(id, skills.filter(({ status }) => status === 'mastered' || status === 'review-due').length);
  }
  return { number, steps, checks, board, mastered, known };
}

/** Every first item of a skill, against what was known of its hard prerequisites when it was given. */
function beginnings({ school: { course } }: Room, days: readonly Day[]): { readonly all: number; readonly tooEarly: number } {
  const marks = new Map(course.skills.map(({ id, masteryAt }) => [id, masteryAt ?? 1]));
  const known = new Map<string, number>();
  const begun = new Set<string>();
  let [all, tooEarly] = [0, 0];
  for (const at of days) {
    for (const { pupil, item, after, isCheck } of at.steps) {
      for (const skill of isCheck ? [] : (item?.skills ?? [])) {
        const key = `${pupil.id} ${skill}`;
        if (begun.has(key)) continue;
        begun.add(key);
        all++;
        const hard = course.skills.find(({ id }) => id === skill)?.prerequisites.filter(({ strength }) => strength === 'hard') ?? [];
        if (hard.some(({ skill: before }) => (known.get(`${pupil.id} ${before}`) ?? 0) < (marks.get(before) ?? 1))) tooEarly++;
      }
      for (const [skill, value] of after) known.set(`${pupil.id} ${skill}`, value);
    }
    for (const [key, value] of at.known) known.set(key, value);
  }
  return { all, tooEarly };
}

function written(room: Room, days: readonly Day[], units: ReadonlyMap<string, number>): Omit<Transcript<Individualized>, 'name'> {
  const { school: { course }, pupils, nameOf } = room;
  const steps = days.flatMap((each) => each.steps);
  const begun = beginnings(room, days);
  const stuckOn = (at: Day): Board['learners'] => at.board.learners.filter(({ flags }) => flags.some(({ flag }) => flag === 'stuck'));
  const flagged = days.flatMap((at) => stuckOn(at).map((row) => ({ at, row })));
  const firstFlag = flagged.find(({ row }) => nameOf(row.learner) === STUCK.name);
  const helpStep = steps.find(({ pupil, given }) => pupil.name === STUCK.name && given.pacing.action === 'help');
  const checks = days.flatMap((at) => at.checks.map((each) => ({ at, ...each })));
  const last = days.at(-1);
  const positions = pupils.map(({ id }) => last?.mastered.get(id) ?? 0);
  const title = (unit: number): string => course.objectives.find(({ id }) => id === (UNITS[unit] as ObjectiveId))?.title ?? '';
  const of = (name: string, number: number): readonly Step[] => days.find((at) => at.number === number)?.steps.filter(({ pupil }) => pupil.name === name) ?? [];
  const [fast, slow] = [pupils[positions.indexOf(Math.max(...positions))], pupils[positions.indexOf(Math.min(...positions))]];
  const markdown = `# Individualized: the same objectives, everybody at their own pace

${THE_CLASS}

**What the teacher set:** the strategy *individualized* for the class, and for each learner the first of three units: ${UNITS.map((_, unit) => `*${title(unit)}*`).join(', then ')}.
Whoever passes the check at the end of a unit is given the next one. ${LESSONS} lessons of ${MINUTES} minutes, on Mondays, Wednesdays and Fridays.

## Positions diverge

Skills of the course (${course.skills.length}) that each learner has mastered at the end of a lesson:

${table(
    ['lesson', ...Array.from({ length: course.skills.length + 1 }, (_, n) => String(n))],
    days.map(({ number, mastered }) => [`${number}, ${dayOf(lessonStart(number))}`, ...Array.from({ length: course.skills.length + 1 }, (_, n) => pupils.filter(({ id }) => mastered.get(id) === n).length || '')]),
  )}

At the end ${listed(UNITS.map((_, unit) => `${[...units.values()].filter((each) => each === unit).length} work on unit ${unit + 1}`))}. A skill can leave this
count again: what was mastered and fades, or turns out to be shaky in a review, is practised once more.

Nobody advances below the mark: ${begun.all} times a learner began a skill, and ${begun.tooEarly} times one of its hard prerequisites was below its mark then.

## The one who is stuck

${STUCK.name} does not get ${STUCK.skill === 'equivalent' ? 'equivalent fractions' : STUCK.skill}, however much practice there is. After four wrong answers in a row the engine puts the skill aside, longer each time, and comes back to it.
${firstFlag === undefined ? 'The board did not flag it.' : `After lesson ${firstFlag.at.number} the board of the class flags it, with the evidence:`}

${firstFlag === undefined ? '' : table(['learner', 'flag', 'what the teacher reads', 'what the learner reads'], stuckOn(firstFlag.at).flatMap(({ learner, flags }) => flags.map(({ flag, reason }) => [nameOf(learner), flag, plain(reason.teacher), plain(reason.text)])))}

${helpStep === undefined ? '' : `With each item ${STUCK.name} is given from then on, the pace is **${helpStep.given.pacing.action}**:

> ${plain(helpStep.given.pacing.reason.teacher)}
>
> To the learner: ${plain(helpStep.given.pacing.reason.text)}`}

${STUCK.name} in lesson 3:

${stepTable(of(STUCK.name, 3))}

After lesson ${STUCK.helpedAfter} the teacher sits down with ${STUCK.name} for ten minutes, and it clicks. ${STUCK.name} in lesson ${STUCK.helpedAfter + 1}:

${stepTable(of(STUCK.name, STUCK.helpedAfter + 1))}

## The check at the end of a unit

When everything of a unit counts as mastered from practice, the engine says so; the learner asks for the check. It is made of assessment items, which nobody has practised on.
${checks.length} checks were taken, ${checks.filter(({ checked }) => checked.missing.length === 0).length} of them passed as a whole. What is certified stays certified; the rest is practised on.

${table(
    ['lesson', 'learner', 'certified', 'missing'],
    checks.slice(0, 12).map(({ at, pupil, checked }) => [at.number, pupil.name, checked.certified.map(({ title: skill, right, asked }) => `${plain(skill)} (${right} of ${asked})`).join(', '), checked.missing.map(({ reason }) => plain(reason.teacher)).join(' ')]),
  )}

${checkOf(checks[0], days)}

## Two learners in the same lesson

${fast?.name ?? ''} in lesson 2:

${stepTable(of(fast?.name ?? '', 2))}

${slow?.name ?? ''} in lesson 2:

${stepTable(of(slow?.name ?? '', 2))}

At the end of lesson ${LESSONS}: ${plain(last?.board.pace.reason.teacher ?? '')} On average ${percent(last?.board.totals.mastered ?? 0)} of the unit that each works on is mastered.
`;
  const seen: Individualized = { positions, beginnings: begun.all, tooEarly: begun.tooEarly, stuckFlagged: [...new Set(flagged.map(({ row }) => nameOf(row.learner)))], helped: helpStep !== undefined, certified: checks.reduce((sum, { checked }) => sum + checked.certified.length, 0) };
  return { markdown, seen };
}

function checkOf(first: (Checked & { readonly at: Day }) | undefined, days: readonly Day[]): string {
  if (first === undefined) return '';
  const { pupil, at } = first;
  const asked = days.find((each) => each === at)?.steps.filter((step) => step.pupil === pupil && step.isCheck) ?? [];
  const told = at.steps.find((step) => step.pupil === pupil && step.given.pacing.action === 'assess');
  return `The first was ${pupil.name}'s, in lesson ${at.number}. Before it, to the teacher: *${plain(told?.given.pacing.reason.teacher ?? '')}* To the learner: *${plain(told?.given.pacing.reason.text ?? '')}*

${table(['question', 'answer'], asked.map((step) => [plain(step.item?.title ?? ''), outcome(step)]))}`;
}
