// The learner's goals drive: a short diagnostic first, then a choice of options, words that are heard, a check when it is asked for.
import type { RecommendationBody } from '@trellis/recommendation';
import type { Assessment, Placement, Plan, Told } from './bodies.js';
import { lessonStart, openRoom, THE_CLASS, type Room } from './classroom.js';
import { ask, lesson, MINUTE_MS, type Step } from './lesson.js';
import { byInterest, differing, offerTable } from './offers.js';
import { listed, percent, plain, stepTable, table } from './page.js';
import { answerOf, openScore, type Pupil } from './pupils.js';
import { COURSE } from './school.js';
import type { Transcript } from './transcript.js';

const MINUTES = 25;
const GOALS = ['names', 'sums', 'problems'];
const TOO_HARD = 'Rosa';
const NOT_NOW = 'Tara';
const SURER = 'Bea';
const LESS_SURE = 'Xenia';
const ASKS = 'Xenia';
const DUE = '2026-04-03T12:00:00Z';

/** What the transcript shows, for whoever checks it. */
export interface Personalized {
  readonly goals: readonly string[];
  /** Of every offer with options: how many differ in skill or modality. */
  readonly fewestDiffering: number;
  readonly offers: number;
  readonly notNow: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly tooHard: { readonly before: readonly string[]; readonly after: readonly string[]; readonly isSaid: boolean };
  readonly certified: number;
  readonly selfAssessed: readonly string[];
  readonly placed: number;
}

interface Declined {
  readonly pupil: Pupil;
  readonly before: RecommendationBody;
  readonly after: RecommendationBody;
}

export async function personalized(): Promise<Transcript<Personalized>> {
  const room = await openRoom({ seed: 3301, strategy: { preset: 'personalized' } });
  try {
    const { school, pupils, named } = room;
    for (const [at, pupil] of pupils.entries()) await school.call('PUT', `learners/${pupil.id}/goals`, { goals: [{ goal: 'my-goal', course: COURSE, objective: GOALS[at % GOALS.length], due: DUE, minutesPerWeek: 60 }] });
    school.clock.moveTo(lessonStart(1));
    const placed: { pupil: Pupil; placement: Placement }[] = [];
    for (const pupil of pupils) placed.push({ pupil, placement: await place(room, pupil) });
    const choose = byInterest(school.course);
    const hold = async (number: number): Promise<readonly Step[]> => (await lesson(school, pupils, { name: `personalized-${number}`, start: lessonStart(number), minutes: MINUTES, choose })).steps;
    const first = await hold(2);
    const tooHard = await decline(room, named(TOO_HARD), 'too-hard');
    const notNow = await decline(room, named(NOT_NOW), 'not-now');
    const self = await selfAssess(room);
    const second = await hold(3);
    const checked = await check(room, named(ASKS));
    const plans: { pupil: Pupil; plan: Plan }[] = [];
    for (const pupil of pupils) plans.push({ pupil, plan: await planOf(room, pupil) });
    return { name: 'personalized', ...written(room, { placed, steps: [...first, ...second], first, tooHard, notNow, self, checked, plans }) };
  } finally {
    await room.school.close();
  }
}

function planOf({ school }: Room, { id }: Pupil): Promise<Plan> {
  return school.call<Plan>('GET', `learners/${id}/plan?course=${COURSE}`);
}

/** A diagnostic to its end. */
async function place({ school }: Room, pupil: Pupil): Promise<Placement> {
  const { call, course, clock } = school;
  let placement = await call<Placement>('POST', `learners/${pupil.id}/placements`, { course: COURSE, requestId: 'placement' });
  for (let asked = 0; placement.question !== null; asked++) {
    const { item: id } = placement.question;
    const item = course.items.find((each) => each.id === id);
    if (item === undefined) throw new Error(`the diagnostic asks ${id}, which is not in the course`);
    const { response, durationMs } = answerOf({ ...pupil, knows: new Set(pupil.knows) }, item, course);
    clock.moveTo(clock.now() + durationMs);
    await call('POST', `learners/${pupil.id}/answers`, { id: `placement-${pupil.id}-${asked}`, item: id, response, durationMs, session: placement.placement });
    placement = await call<Placement>('POST', `learners/${pupil.id}/placements/${placement.placement}/next`);
  }
  return placement;
}

