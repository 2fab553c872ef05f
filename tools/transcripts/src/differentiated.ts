// One objective for all; content, process, product and affect fitted by readiness, interest and what each said. Groups with their reasons.
import type { Item } from '@trellis/learning';
import type { Board, Group, Groups } from './bodies.js';
import { dayOf, lessonStart, openRoom, ROOM, THE_CLASS, type Room } from './classroom.js';
import { lesson, type Step } from './lesson.js';
import { learnerWhy, listed, outcome, plain, stepTable, table, tagsOf, teacherWhy, titleOf } from './page.js';
import { COURSE } from './school.js';
import type { Transcript } from './transcript.js';

const MINUTES = 40;
const TIRED = { name: 'Elif', minute: 15 };
const SHOWN = ['Vera', 'Kaya', 'Xenia'];
/** The skill at which variants are counted. */
const SKILL = 'equivalent';

/** What the transcript shows, for whoever checks it. */
export interface Differentiated {
  /** Of every recommendation. */
  readonly aims: readonly string[];
  /** Practised items of one skill that differ in tier, modality or interest. */
  readonly variants: number;
  readonly tiers: readonly string[];
  /** Keys of the reasons for which items were fitted. */
  readonly fitted: readonly string[];
  readonly groups: number;
  readonly groupReasons: readonly string[];
  readonly editKept: boolean;
  readonly editReason: string;
  /** Learners who were given extension while the class was still at it. */
  readonly extension: readonly string[];
  readonly mood: { readonly before: number; readonly after: number; readonly isSaid: boolean };
}

interface Moved {
  readonly suggestion: Groups['suggestion'];
  readonly learner: string;
  readonly from: Group;
  readonly to: Group;
}

export async function differentiated(): Promise<Transcript<Differentiated>> {
  const room = await openRoom({ seed: 2201, strategy: { preset: 'differentiated' }, objective: { objective: 'parts', due: due(2) } });
  try {
    const { school, pupils, named } = room;
    const first = await held(room, 1);
    const second = await held(room, 2);
    const byInterest = await groupsOf(room, 'interest');
    await school.call('PUT', `${ROOM}/objective`, { course: COURSE, objective: 'names', due: due(5), by: 'teacher' });
    const mixed = await groupsOf(room, 'mixed-readiness');
    const tired = { pupil: named(TIRED.name).id, minute: TIRED.minute, type: 'MoodReported', data: { mood: 'tired' } };
    const third = (await lesson(school, pupils, { name: 'differentiated-3', start: lessonStart(3), minutes: MINUTES, said: [tired] })).steps;
    const moved = await move(room);
    const fourth = await held(room, 4);
    const afterEdit = await groupsOf(room, 'shared-gap');
    const board = await school.call<Board>('GET', `${ROOM}/board?course=${COURSE}`);
    return { name: 'differentiated', ...written(room, { lessons: [first, second, third, fourth], moved, afterEdit, byInterest, mixed, board }) };
  } finally {
    await room.school.close();
  }
}

/** Noon of the day of a lesson. */
function due(number: number): string {
  return new Date(lessonStart(number) + 4 * 3_600_000).toISOString();
}

async function held({ school, pupils }: Room, number: number): Promise<readonly Step[]> {
  return (await lesson(school, pupils, { name: `differentiated-${number}`, start: lessonStart(number), minutes: MINUTES })).steps;
}

function groupsOf({ school }: Room, kind: string): Promise<Groups> {
  return school.call<Groups>('GET', `${ROOM}/groups?course=${COURSE}&kind=${kind}`);
}

/** The teacher takes the suggestion over, with one learner in another group. */
async function move(room: Room): Promise<Moved> {
  const { suggestion } = await groupsOf(room, 'shared-gap');
  const [, from] = suggestion.groups;
  // Work on another skill than the one that was suggested.
  const to = suggestion.groups.find(({ kind, about }) => kind === 'shared-gap' && about !== from?.about);
  const learner = from?.learners.at(-1);
  if (from === undefined || to === undefined || learner === undefined) throw new Error('fewer than two groups were suggested');
  const plainOf = ({ group, title, learners, kind, about }: Group): Group => ({ group, title, learners, kind, ...(about === undefined ? {} : { about }) });
  const edited = suggestion.groups.map(plainOf).map((each) => {
    if (each.group === from.group) return { ...each, learners: each.learners.filter((id) => id !== learner) };
    return each.group === to.group ? { ...each, learners: [...each.learners, learner] } : each;
  });
  await room.school.call('PUT', `${ROOM}/groups`, { groups: edited, suggestion: suggestion.groups, by: 'teacher' });
  return { suggestion, learner, from, to };
}

