// The words that hold for one learner: the rules decide, the learner's log keeps.
import { isRefusal, transact, type EventId, type Instant, type Loaded, type Observation, type Refusal, type Revision, type Sources } from '@trellis/event-sourcing';
import { eventSchema, learnerPlan, learnerStream, type LearnerId, type Plan, type PlanCommand, type PlanEvent, type PlanRefusal, type Preferences, type TenantId } from '@trellis/learning';
import type { Recommender } from '@trellis/recommendation';
import { digest16, uuidV5 } from '@trellis/service';
import type { LearnerState } from '@trellis/views';

export interface PlanOrder {
  readonly tenant: TenantId;
  readonly learner: LearnerId;
  /** Or what they are, once the learner is known as of the revision that they will rest on; null: none. */
  readonly command: PlanCommand | readonly PlanCommand[] | ((loaded: Loaded<LearnerState>) => Promise<PlanCommand | null>);
  /** Fixed before the first try, so that a try whose outcome got lost is a repeat: the same id is the same order. */
  readonly orderId: string;
  readonly now: Instant;
}

export interface PlanSettled {
  /** False: it was so already. */
  readonly changed: boolean;
  /** Of the learner's stream. */
  readonly revision: Revision;
  readonly events: readonly PlanEvent[];
}

/** The id of the event that comes n-th of an order. */
export function orderedId(orderId: string, n: number): EventId {
  return uuidV5([orderId, n].join('\n'));
}

export class PlanDesk {
  constructor(
    private readonly sources: Sources,
    private readonly recommender: Recommender,
  ) {}

  async settle({ tenant, learner, command, orderId, now }: PlanOrder): Promise<PlanSettled | Refusal<PlanRefusal>> {
    const stream = learnerStream(tenant, learner);
    const settled = await transact(
      {
        load: async () => {
          const loaded = await this.recommender.learner(tenant, learner);
          const given = typeof command === 'function' ? await command(loaded) : command;
          const commands = given === null ? [] : 'type' in given ? [given] : given;
          return { state: { plan: loaded.state.plan, commands }, revision: loaded.revision };
        },
        append: (events, expected) => this.sources.store.append(stream, events.map((event, n) => this.encoded(event, orderedId(orderId, n), now)), expected),
      },
      together,
      null,
    );
    return isRefusal(settled) ? settled : { changed: settled.events.length > 0, revision: settled.revision, events: settled.events };
  }

  /** Facts: never refused for what they say. False where nothing was new. */
  async state(tenant: TenantId, learner: LearnerId, { preferences, now, orderId }: { readonly preferences: Preferences; readonly now: Instant; readonly orderId: string }): Promise<{ readonly changed: boolean }> {
    const { state } = await this.recommender.learner(tenant, learner);
    const before = state.told.preferences;
    // Members of both keep their order, which is that of the request.
    const isNew = Object.entries(preferences).some(([name, value]) => JSON.stringify(before[name as keyof Preferences]) !== JSON.stringify(value));
    if (!isNew) return { changed: false };
    const event = { type: 'PreferenceStated', data: preferences } as const;
    const id = uuidV5([orderId, 'preferences'].join('\n'));
    const encoded = this.sources.codec.encode(id, digest16(id), event, { source: 'api', occurredAt: now, schema: eventSchema('PreferenceStated') });
    const observation: Observation = { stream: learnerStream(tenant, learner), event: encoded };
    await this.sources.store.appendObservations([observation]);
    return { changed: true };
  }

  private encoded(event: PlanEvent, id: EventId, occurredAt: Instant): ReturnType<Sources['codec']['encode']> {
    return this.sources.codec.encode(id, digest16(id), event, { source: 'api', occurredAt, schema: eventSchema(event.type) });
  }
}

/** One after another, all or none. What the commands are is part of what was loaded. */
const together = {
  decide: (_: null, { plan: before, commands }: { readonly plan: Plan; readonly commands: readonly PlanCommand[] }): readonly PlanEvent[] | Refusal<PlanRefusal> => {
    const all: PlanEvent[] = [];
    let plan = before;
    for (const command of commands) {
      const events = learnerPlan.decide(command, plan);
      if (isRefusal(events)) return events;
      plan = events.reduce(learnerPlan.evolve, plan);
      all.push(...events);
    }
    return all;
  },
};
