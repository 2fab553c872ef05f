// Known bugs in how rows are folded and kept, planted at the view store and the projection.
import { passedOnViews } from './passed-on.js';
import type { PlantedBug } from './planted-bug.js';

export const PLANTED_IN_ROWS: readonly PlantedBug[] = [
  {
    name: 'checkpoint before row',
    caughtBy: ['rows'],
    alterations: {
      views: (views, { sleep }) =>
        passedOnViews(views, {
          write: async (view, rows, checkpoint) => {
            if (checkpoint !== undefined) await views.write(view, [], checkpoint);
            await sleep(1);
            await views.write(view, rows);
          },
        }),
    },
  },
  {
    name: 'late event folded in arrival order',
    caughtBy: ['rows'],
    alterations: {
      projection: (projection) => ({
        ...projection,
        fold: (state, event) => {
          const { newest } = state;
          const next = projection.fold(state, event);
          if (next !== 'late') return next;
          // Nothing comes after nothing.
          state.newest = null;
          const folded = projection.fold(state, event);
          state.newest = newest;
          return folded;
        },
      }),
    },
  },
  {
    name: 'a repeated event folded twice',
    caughtBy: ['rows'],
    alterations: {
      projection: (projection) => ({
        ...projection,
        refold: (key, events) => projection.refold(key, events.map((event) => (event.revision % 5 === 4 ? { ...event, id: `${event.id.slice(0, -1)}0` as typeof event.id } : event))),
      }),
    },
  },
  {
    name: 'a row that says a revision it does not contain',
    caughtBy: ['rows'],
    alterations: {
      views: (views, { random }) =>
        passedOnViews(views, {
          write: (view, rows, checkpoint) =>
            views.write(view, random.chance(0.2) ? rows.map(({ key, row }) => ({ key, row: { ...row, revision: row.revision + 1 } })) : rows, checkpoint),
        }),
    },
  },
  {
    name: 'a checkpoint that says more than was folded',
    caughtBy: ['rows'],
    alterations: {
      views: (views, { random }) =>
        passedOnViews(views, {
          write: (view, rows, checkpoint) => views.write(view, random.chance(0.3) ? rows.slice(1) : rows, checkpoint),
        }),
    },
  },
];
