// Five learners as every teacher knows one: what the engine would have each do next, ten times, with its reasons.
import type { Item, SkillId } from '@trellis/learning';
import { seeded } from '@trellis/mastery';
import type { RecommendationBody } from '@trellis/recommendation';
import { ask, MINUTE_MS } from './lesson.js';
import { outcome, plain, table, teacherWhy, titleOf } from './page.js';
import { answerOf, type Answered, type Pupil } from './pupils.js';
import { COURSE, openSchool, type School } from './school.js';
import type { Transcript } from './transcript.js';

const START = Date.UTC(2026, 2, 2, 8);
const DAY_MS = 24 * 60 * MINUTE_MS;
const SHOWN = 10;
/** A sitting of the history, before the ten. */
const SITTING = 14;
/** Nobody reads and thinks as fast as that. */
const RANDOM_MS = 600;

/** One of the ten. */
interface Next {
  readonly given: RecommendationBody;
  readonly item: Item | null;
  readonly isRight: boolean | null;
  readonly note: string;
}

/** What the page shows, for whoever checks it. */
export interface FiveLearners {
  /** By learner: the actions of pace, and of items. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
  readonly reasons: Readonly<Record<string, readonly string[]>>;
}

interface Case {
  readonly key: string;
  readonly title: string;
  /** Who this is and what came before. */
  readonly story: string;
  readonly sittings: number;
  /** From the last sitting to the ten. */
  readonly pauseMs: number;
  readonly knows: (skill: SkillId) => boolean;
  readonly blocked?: SkillId;
  readonly answer?: (pupil: Pupil, item: Item) => Answered;
  readonly prepare?: (school: School, learner: string) => Promise<unknown>;
  /** Before the one of this number, from 1; says what happened. */
  readonly meanwhile?: { readonly before: number; readonly note: string; readonly happen: (school: School, learner: string) => Promise<unknown> };
}

const EXCLUDED = ['equal-parts', 'unit-fractions', 'number-line'];

function casesOf(random: () => number): readonly Case[] {
  const guess = (_: Pupil, item: Item): Answered => {
    const isRight = item.key === undefined ? null : random() < 0.25;
    return { response: item.key === undefined ? '?' : isRight === true ? (item.key.values[0] ?? '') : item.key.type === 'choice' ? 'Z' : '1000', isRight, durationMs: Math.round(RANDOM_MS * (0.5 + random())) };
  };
  return [
    {
      key: 'stuck',
      title: 'Stuck on one skill',
      story: 'Four sittings lie behind this learner, who gets everything right but *equivalent fractions*; that one stays closed, however often it comes.',
      sittings: 4, pauseMs: DAY_MS, knows: (skill) => skill !== 'equivalent', blocked: 'equivalent' as SkillId,
    },
    { key: 'random', title: 'Answers at random', story: 'This learner clicks something within a second, without reading. One sitting like that lies behind them; the next begins.', sittings: 1, pauseMs: DAY_MS, knows: () => false, answer: guess },
    { key: 'knows-everything', title: 'Knows everything', story: 'Every answer of three sittings was right. This is the fourth.', sittings: 3, pauseMs: DAY_MS, knows: () => true, answer: allRight },
    {
      key: 'nothing-reachable',
      title: 'Nothing within reach',
      story: 'The teacher has set the first objective, *Say what a fraction is and find it on the number line*, and has taken all three of its skills out for this learner: they are done with paper strips first.',
      sittings: 0, pauseMs: 0, knows: () => false,
      prepare: async ({ call }, learner) => {
        await call('PUT', `learners/${learner}/objective`, { course: COURSE, objective: 'parts', by: 'teacher' });
        await call('PUT', `learners/${learner}/exclusions`, { items: [], skills: EXCLUDED, by: 'teacher' });
      },
      meanwhile: {
        before: 4,
        note: 'The teacher lets *equal parts* in again.',
        happen: ({ call }, learner) => call('PUT', `learners/${learner}/exclusions`, { items: [], skills: EXCLUDED.slice(1), by: 'teacher' }),
      },
    },
    { key: 'back-after-a-year', title: 'Back after a year', story: 'Five sittings, a year ago, nearly all of it right. Since then nothing. Much is still there, some has faded.', sittings: 5, pauseMs: 365 * DAY_MS, knows: () => true },
  ];
}

function allRight(_: Pupil, item: Item): Answered {
  return { response: item.key?.values[0] ?? 'see the exercise book', isRight: item.key === undefined ? null : true, durationMs: Math.round((item.minutes ?? 1) * MINUTE_MS * 0.6) };
}

