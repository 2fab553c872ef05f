// What a teacher arranges for a classroom: the rules decide, its log keeps. Of enrolment, which the classroom's stream owns, each learner's stream
// repeats the learner's own part.
import { isRefusal, load, transact, type Decider, type DomainEvent, type Instant, type Observation, type Refusal, type Revision, type Sources } from '@trellis/event-sourcing';
import {
  classroom as rules,
  classroomStream,
  eventSchema,
  learnerStream,
  rowKey,
  type Classroom,
  type ClassroomCommand,
  type ClassroomEvent,
  type ClassroomId,
  type ClassroomRefusal,
  type CourseId,
  type EnrolLearners,
  type LearnerEnrolled,
  type LearnerId,
  type TenantId,
} from '@trellis/learning';
import { digest16, uuidV5 } from '@trellis/service';
import { classroomView, type Catalogue } from '@trellis/views';

export interface Enrolled {
  readonly classroom: ClassroomId;
  readonly course: CourseId;
  /** Newly enrolled by this request. */
  readonly enrolled: number;
  /** In the classroom now. */
  readonly learners: number;
}

export interface ClassroomOrder {
  readonly tenant: TenantId;
  readonly classroom: ClassroomId;
  readonly command: Exclude<ClassroomCommand, EnrolLearners>;
  /** Fixed before the first try, so that a try whose outcome got lost is a repeat. */
  readonly orderId: string;
}

export interface ClassroomSettled {
  readonly classroom: ClassroomId;
  /** False: it was so already. */
  readonly changed: boolean;
  /** Of the classroom's stream. */
  readonly revision: Revision;
}

type Rules = Pick<Decider<ClassroomCommand, Classroom, ClassroomEvent, ClassroomRefusal>, 'decide'>;

export class ClassroomDesk {
  constructor(
    private readonly sources: Sources,
    private readonly catalogue: Catalogue,
    private readonly now: () => number,
  ) {}

  async enrol(
    tenant: TenantId,
    classroom: ClassroomId,
    { course, learners }: { readonly course: CourseId; readonly learners: readonly LearnerId[] },
  ): Promise<Enrolled | Refusal<ClassroomRefusal | 'unknown-course'>> {
    // Unknown perhaps only here: another process may have published it a moment ago.
    if (this.catalogue.course(tenant, course) === null) await this.catalogue.catchUp();
    if (this.catalogue.course(tenant, course) === null) return { refused: 'unknown-course', detail: `course: "${course}" is not published; publish it first` };
    const occurredAt = this.now();
    const stream = classroomStream(tenant, classroom);
    // In the classroom and in the learner's own stream it is one fact twice, so it has two ids.
    const encoded = (event: LearnerEnrolled, place: 'classroom' | 'learner') => {
      const name = [tenant, 'enrolment', place, classroom, event.data.learner, event.data.course].join('\n');
      return this.sources.codec.encode(uuidV5(name), digest16(name), event, { source: 'api', occurredAt, schema: eventSchema('LearnerEnrolled') });
    };
    const settled = await transact(
      {
        load: () => load(this.sources, classroomView, rowKey(tenant, classroom)),
        // Enrolling is all that this command does.
        append: (events, expected) => this.sources.store.append(stream, events.map((event) => encoded(event as LearnerEnrolled, 'classroom')), expected),
      },
      rules,
      { type: 'EnrolLearners', classroom, course, learners },
    );
    if (isRefusal(settled)) return settled;
    // Repeated for all who were asked for, also when the classroom knew them: a crash may have come between the two.
    const repeats = [...new Set(learners)].map(
      (learner): Observation => ({ stream: learnerStream(tenant, learner), event: encoded({ type: 'LearnerEnrolled', data: { learner, classroom, course } }, 'learner') }),
    );
    await this.sources.store.appendObservations(repeats);
    return { classroom, course, enrolled: settled.events.length, learners: await this.learnersOf(tenant, classroom) };
  }

  async settle({ tenant, classroom, command, orderId }: ClassroomOrder): Promise<ClassroomSettled | Refusal<ClassroomRefusal>> {
    const occurredAt: Instant = this.now();
    const encoded = (event: ClassroomEvent, n: number) => {
      const id = uuidV5([orderId, n].join('\n'));
      return this.sources.codec.encode(id, digest16(id), event, { source: 'api', occurredAt, schema: eventSchema(event.type) });
    };
    const settled = await transact(
      {
        load: () => load(this.sources, classroomView, rowKey(tenant, classroom)),
        append: (events, expected) => this.sources.store.append(classroomStream(tenant, classroom), events.map(encoded), expected),
      },
      onlyNews,
      command,
    );
    return isRefusal(settled) ? settled : { classroom, changed: settled.events.length > 0, revision: settled.revision };
  }

  /** How many learners are in a classroom. */
  async learnersOf(tenant: TenantId, classroom: ClassroomId): Promise<number> {
    const { state } = await load(this.sources, classroomView, rowKey(tenant, classroom));
    return state.roster.size;
  }
}

/** Groups that are sent again with the same suggestion change nothing. */
const onlyNews: Rules = {
  decide: (command, state) => {
    const events = rules.decide(command, state);
    if (isRefusal(events) || command.type !== 'FormGroups') return events;
    const after = events.reduce<Classroom>((before, event: DomainEvent) => rules.evolve(before, event), state);
    return JSON.stringify([after.groups, after.edits]) === JSON.stringify([state.groups, state.edits]) ? [] : events;
  },
};
