// A copy into KurrentDB that is disturbed: it ends with every record once, in order, or says where it differs.
import { MemoryStore, type Recorded, type StreamName } from '@trellis/event-sourcing';
import type { Copied } from './copy-in.js';
import { openKurrent } from './open-kurrent.js';
import type { Fate } from './testing/faults.js';
import { openKurrentDouble } from './testing/kurrent-double.js';
import { eventOf, everything } from './testing/kurrent-contract.js';

const COUNT = 700;
const FAULTS = 6;

async function source(): Promise<MemoryStore> {
  let now = Date.UTC(2026, 2, 2, 12);
  const store = new MemoryStore(() => (now += 7));
  for (let n = 0; n < COUNT; n++) await store.append(`learner-contract.${(n * n) % 11}` as StreamName, [eventOf(n)], 'any');
  return store;
}

const idsOf = (records: readonly Recorded[]) => records.map(({ id }) => id);

describe.each([
  ['that keeps an order over streams', ['append-records'] as const],
  ['that cannot', [] as const],
])('a copy into a server %s', (_, features) => {
  it.each<Fate>(['lost', 'written', 'lands-before-the-next', 'lands-after-the-next'])('goes on after broken connections with appends that are %s', async (fate) => {
    const double = await openKurrentDouble({ features });
    const { store, copyIn, close } = openKurrent(double.connectionString);
    const memory = await source();
    const copies: Copied[] = [];
    let pages = 0;
    double.faults.appends.push({ kind: 'disconnect', fate });
    for await (const page of copyIn(memory.readAll())) {
      copies.push(...page);
      if (pages++ < FAULTS) double.faults.appends.push({ kind: 'disconnect', fate });
    }
    const ids = idsOf(await everything(memory.readAll()));
    expect(idsOf(await everything(store.readAll()))).toEqual(ids);
    expect(idsOf(copies.map(({ record }) => record))).toEqual(ids);
    expect(double.counts.inOrder > 0).toBe(features.length > 0);
    await close();
    await double.close();
  });

  it('does not go on when somebody else writes to the target', async () => {
    const double = await openKurrentDouble({ features });
    const { store, copyIn, close } = openKurrent(double.connectionString);
    const memory = await source();
    let seen = 0;
    const copy = async (): Promise<void> => {
      for await (const page of copyIn(memory.readAll())) {
        if (seen === 0) await store.append('learner-contract.other' as StreamName, [eventOf(9_999)], 'any');
        seen += page.length;
      }
    };
    await expect(copy()).rejects.toMatchObject({ name: 'CopyDiffersError', retriable: false });
    expect(seen).toBeLessThan(COUNT);
    await close();
    await double.close();
  });
});