export async function fiveLearners(): Promise<Transcript<FiveLearners>> {
  const school = await openSchool(START);
  try {
    const shown: { readonly of: Case; readonly next: readonly Next[] }[] = [];
    for (const [at, each] of casesOf(seeded(505)).entries()) shown.push({ of: each, next: await tenOf(school, each, at) });
    return { name: 'five-learners', ...written(shown) };
  } finally {
    await school.close();
  }
}

async function tenOf(school: School, { key, sittings, pauseMs, knows, blocked, answer, prepare, meanwhile }: Case, at: number): Promise<readonly Next[]> {
  const { clock, course } = school;
  const skills = course.skills.map(({ id }) => id).filter(knows);
  const pupil: Pupil = { id: key, name: key, head: skills.length, interests: [], modalities: [], pace: 1, knows: new Set(skills), random: seeded(900 + at), ...(blocked === undefined ? {} : { blocked }) };
  await prepare?.(school, key);
  const give = answer ?? ((who: Pupil, item: Item): Answered => answerOf(who, item, course));
  for (let sitting = 0; sitting < sittings; sitting++) {
    for (let n = 0; n < SITTING; n++) await once(school, pupil, give, `history-${sitting}-${n}`);
    clock.moveTo(clock.now() + (sitting + 1 < sittings ? 2 * DAY_MS : pauseMs));
  }
  const next: Next[] = [];
  for (let n = 1; n <= SHOWN; n++) {
    if (meanwhile?.before === n) await meanwhile.happen(school, key);
    const made = await once(school, pupil, give, `next-${n}`);
    next.push({ ...made, note: meanwhile?.before === n ? meanwhile.note : '' });
  }
  return next;
}

async function once(school: School, pupil: Pupil, give: (pupil: Pupil, item: Item) => Answered, id: string): Promise<Omit<Next, 'note'>> {
  const { call, clock, course } = school;
  const given = await ask(school, pupil, id);
  const item = course.items.find((each) => each.id === given.items[0]?.item);
  if (item === undefined) {
    clock.moveTo(clock.now() + MINUTE_MS);
    return { given, item: null, isRight: null };
  }
  const { response, isRight, durationMs } = give(pupil, item);
  clock.moveTo(clock.now() + durationMs);
  await call('POST', `learners/${pupil.id}/answers`, { id: `${pupil.id}-${id}`, item: item.id, response, durationMs, recommendation: given.recommendationId });
  return { given, item, isRight };
}

function written(shown: readonly { readonly of: Case; readonly next: readonly Next[] }[]): Omit<Transcript<FiveLearners>, 'name'> {
  const markdown = `# Five learners: the next ten recommendations of each

The course is [Fractions](../../samples/fractions/README.md), the strategy the one that holds where nobody has chosen: *individualized*. Each learner answers as such a learner
would, and the next recommendation rests on that answer. The pace says what to do besides the item, and for how long: items and minutes of the block that is suggested.

${shown.map(({ of, next }) => section(of, next)).join('\n\n')}
`;
  const by = (what: (next: Next) => readonly string[]): Readonly<Record<string, readonly string[]>> => Object.fromEntries(shown.map(({ of, next }) => [of.key, [...new Set(next.flatMap(what))].sort()]));
  return { markdown, seen: { actions: by(({ given }) => [given.pacing.action]), reasons: by(({ given }) => [given.pacing.reason.key, ...given.items.map(({ reason }) => reason.key)]) } };
}

function section({ title, story }: Case, next: readonly Next[]): string {
  // The first of each kind.
  const paces = [...new Map(next.toReversed().map(({ given }) => [given.pacing.reason.key, given.pacing])).values()].reverse();
  const rows = next.map(({ given, item, isRight, note }, at) => [
    at + 1,
    item === null ? '' : (given.items[0]?.action ?? ''),
    `${note === '' ? '' : `*(${note})* `}${item === null ? '(no item)' : titleOf(item, 80)}`,
    outcome({ item, isRight }),
    item === null ? plain(given.pacing.reason.teacher) : teacherWhy(given, item),
    `${given.pacing.action}${given.pacing.items === undefined ? '' : `, ${given.pacing.items} items, ${given.pacing.minutes ?? 0} min`}${given.pacing.reviewAt === undefined ? '' : `, review ${given.pacing.reviewAt.slice(0, 10)}`}`,
  ]);
  return `## ${title}

${story}

${table(['', 'action', 'item', 'answer', 'why (to the teacher)', 'pace'], rows)}

What the pace said:

${paces.map(({ action, reason }) => `- **${action}**: ${plain(reason.teacher)} To the learner: *${plain(reason.text)}*`).join('\n')}`;
}
