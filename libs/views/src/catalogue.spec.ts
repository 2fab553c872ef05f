import { known, MemoryStore, MemoryViews, Projector, rowOf, type Position, type Recorded, type Sources } from '@trellis/event-sourcing';
import { course as rules, courseStream, rowKey, trellisCodec, type CourseContent, type CourseId, type ItemId, type TenantId } from '@trellis/learning';
import { courseView } from './aggregate-view.js';
import { Catalogue } from './catalogue.js';
import { content, idOf, MORNING } from './testing/events.js';

// Casts: names that keep to their patterns.
const algebra = 'algebra' as CourseId;
const north = 'north' as TenantId;
const south = 'south' as TenantId;
const item = (id: string): ItemId => id as ItemId;

interface World extends Sources {
  publish(content: CourseContent, where?: { readonly tenant?: TenantId; readonly id?: CourseId; readonly parts?: number }): Promise<void>;
}

function world(): World {
  const store = new MemoryStore(() => MORNING);
  const codec = trellisCodec();
  let events = 0;
  return {
    store,
    codec,
    views: new MemoryViews(),
    async publish(of, { tenant = north, id = algebra, parts } = {}) {
      const stream = courseStream(tenant, id);
      let state = rules.initial;
      for await (const page of store.read(stream)) for (const event of known(codec, page)) state = rules.evolve(state, event);
      const decided = rules.decide({ type: 'PublishCourse', content: of }, state);
      if ('refused' in decided) throw new Error(decided.detail);
      const outgoing = decided.slice(0, parts).map((event) => codec.encode(idOf(events++), '0', event, { source: 'api', occurredAt: MORNING, schema: 1 }));
      await store.append(stream, outgoing, 'any');
    },
  };
}

async function opened(sources: Sources): Promise<Catalogue> {
  const catalogue = new Catalogue(sources);
  await catalogue.open();
  return catalogue;
}

const first = content({ i1: ['fractions'], i2: ['decimals'] });
const second = content({ i2: ['decimals'], i3: ['fractions', 'decimals'] });
const signal = (): AbortSignal => new AbortController().signal;

describe('opening', () => {
  it('finds nothing in an empty log', async () => {
    const catalogue = await opened(world());
    expect(catalogue.coursesOf(north)).toEqual([]);
    expect(catalogue.course(north, algebra)).toBeNull();
    expect(catalogue.courseOf(north, item('i1'))).toBeNull();
  });

  it('takes courses from the log where there are no rows', async () => {
    const sources = world();
    await sources.publish(first);
    const catalogue = await opened(sources);
    const course = catalogue.course(north, algebra);
    expect(course?.version).toBe(1);
    expect(course?.content).toEqual(first);
    expect([...(course?.skills ?? [])]).toEqual(['fractions', 'decimals']);
    expect(catalogue.courseOf(north, item('i2'))).toBe(course);
  });

  it('takes courses from rows, and what came after them from the log', async () => {
    const sources = world();
    await sources.publish(first);
    await sources.publish(first, { id: 'geometry' as CourseId });
    await new Projector(sources, courseView).catchUp(signal());
    await sources.publish(second);
    await sources.publish(first, { id: 'physics' as CourseId });
    const catalogue = await opened(sources);
    expect(catalogue.coursesOf(north).map(({ id, version }) => [id, version]).sort()).toEqual([['algebra', 2], ['geometry', 1], ['physics', 1]]);
  });

  it('does not lose a course whose row was made by another version of the fold', async () => {
    const sources = world();
    await sources.publish(first);
    await new Projector(sources, courseView).catchUp(signal());
    const key = rowKey(north, algebra);
    const checkpoint = await sources.views.checkpoint({ name: courseView.name });
    const row = rowOf({ ...courseView, versionOf: () => 'older', encode: () => Uint8Array.of(1) }, { state: rules.initial, revision: 0 });
    await sources.views.write({ name: courseView.name }, [{ key, row }], checkpoint ?? undefined);
    expect((await opened(sources)).course(north, algebra)?.content).toEqual(first);
  });

  it('takes from the log what rows no longer hold that are lost while it opens', async () => {
    const sources = world();
    await sources.publish(first);
    await sources.publish(first, { id: 'geometry' as CourseId });
    await new Projector(sources, courseView).catchUp(signal());
    const { views } = sources;
    const scan = views.scan.bind(views);
    views.scan = async function* (view, prefix) {
      // The checkpoint has been read by now; it goes with the rows.
      await views.drop(view);
      yield* scan(view, prefix);
    };
    const catalogue = new Catalogue(sources);
    expect(await catalogue.open()).toBeNull();
    expect(catalogue.coursesOf(north).map(({ id, version }) => [id, version]).sort()).toEqual([['algebra', 1], ['geometry', 1]]);
  });
});

