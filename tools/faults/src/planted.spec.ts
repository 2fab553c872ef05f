import { firstCatch, PLANTED } from './planted.js';

const SEEDS_MAX = 500;
/** How long it takes is no part of what is tested. */
const PATIENCE_MS = 600_000;

it.each(PLANTED.map((bug) => [bug.name, bug] as const))(
  'is found: %s',
  async (_, bug) => {
    const found = await firstCatch(bug, { from: 1, to: SEEDS_MAX });
    expect(bug.caughtBy).toContain(found?.violation.promised ?? `nothing within ${SEEDS_MAX} seeds`);
  },
  PATIENCE_MS,
);
