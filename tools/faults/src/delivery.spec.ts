import { load, MemoryStore, MemoryViews, Projector, type FollowedPage } from '@trellis/event-sourcing';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { learnerView } from '@trellis/views';
import { unreliably } from './delivery.js';
import { Randomness } from './randomness.js';
import { foldOf } from './row-checks.js';
import { Schoolwork } from './schoolwork.js';
import { collect } from './collect.js';

const view = learnerView(() => DEFAULT_CALIBRATION);
const SEEDS = Array.from({ length: 30 }, (_, n) => n);

async function deliver(seed: number) {
  const random = new Randomness(seed);
  const work = new Schoolwork(random.split('work'));
  const store = new MemoryStore(() => 0);
  const relay = unreliably(store, random.split('delivery'));
  const delivered: FollowedPage[] = [];
  const views = new MemoryViews();
  const sources = { store, views, codec: work.codec };
  for (let round = 0; round < 4; round++) {
    for (let n = 0; n < 8; n++) await store.appendObservations([work.observation()]);
    const stop = new AbortController();
    for await (const page of relay.follow({ after: delivered.at(-1)?.position ?? null, signal: stop.signal })) {
      delivered.push(page);
      if (page.caughtUp) stop.abort();
    }
    await new Projector({ ...sources, store: relay }, view).catchUp(new AbortController().signal);
  }
  return { store, sources, work, delivered: delivered.flatMap(({ records }) => records.map(({ position }) => Number(position))) };
}

it('drops, repeats, delays and reorders', async () => {
  const found = { dropped: false, repeated: false, reordered: false };
  for (const seed of SEEDS) {
    const { delivered } = await deliver(seed);
    found.dropped ||= new Set(delivered).size < 32;
    found.repeated ||= new Set(delivered).size < delivered.length;
    found.reordered ||= delivered.some((position, n) => position < (delivered[n - 1] ?? -1));
  }
  expect(found).toEqual({ dropped: true, repeated: true, reordered: true });
});

it('leaves every row the fold of its stream at its revision, and what is loaded the fold of all of it', async () => {
  for (const seed of SEEDS) {
    const { store, sources, work } = await deliver(seed);
    const rows = await collect(sources.views.scan({ name: view.name }));
    for (const stream of work.learners) {
      const key = stream.slice(view.prefix.length);
      const records = await collect(store.read(stream));
      const row = rows.find((one) => one.key === key)?.row;
      if (row !== undefined) expect(row.bytes).toEqual(foldOf(view, work.codec, key, records.slice(0, row.revision + 1)));
      const { state, revision } = await load(sources, view, key);
      expect(revision).toBe(records.length - 1);
      expect(view.encode(state)).toEqual(foldOf(view, work.codec, key, records));
    }
  }
});
