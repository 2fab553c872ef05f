// The steps between a request and its answer, as whoever measures and traces them sees them.
import type { Appended, EventStore, Expected, Observation, Outgoing, Recorded, Recording, StreamName, ViewStore } from '@trellis/event-sourcing';
import type { Loaded } from '@trellis/event-sourcing';
import { Recommender, type Circumstances } from '@trellis/recommendation';
import type { LearnerId, TenantId, Decision } from '@trellis/learning';
import type { LearnerState } from '@trellis/views';

export type Step = 'append' | 'read' | 'rows' | 'fold' | 'choose';

export interface Steps {
  around<Result>(step: Step, attributes: Readonly<Record<string, string | number>>, work: () => Promise<Result>): Promise<Result>;
  /** For what does not wait. */
  aroundSync<Result>(step: Step, attributes: Readonly<Record<string, string | number>>, work: () => Result): Result;
  /** An append that somebody else was faster than. */
  conflict(): void;
}

/** Nobody measures until `by` is set: the engine is opened before the service that measures it is there. */
export class StepsHeard implements Steps {
  by: Steps | null = null;

  around<Result>(step: Step, attributes: Readonly<Record<string, string | number>>, work: () => Promise<Result>): Promise<Result> {
    return this.by === null ? work() : this.by.around(step, attributes, work);
  }

  aroundSync<Result>(step: Step, attributes: Readonly<Record<string, string | number>>, work: () => Result): Result {
    return this.by === null ? work() : this.by.aroundSync(step, attributes, work);
  }

  conflict(): void {
    this.by?.conflict();
  }
}

export function observedStore(store: EventStore, steps: Steps): EventStore {
  return {
    append: async (stream: StreamName, events: readonly Outgoing[], expected: Expected): Promise<Appended | 'conflict'> => {
      const appended = await steps.around('append', { 'trellis.events': events.length }, () => store.append(stream, events, expected));
      if (appended === 'conflict') steps.conflict();
      return appended;
    },
    appendObservations: (batch: readonly Observation[]): Promise<Recording> => steps.around('append', { 'trellis.events': batch.length }, () => store.appendObservations(batch)),
    read: (stream, range) => observedPages(store.read(stream, range), steps),
    readAll: (range) => store.readAll(range),
    follow: (options) => store.follow(options),
    find: (stream, id) => steps.around('read', {}, () => store.find(stream, id)),
    head: () => store.head(),
    lag: (after) => store.lag(after),
    close: () => store.close(),
  };
}

/** Of most streams the first page is the last. */
async function* observedPages(pages: AsyncIterable<readonly Recorded[]>, steps: Steps): AsyncGenerator<readonly Recorded[]> {
  const reading = pages[Symbol.asyncIterator]();
  try {
    for (let page = await steps.around('read', {}, () => reading.next()); page.done !== true; page = await reading.next()) yield page.value;
  } finally {
    await reading.return?.();
  }
}

export function observedViews(views: ViewStore, steps: Steps): ViewStore {
  return { ...passedOn(views), read: (view, keys) => steps.around('rows', { 'trellis.view': view.name }, () => views.read(view, keys)) };
}

/** A view store is a class: its methods are not its own properties. */
export function passedOn(views: ViewStore): ViewStore {
  return {
    read: (view, keys) => views.read(view, keys),
    scan: (view, prefix) => views.scan(view, prefix),
    write: (view, rows, checkpoint) => views.write(view, rows, checkpoint),
    checkpoint: (view) => views.checkpoint(view),
    moveCheckpoint: (view, from, to) => views.moveCheckpoint(view, from, to),
    incarnation: () => views.incarnation(),
    count: (view) => views.count(view),
    liveGeneration: (name) => views.liveGeneration(name),
    nextGeneration: (name) => views.nextGeneration(name),
    activate: (name, generation) => views.activate(name, generation),
    drop: (view) => views.drop(view),
    close: () => views.close(),
  };
}

export class ObservedRecommender extends Recommender {
  constructor(
    private readonly steps: Steps,
    ...parts: ConstructorParameters<typeof Recommender>
  ) {
    super(...parts);
  }

  override learner(tenant: TenantId, learner: LearnerId): Promise<Loaded<LearnerState>> {
    return this.steps.around('fold', { 'trellis.view': this.learners.name }, () => super.learner(tenant, learner));
  }

  override learnerInTurn(tenant: TenantId, learner: LearnerId): Promise<Loaded<LearnerState>> {
    return this.steps.around('fold', { 'trellis.view': this.learners.name }, () => super.learnerInTurn(tenant, learner));
  }

  protected override decide(circumstances: Circumstances): Decision {
    return this.steps.aroundSync('choose', {}, () => super.decide(circumstances));
  }
}