async function decline({ school }: Room, pupil: Pupil, why: string): Promise<Declined> {
  const before = await ask(school, pupil, `before-${why}`);
  school.clock.moveTo(school.clock.now() + MINUTE_MS);
  const items = why === 'too-hard' ? { items: before.items.slice(0, 1).map(({ item }) => item) } : {};
  await school.call('POST', `recommendations/${before.recommendationId}/decline`, { why, ...items });
  return { pupil, before, after: await ask(school, pupil, `after-${why}`) };
}

interface Self {
  readonly pupil: Pupil;
  readonly skill: string;
  readonly level: number;
  readonly reason: Told;
  readonly agreement: string;
}

/** Two learners say how well they know something: one surer than the answers, one less sure. */
async function selfAssess(room: Room): Promise<readonly Self[]> {
  const { school, named } = room;
  const self: Self[] = [];
  for (const [name, level] of [[SURER, 0.95], [LESS_SURE, 0.3]] as const) {
    const pupil = named(name);
    const { skills } = await school.call<{ skills: readonly { skill: string; mastery: number; answers: number }[] }>('GET', `learners/${pupil.id}/mastery?course=${COURSE}`);
    const known = skills.filter(({ answers }) => answers >= 3).sort((a, b) => (level > 0.5 ? a.mastery - b.mastery : b.mastery - a.mastery))[0];
    if (known === undefined) throw new Error(`${name} has too few answers on every skill`);
    await school.call('POST', 'events', [{ id: `self-${pupil.id}`, type: 'SelfAssessed', learner: pupil.id, data: { skill: known.skill, course: COURSE, level } }]);
    const said = (await planOf(room, pupil)).selfAssessments.find(({ skill }) => skill === known.skill);
    if (said !== undefined) self.push({ pupil, skill: known.skill, level, reason: said.reason, agreement: said.agreement });
  }
  return self;
}

/** The learner asks, whenever they like. */
async function check({ school }: Room, pupil: Pupil): Promise<Assessment> {
  const { call, course, clock } = school;
  const asked = await call<Assessment>('POST', `learners/${pupil.id}/assessments`, { course: COURSE, objective: 'names', by: 'learner', requestId: 'asked' });
  for (const [at, { item: id }] of asked.items.entries()) {
    const item = course.items.find((each) => each.id === id);
    if (item === undefined) throw new Error(`the check asks ${id}, which is not in the course`);
    const { response, isRight, durationMs } = answerOf(pupil, item, course);
    clock.moveTo(clock.now() + durationMs);
    await call('POST', `learners/${pupil.id}/answers`, { id: `asked-${at}`, item: id, response, durationMs, session: asked.assessment });
    if (isRight === null) await call('POST', 'events', [{ id: `asked-${at}-scored`, type: 'AnswerScored', learner: pupil.id, data: { answer: `asked-${at}`, score: openScore(pupil, item), by: 'teacher-1' } }]);
  }
  return call<Assessment>('POST', `learners/${pupil.id}/assessments/${asked.assessment}/complete`, {});
}

interface Shown {
  readonly placed: readonly { readonly pupil: Pupil; readonly placement: Placement }[];
  readonly steps: readonly Step[];
  readonly first: readonly Step[];
  readonly tooHard: Declined;
  readonly notNow: Declined;
  readonly self: readonly Self[];
  readonly checked: Assessment;
  readonly plans: readonly { readonly pupil: Pupil; readonly plan: Plan }[];
}