describe('a new version', () => {
  it('replaces the items, and is seen after a refresh', async () => {
    const sources = world();
    await sources.publish(first);
    const catalogue = await opened(sources);
    await sources.publish(second);
    expect(catalogue.course(north, algebra)?.version).toBe(1);
    await catalogue.refresh(rowKey(north, algebra));
    expect(catalogue.course(north, algebra)?.version).toBe(2);
    expect(catalogue.courseOf(north, item('i1'))).toBeNull();
    expect(catalogue.courseOf(north, item('i3'))?.version).toBe(2);
  });

  it('leaves the old one readable', async () => {
    const sources = world();
    await sources.publish(first);
    await sources.publish(second);
    const catalogue = await opened(sources);
    expect((await catalogue.versionOf(north, algebra, 1))?.content).toEqual(first);
    expect(await catalogue.versionOf(north, algebra, 1)).toBe(await catalogue.versionOf(north, algebra, 1));
    expect(await catalogue.versionOf(north, algebra, 2)).toBe(catalogue.course(north, algebra));
    expect(await catalogue.versionOf(north, algebra, 3)).toBeNull();
    expect(await catalogue.versionOf(north, 'none' as CourseId, 1)).toBeNull();
  });

  it('keeps a few old versions at hand, and finds the others again', async () => {
    const sources = world();
    for (let n = 0; n < 12; n++) await sources.publish({ ...first, title: `Algebra ${n + 1}` });
    const catalogue = await opened(sources);
    for (const round of [1, 2]) {
      for (let version = 1; version <= 12; version++) {
        expect([round, (await catalogue.versionOf(north, algebra, version))?.content.title]).toEqual([round, `Algebra ${version}`]);
      }
    }
  });

  it('takes no effect before its last part', async () => {
    const sources = world();
    await sources.publish(first);
    const large = content(Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`large-${n}`, ['fractions']])));
    await sources.publish(large, { parts: 1 });
    const catalogue = await opened(sources);
    expect(catalogue.course(north, algebra)?.version).toBe(1);
    expect(await catalogue.versionOf(north, algebra, 2)).toBeNull();
    await sources.publish(large);
    await catalogue.refresh(rowKey(north, algebra));
    expect(catalogue.course(north, algebra)?.content.items.length).toBe(4_000);
  });
});

describe('following', () => {
  it('takes in what others publish, until the signal', async () => {
    const sources = world();
    const catalogue = await opened(sources);
    const stop = new AbortController();
    const following = catalogue.follow(null, stop.signal);
    await sources.publish(first);
    while (catalogue.course(north, algebra) === null) await Promise.resolve();
    stop.abort();
    await following;
    expect(catalogue.course(north, algebra)?.version).toBe(1);
  });

  it('goes on from where it had come, after it was broken off', async () => {
    const sources = world();
    const catalogue = await opened(sources);
    let reached: Position | null = null;
    const followed = async (version: number): Promise<readonly (Position | null)[]> => {
      const stop = new AbortController();
      const places: (Position | null)[] = [];
      const following = catalogue.follow(reached, stop.signal, (position) => void places.push((reached = position)));
      while (catalogue.course(north, algebra)?.version !== version || reached !== (await sources.store.head())) await Promise.resolve();
      stop.abort();
      await following;
      return places;
    };
    await sources.publish(first);
    const before = await followed(1);
    await sources.publish(second);
    const after = await followed(2);
    expect(after.at(-1)).toBe(await sources.store.head());
    expect(after.filter((position) => before.slice(0, -1).includes(position))).toEqual([]);
  });
});

describe('tenants', () => {
  it('see nothing of each other, even under the same names', async () => {
    const sources = world();
    await sources.publish(first, { tenant: north });
    await sources.publish(second, { tenant: south });
    const catalogue = await opened(sources);
    expect(catalogue.coursesOf(north).map(({ content: of }) => of)).toEqual([first]);
    expect(catalogue.courseOf(north, item('i3'))).toBeNull();
    expect(catalogue.courseOf(south, item('i1'))).toBeNull();
    expect((await catalogue.versionOf(south, algebra, 1))?.content).toEqual(second);
  });
});

describe('catching up', () => {
  it('knows what others have published until then, though it follows nobody', async () => {
    const sources = world();
    const catalogue = await opened(sources);
    await sources.publish(first);
    expect(catalogue.courseOf(north, item('i1'))).toBeNull();
    await catalogue.catchUp();
    expect(catalogue.courseOf(north, item('i1'))?.version).toBe(1);
  });

  it('never answers from a reading that began before the call', async () => {
    const sources = world();
    const catalogue = await opened(sources);
    const readAll = sources.store.readAll.bind(sources.store);
    const gate = Promise.withResolvers<void>();
    let readings = 0;
    sources.store.readAll = async function* (range) {
      const isFirst = ++readings === 1;
      // What was there when it began.
      const pages: (readonly Recorded[])[] = [];
      for await (const page of readAll(range)) pages.push(page);
      if (isFirst) await gate.promise;
      yield* pages;
    };
    const early = catalogue.catchUp();
    while (readings === 0) await new Promise((resolve) => setImmediate(resolve));
    await sources.publish(first);
    const late = [catalogue.catchUp(), catalogue.catchUp()];
    gate.resolve();
    await Promise.all([early, ...late]);
    expect(catalogue.courseOf(north, item('i1'))?.version).toBe(1);
    expect(readings).toBe(2);
  });
});
