// Enrolling learners: the classroom's stream owns it, and each learner's stream repeats it.
import { isRefusal, load, transact, type Observation, type Refusal, type Sources } from '@trellis/event-sourcing';
import { classroom as rules, classroomStream, eventSchema, learnerStream, rowKey, type ClassroomId, type ClassroomRefusal, type CourseId, type LearnerEnrolled, type LearnerId, type TenantId } from '@trellis/learning';
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
        append: (events, expected) => this.sources.store.append(stream, events.map((event) => encoded(event, 'classroom')), expected),
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

  /** How many learners are in a classroom. */
  async learnersOf(tenant: TenantId, classroom: ClassroomId): Promise<number> {
    const { state } = await load(this.sources, classroomView, rowKey(tenant, classroom));
    return state.roster.size;
  }
}