function written({ school: { course } }: Room, shown: Shown): Omit<Transcript<Personalized>, 'name'> {
  const { placed, steps, first, tooHard, notNow, self, checked, plans } = shown;
  const offers = steps.map(({ given }) => given).filter(({ offer, items }) => offer === 'options' && items.length >= 3);
  const example = first.find(({ pupil, given }) => pupil.name === 'Hugo' && given.items.length >= 3);
  const sample = placed.filter(({ pupil }) => ['Aram', 'Kaya', 'Xenia'].includes(pupil.name));
  const questions = placed.map(({ placement }) => placement.conclusion?.questions ?? 0);
  const markdown = `# Personalized: the learner's goals, the learner's choice

${THE_CLASS}

**What the teacher set:** the strategy *personalized*. Every learner chose a goal of their own, to reach by ${DUE.slice(0, 10)}: ten want to rename and compare fractions, ten to add and
subtract them, ten to solve problems with them.

## First, a short diagnostic

On the first day everybody answers a short diagnostic. It asks what tells most, goes through the course by what builds on what, and stops when it is sure enough:
after ${Math.min(...questions)} to ${Math.max(...questions)} questions. What it concluded of three learners (and, which it cannot know, how many skills they really know):

${table(
    ['learner', 'knows really', 'questions', 'known, as concluded', 'why it stopped'],
    sample.map(({ pupil, placement: { conclusion } }) => [
      pupil.name,
      pupil.head,
      conclusion?.questions ?? 0,
      conclusion?.skills.map(({ title, known }) => `${plain(title)} ${percent(known)}`).join(', ') ?? '',
      plain(conclusion?.reason.teacher ?? ''),
    ]),
  )}

## Options that differ

${example === undefined ? '' : `${example.pupil.name}, who likes ${listed(example.pupil.interests)}, in minute ${example.minute} of the first lesson:\n\n${offerTable(course, example.given)}\n\n${example.pupil.name} takes: ${plain(example.item?.title ?? '')}`}

What three learners with different goals took in the first lesson:

${['Aram', 'Hugo', 'Xenia'].map((name) => goalOf(plans, first, name)).join('\n\n')}

## "Too hard" is heard

${tooHard.pupil.name} is offered:

${offerTable(course, tooHard.before)}

and says of the first: *too hard*. A minute later:

${offerTable(course, tooHard.after)}

## "Not now" is heard

${notNow.pupil.name} is offered:

${offerTable(course, notNow.before)}

and says: *not now*. A minute later:

${offerTable(course, notNow.after)}

## How well do I know it?

${table(['learner', 'said', 'what the teacher reads', 'what the learner reads'], self.map(({ pupil, level, reason }) => [pupil.name, percent(level), plain(reason.teacher), plain(reason.text)]))}

## A check when it is asked for

${ASKS} asks for the check of *${course.objectives.find(({ id }) => id === ('names' as never))?.title ?? ''}* after the second lesson, without having been told to.

${table(['skill', 'outcome'], [...checked.certified.map(({ title, reason }) => [plain(title), plain(reason.teacher)]), ...checked.missing.map(({ title, reason }) => [plain(title), plain(reason.teacher)])])}

## How far is it to the goal?

${table(['learner', 'goal', 'left', 'to the teacher', 'to the learner'], plans.slice(0, 9).flatMap(({ pupil, plan }) => plan.goals.map(({ title, work, date }) => [pupil.name, plain(title), `${work?.open ?? 0} of ${work?.needed ?? 0} skills`, plain(date?.reason.teacher ?? ''), plain(date?.reason.text ?? '')])))}
`;
  const ids = ({ items }: RecommendationBody): readonly string[] => items.map(({ item }) => item);
  const seen: Personalized = {
    goals: [...new Set(plans.map(({ plan }) => `${plan.aim.by}: ${plan.aim.title}`))].sort(),
    fewestDiffering: Math.min(...offers.map((given) => differing(course, given))),
    offers: offers.length,
    notNow: { before: notNow.before.items.flatMap(({ skills }) => skills), after: notNow.after.items.flatMap(({ skills }) => skills) },
    tooHard: { before: ids(tooHard.before), after: ids(tooHard.after), isSaid: tooHard.after.items.some(({ fitted }) => fitted?.some(({ key }) => key === 'easier-as-asked') === true) },
    certified: checked.certified.length,
    selfAssessed: self.map(({ agreement }) => agreement),
    placed: placed.filter(({ placement }) => placement.conclusion !== null).length,
  };
  return { markdown, seen };
}

function goalOf(plans: Shown['plans'], steps: readonly Step[], name: string): string {
  const plan = plans.find(({ pupil }) => pupil.name === name)?.plan;
  return `**${name}**, whose goal is *${plain(plan?.goals[0]?.title ?? '')}*\n\n${stepTable(steps.filter(({ pupil }) => pupil.name === name), 6)}`;
}
