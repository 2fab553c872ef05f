// The courses of every tenant, in memory and current: what ingest writes into answers and the recommender chooses from.
import { EMPTY, foldOn, known, load, type Loaded, type Position, type Sources } from '@trellis/event-sourcing';
import { course as courseRules, courseStream, rowKey, splitKey, type Course, type CourseContent, type CourseId, type Item, type ItemId, type SkillId, type TenantId } from '@trellis/learning';
import { courseView } from './aggregate-view.js';

/** One version of a course, with what lookups need. */
export interface PublishedCourse {
  readonly id: CourseId;
  readonly version: number;
  readonly content: CourseContent;
  readonly items: ReadonlyMap<ItemId, Item>;
  readonly skills: ReadonlySet<SkillId>;
}

/** Versions other than the one in force, for looking at old decisions. */
const OLD_VERSIONS_KEPT = 8;

export class Catalogue {
  private readonly courses = new Map<string, Loaded<Course>>();
  private readonly published = new Map<TenantId, Map<CourseId, PublishedCourse>>();
  private readonly owners = new Map<TenantId, Map<ItemId, PublishedCourse>>();
  private readonly old = new Map<string, PublishedCourse>();
  /** Every course event up to here is taken in. */
  private reached: Position | null = null;
  private reading: Promise<void> = Promise.resolve();
  /** A reading that has not begun yet. */
  private next: Promise<void> | null = null;

  constructor(private readonly sources: Sources) {}

  /** Takes in every course that the log holds now. Afterwards `follow` or `refresh` keep it current. */
  async open(): Promise<Position | null> {
    const { store, views } = this.sources;
    // Rows hold everything up to their checkpoint; what came later is read from the log.
    let after = await views.checkpoint({ name: courseView.name });
    for await (const page of views.scan({ name: courseView.name })) {
      // A row of another version still says that there is a course: `load` folds it from the log.
      for (const { key } of page) await this.refresh(key);
    }
    // Rows that were lost meanwhile have taken their checkpoint with them.
    if ((await views.checkpoint({ name: courseView.name })) === null) after = null;
    const keys = new Set<string>();
    for await (const page of store.readAll({ after, prefix: courseView.prefix })) {
      for (const { stream } of page) keys.add(stream.slice(courseView.prefix.length));
    }
    for (const key of keys) await this.refresh(key);
    this.reached = after;
    return after;
  }

  /**
   * Takes in what other processes have published until now, before something is refused as unknown: whoever was told that a course
   * is published may use it at once, wherever. Calls that wait share one reading, which begins after all of them.
   */
  catchUp(): Promise<void> {
    if (this.next !== null) return this.next;
    const next = this.reading.then(() => {
      this.next = null;
      return this.readOn();
    });
    this.next = next;
    // Whoever waits sees the error; the next in turn does not.
    this.reading = next.catch(() => undefined);
    return next;
  }

  /** Keeps the catalogue current with what other processes publish, until the signal. `reached` hears how far it has come. */
  async follow(after: Position | null, signal: AbortSignal, reached?: (position: Position | null) => void): Promise<void> {
    for await (const { records, position } of this.sources.store.follow({ after, signal, prefix: courseView.prefix })) {
      for (const key of new Set(records.map(({ stream }) => stream.slice(courseView.prefix.length)))) await this.refresh(key);
      this.reached = position;
      reached?.(position);
    }
  }

  private async readOn(): Promise<void> {
    const keys = new Set<string>();
    for await (const page of this.sources.store.readAll({ after: this.reached, prefix: courseView.prefix })) {
      for (const { stream } of page) keys.add(stream.slice(courseView.prefix.length));
    }
    for (const key of keys) await this.refresh(key);
  }

  /** Brings one course up to what is durable now. */
  async refresh(key: string): Promise<void> {
    const known = this.courses.get(key);
    const loaded = known === undefined ? await load(this.sources, courseView, key) : await foldOn(this.sources, courseView, key, known);
    if ((this.courses.get(key)?.revision ?? EMPTY) >= loaded.revision) return;
    this.courses.set(key, loaded);
    const { tenant, id } = splitKey(key);
    // A course's key ends in its id.
    const published = publishedCourse(id as CourseId, loaded.state);
    if (published !== null) this.put(tenant, published);
  }

  course(tenant: TenantId, id: CourseId): PublishedCourse | null {
    return this.published.get(tenant)?.get(id) ?? null;
  }

  coursesOf(tenant: TenantId): readonly PublishedCourse[] {
    return [...(this.published.get(tenant)?.values() ?? [])];
  }

  /** The course that an item belongs to. */
  courseOf(tenant: TenantId, item: ItemId): PublishedCourse | null {
    return this.owners.get(tenant)?.get(item) ?? null;
  }

  /** A version as it was published, from the log; null if there is none. */
  async versionOf(tenant: TenantId, id: CourseId, version: number): Promise<PublishedCourse | null> {
    const current = this.course(tenant, id);
    if (current?.version === version) return current;
    const key = `${rowKey(tenant, id)}@${version}`;
    const kept = this.old.get(key);
    if (kept !== undefined) return kept;
    let state: Course = courseRules.initial;
    for await (const page of this.sources.store.read(courseStream(tenant, id))) {
      for (const event of known(this.sources.codec, page)) if (state.version < version) state = courseRules.evolve(state, event);
    }
    const published = state.version === version ? publishedCourse(id, state) : null;
    if (published !== null) {
      this.old.set(key, published);
      for (const oldest of this.old.keys()) if (this.old.size > OLD_VERSIONS_KEPT) this.old.delete(oldest);
    }
    return published;
  }

  private put(tenant: TenantId, course: PublishedCourse): void {
    const owners = this.owners.get(tenant) ?? new Map<ItemId, PublishedCourse>();
    const before = this.course(tenant, course.id);
    for (const item of before?.items.keys() ?? []) if (owners.get(item)?.id === course.id) owners.delete(item);
    for (const item of course.items.keys()) owners.set(item, course);
    this.owners.set(tenant, owners);
    this.published.set(tenant, (this.published.get(tenant) ?? new Map<CourseId, PublishedCourse>()).set(course.id, course));
  }
}

function publishedCourse(id: CourseId, { version, content }: Course): PublishedCourse | null {
  if (content === null) return null;
  return {
    id,
    version,
    content,
    items: new Map(content.items.map((item) => [item.id, item])),
    skills: new Set(content.skills.map((skill) => skill.id)),
  };
}
