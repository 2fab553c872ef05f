// Rows of courses and classrooms: the state that their deciders decide on, kept as JSON.
import type { Decider, DomainEvent, Projection } from '@trellis/event-sourcing';
import { CLASSROOM_PREFIX, classroom, COURSE_PREFIX, course, type Classroom, type Course, type CourseId, type LearnerId } from '@trellis/learning';

const FOLD_VERSION = '3';
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

export const courseView: Projection<Course> = {
  ...decided('course', COURSE_PREFIX, course),
  encode: (state) => utf8.encode(JSON.stringify(state)),
  // Only `encode` writes these bytes.
  decode: (bytes) => JSON.parse(fromUtf8.decode(bytes)) as Course,
};

export const classroomView: Projection<Classroom> = {
  ...decided('classroom', CLASSROOM_PREFIX, classroom),
  encode: ({ roster, ...rest }) => utf8.encode(JSON.stringify({ ...rest, roster: [...roster] })),
  // Only `encode` writes these bytes.
  decode: (bytes) => {
    const { roster, ...rest } = JSON.parse(fromUtf8.decode(bytes)) as Omit<Classroom, 'roster'> & { readonly roster: [LearnerId, CourseId[]][] };
    return { ...rest, roster: new Map(roster) };
  },
};

/** A stream of decisions folds in the order of its revisions, so nothing in it is ever late. */
function decided<State>(
  name: string,
  prefix: string,
  { initial, evolve }: Pick<Decider<never, State, DomainEvent>, 'initial' | 'evolve'>,
): Omit<Projection<State>, 'encode' | 'decode'> {
  return {
    name,
    versionFor: () => FOLD_VERSION,
    versionOf: () => FOLD_VERSION,
    prefix,
    initial: () => initial,
    fold: evolve,
    refold: (_key, events) => events.reduce(evolve, initial),
  };
}
