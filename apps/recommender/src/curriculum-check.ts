// Whether what a request names is in the courses; a clear problem where it is not.
import type { CourseId, ItemId, ObjectiveId, SkillId, Strategy, TenantId } from '@trellis/learning';
import { Problem } from '@trellis/service';
import type { Catalogue, PublishedCourse } from '@trellis/views';

/** Ids that a message lists. */
const LISTED_MAX = 5;

export class CurriculumCheck {
  constructor(private readonly catalogue: Catalogue) {}

  /** `field`: the member of the request that names it. */
  async course(tenant: TenantId, id: CourseId, field = 'course'): Promise<PublishedCourse> {
    const course = await this.found(() => this.catalogue.course(tenant, id));
    if (course === null) throw new Problem('unknown-course', `${field}: "${id}" is not published; publish it or name another.`, { field, value: id });
    return course;
  }

  objective({ id, content }: PublishedCourse, objective: ObjectiveId, field = 'objective'): void {
    if (content.objectives.some((each) => each.id === objective)) return;
    const known = content.objectives.slice(0, LISTED_MAX).map((each) => each.id);
    const right = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}${content.objectives.length > LISTED_MAX ? ', ...' : ''}`;
    throw new Problem('refused:unknown-objective', `${field}: course "${id}" has no objective "${objective}"; ${right}.`, { status: 422, field, value: objective });
  }

  skills({ id, skills }: PublishedCourse, named: readonly SkillId[], field: string): void {
    const at = named.findIndex((skill) => !skills.has(skill));
    if (at >= 0) throw new Problem('unknown-skill', `${field}[${at}]: course "${id}" has no skill "${named[at]}".`, { field: `${field}[${at}]`, value: named[at] });
  }

  async item(tenant: TenantId, item: ItemId, field = 'item'): Promise<void> {
    if ((await this.found(() => this.catalogue.courseOf(tenant, item))) === null) {
      throw new Problem('unknown-item', `${field}: no course has an item "${item}".`, { field, value: item });
    }
  }

  async skill(tenant: TenantId, skill: SkillId, field = 'skill'): Promise<void> {
    if ((await this.found(() => this.catalogue.coursesOf(tenant).find(({ skills }) => skills.has(skill)) ?? null)) === null) {
      throw new Problem('unknown-skill', `${field}: no course has a skill "${skill}".`, { field, value: skill });
    }
  }

  /** A mix by objective that names one of no course would never hold. */
  async strategy(tenant: TenantId, strategy: Strategy | null, field = 'strategy'): Promise<void> {
    if (strategy?.preset !== 'blended' || strategy.mix.by !== 'objective') return;
    for (const [at, { objective }] of strategy.mix.objectives.entries()) {
      const named = `${field}.mix.objectives[${at}].objective`;
      const found = await this.found(() => this.catalogue.coursesOf(tenant).find(({ content }) => content.objectives.some(({ id }) => id === objective)) ?? null);
      if (found === null) throw new Problem('refused:unknown-objective', `${named}: no course has an objective "${objective}".`, { status: 422, field: named, value: objective });
    }
  }

  /** Unknown perhaps only here: another process may have published it a moment ago. */
  private async found<Found>(look: () => Found | null): Promise<Found | null> {
    const found = look();
    if (found !== null) return found;
    await this.catalogue.catchUp();
    return look();
  }
}
