// The aggregate of a classroom: who is enrolled in what. The classroom's stream owns enrolment; whoever enrols repeats
// the event into the learner's stream, where the learner's own row finds it.
import type { Decider, DomainEvent } from '@trellis/event-sourcing';
import { CLASSROOM_LEARNERS_MAX, LEARNER_COURSES_MAX, NO_CLASSROOM, type Classroom, type LearnerEnrolled } from './classroom-events.js';
import type { ClassroomId, CourseId, LearnerId } from './ids.js';

const evolve = (classroom: Classroom, { type, data }: DomainEvent): Classroom => {
  if (type !== 'LearnerEnrolled') return classroom;
  const { learner, course } = data as LearnerEnrolled['data'];
  return { ...classroom, roster: new Map(classroom.roster).set(learner, [...(classroom.roster.get(learner) ?? []), course]) };
};

// --- Decisions ---

export interface EnrolLearners {
  readonly type: 'EnrolLearners';
  readonly classroom: ClassroomId;
  readonly course: CourseId;
  readonly learners: readonly LearnerId[];
}

export type ClassroomRefusal = 'classroom-full' | 'too-many-courses';

type Rules = Decider<EnrolLearners, Classroom, LearnerEnrolled, ClassroomRefusal>;

const decide: Rules['decide'] = ({ classroom, course, learners }, { roster }) => {
  const news = [...new Set(learners)].filter((learner) => !roster.get(learner)?.includes(course));
  const size = new Set([...roster.keys(), ...news]).size;
  if (size > CLASSROOM_LEARNERS_MAX) {
    return { refused: 'classroom-full', detail: `learners: classroom "${classroom}" would have ${size}; it may have ${CLASSROOM_LEARNERS_MAX}` };
  }
  const busy = news.find((learner) => (roster.get(learner)?.length ?? 0) >= LEARNER_COURSES_MAX);
  if (busy !== undefined) {
    return { refused: 'too-many-courses', detail: `learners: "${busy}" takes ${LEARNER_COURSES_MAX} courses here already` };
  }
  return news.map((learner) => ({ type: 'LearnerEnrolled', data: { learner, classroom, course } }));
};

export const classroom: Rules = { initial: NO_CLASSROOM, evolve, decide };
