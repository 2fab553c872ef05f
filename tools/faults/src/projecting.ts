// The projector in the simulated world: the real one, over a relay that may be a broken one, with rebuilds beside it.
import { Projector } from '@trellis/event-sourcing';
import { unreliably } from './delivery.js';
import type { Session } from './session.js';

/** Changed rows wait so long for more events: less than in earnest, so that crashes fall between. */
const WRITE_AFTER_MS = 30;

export interface Delivery {
  /** The relay passes on everything, once and in order. */
  readonly honest: boolean;
}

export async function project(session: Session, { honest }: Delivery): Promise<void> {
  const { world, random } = session;
  const sources = session.sources('the projector');
  const store = honest ? sources.store : unreliably(sources.store, random.split('delivery'));
  const projection = world.alterations.projection?.(world.projection) ?? world.projection;
  while (!session.signal.aborted) {
    try {
      const projector = new Projector({ ...sources, store }, projection, { pause: (ms, signal) => session.pause(ms, signal), writeAfterMs: WRITE_AFTER_MS });
      await projector.run(session.signal);
    } catch (error) {
      session.excuse(error);
    }
    await session.pause(random.between(1, 50));
  }
}

/** Brings the rows up to the end of the log, over a relay that passes on everything. */
export async function catchUp(session: Session): Promise<void> {
  const projection = session.world.alterations.projection?.(session.world.projection) ?? session.world.projection;
  await new Projector(session.sources('the last projector'), projection).catchUp(session.signal);
}

/** Folds everything anew beside the live rows, and switches. */
export async function rebuild(session: Session): Promise<void> {
  const { world, random } = session;
  const projection = world.alterations.projection?.(world.projection) ?? world.projection;
  while (!session.signal.aborted) {
    await session.pause(random.between(50, 400));
    if (session.signal.aborted) return;
    try {
      await new Projector(session.sources('the rebuild'), projection, { pause: (ms, signal) => session.pause(ms, signal) }).rebuild(session.signal);
    } catch (error) {
      session.excuse(error);
    }
  }
}