interface Shown {
  readonly lessons: readonly (readonly Step[])[];
  readonly moved: Moved;
  readonly afterEdit: Groups;
  readonly byInterest: Groups;
  readonly mixed: Groups;
  readonly board: Board;
}

function written(room: Room, shown: Shown): Omit<Transcript<Differentiated>, 'name'> {
  const { nameOf, named } = room;
  const { lessons, moved, afterEdit, byInterest, mixed, board } = shown;
  const all = lessons.flat();
  const variants = variantsOf(all);
  const extension = (lessons[1] ?? []).filter(({ given }) => given.pacing.reason.key === 'extension-while-waiting');
  const kept = afterEdit.suggestion.notes.find(({ learner }) => learner === moved.learner);
  const mood = moodOf(lessons[2] ?? []);
  const ahead = extension.map(({ pupil }) => pupil).sort((a, b) => extension.filter(({ pupil }) => pupil === b).length - extension.filter(({ pupil }) => pupil === a).length)[0];
  const of = (at: number, name: string): readonly Step[] => lessons[at]?.filter(({ pupil }) => pupil.name === name) ?? [];
  const groupsTable = ({ groups }: Groups['suggestion']): string => table(['group', 'learners', 'why'], groups.map(({ title, learners, reason }) => [plain(title), listed(learners.map(nameOf)), plain(reason.teacher)]));
  const markdown = `# Differentiated: one objective for all, another way there for each

${THE_CLASS}

**What the teacher set:** the strategy *differentiated*, and one objective for everybody: *Say what a fraction is and find it on the number line* in lessons 1 and 2
(due on ${dayOf(lessonStart(2))}), *Rename, simplify and compare fractions* from lesson 3 (due on ${dayOf(lessonStart(5))}). Lessons of ${MINUTES} minutes.

## The same skill, another item

Everybody practised *equivalent fractions*, one skill. These are the items that the learners were given for it, who got them, and one reason of each in words:

${table(['item', 'what kind', 'learners', 'for example', 'why (to the teacher)'], variants.map(({ item, steps }) => [titleOf(item, 80), tagsOf(item), new Set(steps.map(({ pupil }) => pupil.id)).size, example(steps).pupil.name, teacherWhy(example(steps).given, item)]))}

Three learners in lesson 3, the first of the new objective. ${SHOWN.map((name) => `${name} likes ${listed(named(name).interests)}`).join('; ')}.

${SHOWN.map((name) => `**${name}**\n\n${stepTable(of(2, name), 8)}`).join('\n\n')}

## Ahead of the class

In lesson 2, ${listed([...new Set(extension.map(({ pupil }) => pupil.name))])} had mastered everything of the objective. The class goes on with it, and so do they, further: ${ahead?.name ?? 'nobody'}, for example.

> ${plain(extension[0]?.given.pacing.reason.teacher ?? '')}
>
> To the learner: ${plain(extension[0]?.given.pacing.reason.text ?? '')}

${stepTable((lessons[1] ?? []).filter(({ pupil, item, given }) => pupil === ahead && (item === null || extension.some((each) => each.given === given))).filter(({ item }, at, all) => item !== null || all[at - 1]?.item !== null))}

Where the course has no extension left, the engine says so, and the teacher decides: help others, or go ahead.

## Groups, and the teacher's word on them

Before the new objective begins, the teacher looks at two ways to make groups. By interest:

${groupsTable(byInterest.suggestion)}

Of mixed readiness, for the new objective:

${groupsTable(mixed.suggestion)}

Readiness is what the objective builds on and what was shown of it lately. It changes with the objective and with every lesson, and says nothing of ability.

After lesson 3 the engine suggests groups with a shared gap, for the next lesson:

${groupsTable(moved.suggestion)}

${moved.suggestion.notes.map(({ learner, reason }) => `- ${nameOf(learner)}: ${plain(reason.teacher)}`).join('\n')}

The teacher takes them over, but puts **${nameOf(moved.learner)}** from *${plain(moved.from.title)}* into *${plain(moved.to.title)}*, with ${listed(moved.to.learners.map(nameOf))}. After lesson 4 the engine suggests
anew, from what is known then, and keeps to that word:

${groupsTable(afterEdit.suggestion)}

${afterEdit.suggestion.notes.map(({ learner, reason }) => `- ${learner === moved.learner ? `**${nameOf(learner)}**` : nameOf(learner)}: ${plain(reason.teacher)}`).join('\n')}

## A tired learner

In minute ${TIRED.minute} of lesson 3 ${TIRED.name} says: tired. Nobody had to guess it, and for two hours it counts:

${mood.text}

${stepTable(mood.around, 8)}

## The board at the end of lesson 4

${plain(board.pace.reason.teacher)} ${board.pace.dates.map(({ reason }) => plain(reason.teacher)).join(' ')}

${table(['learner', 'mastered of the objective', 'now at', 'what to look at'], board.learners.filter(({ flags }) => flags.length > 0).map(({ learner, aim, working, flags }) => [nameOf(learner), `${aim.mastered} of ${aim.needed}`, plain(working?.skills[0]?.title ?? ''), flags.map(({ reason }) => plain(reason.teacher)).join(' ')]))}

${30 - board.learners.filter(({ flags }) => flags.length > 0).length} other learners need no particular look.
`;
  const seen: Differentiated = {
    aims: [...new Set(board.learners.map(({ aim }) => `${aim.by}: ${aim.title}`))],
    variants: new Set(variants.map(({ item }) => tagsOf(item))).size,
    tiers: [...new Set(variants.flatMap(({ item }) => item.tier ?? []))].sort(),
    fitted: [...new Set(all.flatMap(({ given }) => given.items.flatMap(({ fitted }) => fitted ?? []).map(({ key }) => key)))].sort(),
    groups: moved.suggestion.groups.length,
    groupReasons: [...new Set([moved.suggestion, afterEdit.suggestion, byInterest.suggestion, mixed.suggestion].flatMap(({ groups }) => groups.map(({ reason }) => reason.key)))].sort(),
    editKept: afterEdit.suggestion.groups.find(({ group }) => group === kept?.group)?.learners.includes(moved.learner) ?? false,
    editReason: kept?.reason.key ?? '',
    extension: [...new Set(extension.flatMap(({ item, pupil }) => (item?.tier === 'extension' ? pupil.name : [])))],
    mood: mood.seen,
  };
  return { markdown, seen };
}

