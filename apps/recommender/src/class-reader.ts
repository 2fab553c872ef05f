// A classroom with the states of its learners, for whoever composes a page from them.
import { EMPTY, load, type Instant, type Refusal, type Sources } from '@trellis/event-sourcing';
import { CLASSROOM_LEARNERS_MAX, rowKey, type ClassroomId, type CourseId, type LearnerId, type TenantId } from '@trellis/learning';
import { courseMap, type ClassQuestion, type Member, type Recommender } from '@trellis/recommendation';
import { classroomView, type Catalogue } from '@trellis/views';

export interface ClassAsked {
  readonly tenant: TenantId;
  readonly classroom: ClassroomId;
  readonly course?: CourseId;
  readonly now: Instant;
}

export type ClassRefusal = 'unknown-classroom' | 'course-not-named' | 'unknown-course' | 'course-not-taken';

/** Learners whose rows are read at once. */
const READS_AT_ONCE_MAX = 50;

export class ClassReader {
  constructor(
    private readonly sources: Sources,
    private readonly catalogue: Catalogue,
    private readonly recommender: Recommender,
  ) {}

  async read({ tenant, classroom: id, course: asked, now }: ClassAsked): Promise<ClassQuestion | Refusal<ClassRefusal>> {
    const { state, revision } = await load(this.sources, classroomView, rowKey(tenant, id));
    if (revision === EMPTY) return { refused: 'unknown-classroom', detail: `id: there is no classroom "${id}"; enrol learners in it first` };
    const taken = [...new Set([...state.roster.values()].flat())];
    const courseId = asked ?? (taken.length === 1 ? taken[0] : undefined);
    if (courseId === undefined) {
      return { refused: 'course-not-named', detail: taken.length === 0 ? 'course: it is missing, and nobody is enrolled yet' : `course: it is missing; name one of ${taken.join(', ')}` };
    }
    if (this.catalogue.course(tenant, courseId) === null) await this.catalogue.catchUp();
    const course = this.catalogue.course(tenant, courseId);
    if (course === null) return { refused: 'unknown-course', detail: `course: "${courseId}" is not published; publish it or name another` };
    const learners = [...state.roster].filter(([, courses]) => courses.includes(courseId)).map(([learner]) => learner);
    if (learners.length === 0) {
      const right = taken.length === 0 ? 'enrol learners in it first' : `enrol learners in it, or name one of ${taken.join(', ')}`;
      return { refused: 'course-not-taken', detail: `course: nobody in classroom "${id}" takes "${courseId}"; ${right}` };
    }
    const members = await this.members(tenant, learners.slice(0, CLASSROOM_LEARNERS_MAX));
    return { map: courseMap(course), classroom: { id, revision, state }, members, now };
  }

  private async members(tenant: TenantId, learners: readonly LearnerId[]): Promise<readonly Member[]> {
    const members: Member[] = [];
    for (let at = 0; at < learners.length; at += READS_AT_ONCE_MAX) {
      const some = learners.slice(at, at + READS_AT_ONCE_MAX);
      members.push(...(await Promise.all(some.map(async (learner) => ({ learner, state: (await this.recommender.learner(tenant, learner)).state })))));
    }
    return members;
  }
}
