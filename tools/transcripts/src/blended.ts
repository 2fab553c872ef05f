// A lesson of two phases: the whole class on one objective, differentiated; then each on their own goals, personalized.
import type { Board } from './bodies.js';
import { lessonStart, openRoom, ROOM, THE_CLASS, type Room } from './classroom.js';
import { lesson, type Step } from './lesson.js';
import { byInterest, offerTable } from './offers.js';
import { listed, plain, stepTable, table } from './page.js';
import { COURSE } from './school.js';
import type { Transcript } from './transcript.js';

const SWITCH = 20;
const MINUTES = 40;
const GOALS = ['sums', 'problems'];
const SHOWN = ['Aram', 'Kaya', 'Xenia'];
const STRATEGY = {
  preset: 'blended',
  mix: {
    by: 'phase',
    phases: [
      { phase: 'whole-class', strategy: { preset: 'differentiated' } },
      { phase: 'follow-up', strategy: { preset: 'personalized' } },
    ],
  },
};

/** What the transcript shows, for whoever checks it. */
export interface Blended {
  /** Strategies, kinds of offer and whose aims, before and after the teacher's word. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly aims: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly phases: readonly (string | null)[];
}

interface Hour {
  readonly steps: readonly Step[];
  readonly boards: readonly Board[];
}

export async function blended(): Promise<Transcript<Blended>> {
  const room = await openRoom({ seed: 4401, strategy: STRATEGY, objective: { objective: 'parts' } });
  try {
    const { school, pupils } = room;
    for (const [at, { id }] of pupils.entries()) await school.call('PUT', `learners/${id}/goals`, { goals: [{ goal: 'my-goal', course: COURSE, objective: GOALS[at % GOALS.length] }] });
    return { name: 'blended', ...written(room, await hour(room)) };
  } finally {
    await room.school.close();
  }
}

async function hour({ school, pupils }: Room): Promise<Hour> {
  const boards: Board[] = [];
  const board = async (): Promise<unknown> => boards.push(await school.call<Board>('GET', `${ROOM}/board?course=${COURSE}`));
  school.clock.moveTo(lessonStart(1));
  await school.call('PUT', `${ROOM}/phase`, { phase: 'whole-class', by: 'teacher' });
  const followUp = async (): Promise<void> => {
    await board();
    await school.call('PUT', `${ROOM}/phase`, { phase: 'follow-up', by: 'teacher' });
    await board();
  };
  const { steps } = await lesson(school, pupils, { name: 'blended', start: lessonStart(1), minutes: MINUTES, choose: byInterest(school.course), events: [{ minute: SWITCH, happen: followUp }] });
  return { steps, boards };
}

function written({ nameOf, school: { course } }: Room, { steps, boards }: Hour): Omit<Transcript<Blended>, 'name'> {
  const isAfter = ({ minute }: Step): boolean => minute >= SWITCH;
  const kindsOf = (all: readonly Step[]): readonly string[] => [...new Set(all.map(({ given }) => `${given.versions.strategy}, ${given.offer}`))].sort();
  const offer = steps.find((step) => isAfter(step) && step.given.items.length >= 3);
  const aimsOf = (board: Board | undefined): readonly string[] => [...new Set(board?.learners.map(({ aim }) => `${aim.by}: ${aim.title}`))].sort();
  const markdown = `# Blended: together first, then each on their own goals

${THE_CLASS}

**What the teacher set:** the strategy *blended*: a phase *whole-class*, differentiated, with one objective for everybody (*Say what a fraction is and find it on the number line*), and a phase
*follow-up*, personalized, in which each works towards a goal of their own (fifteen want to add and subtract fractions, fifteen to solve problems with them). The phases change at the
teacher's word, here in minute ${SWITCH} of ${MINUTES}. A phase with minutes would change by itself.

## The same board, a moment before and a moment after

${table(['', 'phase', 'worked towards', 'strategy in force'], boards.map((board, at) => [at === 0 ? 'before' : 'after', board.phase ?? '', aimsOf(board).map(plain).join('; '), [...new Set(board.learners.map(({ strategy }) => strategy.name))].join(', ')]))}

## Three learners through the lesson

${SHOWN.map((name) => {
    const own = steps.filter(({ pupil }) => pupil.name === name);
    return `### ${name}\n\nWhole class, minutes 0 to ${SWITCH}:\n\n${stepTable(own.filter((step) => !isAfter(step)), 6)}\n\nFollow-up, minutes ${SWITCH} to ${MINUTES}:\n\n${stepTable(own.filter(isAfter), 6)}`;
  }).join('\n\n')}

## What changes for everybody

${table(
    ['minutes', 'strategy, and what is offered', 'items given', 'learners'],
    [false, true].flatMap((after) => {
      const all = steps.filter((step) => isAfter(step) === after);
      return kindsOf(all).map((kind) => {
        const of = all.filter(({ given }) => `${given.versions.strategy}, ${given.offer}` === kind);
        return [after ? `${SWITCH} to ${MINUTES}` : `0 to ${SWITCH}`, kind, of.length, new Set(of.map(({ pupil }) => pupil.id)).size];
      });
    }),
  )}

${offer === undefined ? '' : `The first choice that ${nameOf(offer.pupil.id)}, who likes ${listed(offer.pupil.interests)}, had in the follow-up:\n\n${offerTable(course, offer.given)}`}
`;
  const seen: Blended = {
    before: kindsOf(steps.filter((step) => !isAfter(step))),
    after: kindsOf(steps.filter(isAfter)),
    aims: { before: aimsOf(boards[0]), after: aimsOf(boards[1]) },
    phases: boards.map(({ phase }) => phase),
  };
  return { markdown, seen };
}