interface Variant {
  readonly item: Item;
  readonly steps: readonly Step[];
}

function variantsOf(steps: readonly Step[]): readonly Variant[] {
  const byItem = new Map<Item, Step[]>();
  for (const step of steps) if (step.item?.kind === 'practice' && step.item.skills.some((skill) => skill === SKILL)) byItem.set(step.item, [...(byItem.get(step.item) ?? []), step]);
  return [...byItem].map(([item, of]) => ({ item, steps: of })).sort((a, b) => b.steps.length - a.steps.length || (a.item.id < b.item.id ? -1 : 1));
}

/** One whose item was fitted for a reason, if there is one. */
function example(steps: readonly Step[]): Step {
  const told = steps.find(({ given }) => (given.items[0]?.fitted ?? []).length > 0) ?? steps[0];
  if (told === undefined) throw new Error('an item that nobody was given');
  return told;
}

function moodOf(steps: readonly Step[]): { readonly text: string; readonly around: readonly Step[]; readonly seen: Differentiated['mood'] } {
  const own = steps.filter(({ pupil }) => pupil.name === TIRED.name);
  const at = own.findIndex(({ given }) => given.items.some(({ fitted }) => fitted?.some(({ key }) => key === 'easier-after-mood')));
  const [before, after] = [own[at - 1], own[at]];
  const text = table(
    ['', 'item', 'P(right)', 'block', 'why (to the teacher)', 'why (to the learner)'],
    [['before', before], ['after', after]].map(([when, step]) => {
      if (step === undefined || typeof step === 'string' || step.item === null) return [String(when), '', '', '', '', ''];
      const { given, item } = step;
      return [String(when), `${titleOf(item, 60)} (${outcome(step)})`, Math.round(100 * (given.items[0]?.prediction ?? 0)), `${given.pacing.items ?? ''} items, ${given.pacing.minutes ?? ''} minutes`, teacherWhy(given, item), learnerWhy(given, item)];
    }),
  );
  return { text, around: own.slice(Math.max(0, at - 2)), seen: { before: before?.given.pacing.items ?? 0, after: after?.given.pacing.items ?? 0, isSaid: at > 0 } };
}
