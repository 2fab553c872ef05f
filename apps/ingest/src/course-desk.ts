// Publishing a course: the rules decide, the log keeps, the catalogue of this process knows at once.
import { isRefusal, load, transact, type Refusal, type Revision, type Sources } from '@trellis/event-sourcing';
import { COURSE_SCHEMA, course as rules, courseStream, eventSchema, rowKey, type CourseContent, type CourseId, type CoursePublished, type CourseRefusal, type TenantId } from '@trellis/learning';
import { digest16, schemaOf, uuidV5 } from '@trellis/service';
import { courseView, type Catalogue } from '@trellis/views';
import { appendParts } from './parts-append.js';

export const courseSchema = schemaOf<CourseContent>(COURSE_SCHEMA);

export interface Published {
  readonly course: CourseId;
  readonly version: number;
  readonly skills: number;
  readonly items: number;
  /** False: this very content was in force already. */
  readonly changed: boolean;
}

type PublishAnswer = Published | Refusal<CourseRefusal | 'item-of-another-course'>;

export class CourseDesk {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sources: Sources,
    private readonly catalogue: Catalogue,
    private readonly now: () => number,
  ) {}

  /** One after the other, as many as the service lets in: or two courses that come at once could both take an item. */
  publish(tenant: TenantId, id: CourseId, content: CourseContent): Promise<PublishAnswer> {
    const published = this.last.then(() => this.publishAlone(tenant, id, content));
    // The caller sees the error; the next in turn does not.
    this.last = published.catch(() => undefined);
    return published;
  }

  private async publishAlone(tenant: TenantId, id: CourseId, content: CourseContent): Promise<PublishAnswer> {
    // Another process may have published a course with such an item a moment ago.
    await this.catalogue.catchUp();
    const foreign = this.foreignItem(tenant, id, content);
    if (foreign !== null) return foreign;
    const { store, codec } = this.sources;
    const key = rowKey(tenant, id);
    // The content is part of the id: two that publish the same version number at once are no repeat of each other.
    const digest = digest16(JSON.stringify(content));
    const occurredAt = this.now();
    // So is the revision: parts of a version that was lost to damage must not stand for those of its next publication.
    const encoded = (event: CoursePublished, expected: Revision) =>
      codec.encode(uuidV5([tenant, 'course', id, event.data.version, digest, event.data.part, expected].join('\n')), digest, event, { source: 'api', occurredAt, schema: eventSchema('CoursePublished') });
    const settled = await transact(
      {
        load: () => load(this.sources, courseView, key),
        append: (events, expected) => appendParts(store, courseStream(tenant, id), events.map((event) => encoded(event, expected)), expected),
      },
      rules,
      { type: 'PublishCourse', content },
    );
    if (isRefusal(settled)) return settled;
    await this.catalogue.refresh(key);
    const version = this.catalogue.course(tenant, id)?.version ?? 0;
    return { course: id, version, skills: content.skills.length, items: content.items.length, changed: settled.events.length > 0 };
  }

  private foreignItem(tenant: TenantId, id: CourseId, { items }: CourseContent): Refusal<'item-of-another-course'> | null {
    for (const [at, item] of items.entries()) {
      const owner = this.catalogue.courseOf(tenant, item.id);
      if (owner === null || owner.id === id) continue;
      return {
        refused: 'item-of-another-course',
        detail: `items[${at}].id: "${item.id}" belongs to course "${owner.id}"; an item belongs to one course, so give it another id`,
      };
    }
    return null;
  }
}
