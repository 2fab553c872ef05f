// Thirty learners enrolled, with what each said they like, and what their teacher set; and the days of their lessons.
import { classOf, type Pupil } from './pupils.js';
import { COURSE, openSchool, type School } from './school.js';

const CLASSROOM = 'class-5b';
export const ROOM = `classrooms/${CLASSROOM}`;
const DAY_MS = 86_400_000;
/** A Monday, at 8 in the morning, by UTC. */
const FIRST_LESSON = Date.UTC(2026, 2, 2, 8);
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
/** Lessons are on Mondays, Wednesdays and Fridays. */
const WEEK = [0, 2, 4];

export interface Room {
  readonly school: School;
  readonly pupils: readonly Pupil[];
  readonly named: (name: string) => Pupil;
  /** By what the engine knows them by. */
  readonly nameOf: (id: string) => string;
}

export interface RoomPlan {
  readonly seed: number;
  readonly strategy: object;
  readonly objective?: object;
  readonly blocked?: Readonly<Record<string, string>>;
}

export async function openRoom({ seed, strategy, objective, blocked = {} }: RoomPlan): Promise<Room> {
  const school = await openSchool(FIRST_LESSON - DAY_MS);
  const { call } = school;
  const pupils = classOf(school.course, seed, blocked);
  await call('PUT', `${ROOM}/learners`, { course: COURSE, learners: pupils.map(({ id }) => id) });
  await call('PUT', `${ROOM}/strategy`, { strategy, by: 'teacher' });
  if (objective !== undefined) await call('PUT', `${ROOM}/objective`, { course: COURSE, by: 'teacher', ...objective });
  for (const { id, interests, modalities } of pupils) await call('PUT', `learners/${id}/preferences`, { interests, ...(modalities.length === 0 ? {} : { modalities }) });
  const byName = new Map(pupils.map((pupil) => [pupil.name, pupil]));
  const byId = new Map(pupils.map((pupil) => [pupil.id, pupil]));
  const named = (name: string): Pupil => {
    const pupil = byName.get(name);
    if (pupil === undefined) throw new Error(`nobody in the class is called ${name}`);
    return pupil;
  };
  return { school, pupils, named, nameOf: (id) => byId.get(id)?.name ?? id };
}

/** When the lesson of this number, from 1, begins. */
export function lessonStart(number: number): number {
  const [week, day] = [Math.floor((number - 1) / WEEK.length), WEEK[(number - 1) % WEEK.length] ?? 0];
  return FIRST_LESSON + (7 * week + day) * DAY_MS;
}

export function dayOf(at: number): string {
  const date = new Date(at);
  return `${DAYS[date.getUTCDay()] ?? ''} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}

/** Said of every class alike. */
export const THE_CLASS = [
  'Thirty learners who do not exist take the course [Fractions](../../samples/fractions/README.md). Five of them have hardly met fractions, five know most',
  'of the course already, the others are in between; each said one thing that they like, and every third how they like to work. The script knows what each',
  'of them really knows and lets them answer by it. The engine knows nothing of that, and none of their names: it sees the answers and what they say.',
].join('\n');
