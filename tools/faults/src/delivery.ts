// A relay between the log and whoever follows it that drops, repeats, delays and reorders records, and still says with
// each page how far it has come, as a broken one would.
import type { EventStore, FollowedPage, Recorded } from '@trellis/event-sourcing';
import { passedOnStore } from './passed-on.js';
import type { Randomness } from './randomness.js';

/** Records held back for a later page. */
const DELAYED_MAX = 8;
/** Records that may be delivered again. */
const REMEMBERED_MAX = 16;

/** The store as it is, but for what `follow` delivers. */
export function unreliably(store: EventStore, random: Randomness): EventStore {
  return passedOnStore(store, {
    async *follow(options): AsyncGenerator<FollowedPage> {
      const delayed: Recorded[] = [];
      const remembered: Recorded[] = [];
      for await (const page of store.follow(options)) {
        const records = random.chance(0.5) ? delayed.splice(0) : [];
        for (const record of page.records) {
          remembered.push(record);
          if (remembered.length > REMEMBERED_MAX) remembered.shift();
          const fate = random.weighted({ through: 6, dropped: 1, delayed: 1, twice: 1 });
          if (fate === 'through' || fate === 'twice') records.push(record);
          if (fate === 'twice') records.push(record);
          if (fate === 'delayed' && delayed.length < DELAYED_MAX) delayed.push(record);
        }
        if (remembered.length > 0 && random.chance(0.3)) records.push(random.pick(remembered));
        if (random.chance(0.3)) mix(records, random);
        yield { ...page, records };
      }
    },
  });
}

function mix(records: Recorded[], random: Randomness): void {
  for (let n = records.length - 1; n > 0; n--) {
    const other = random.below(n + 1);
    const [a, b] = [records[n], records[other]];
    if (a === undefined || b === undefined) return;
    records[n] = b;
    records[other] = a;
  }
}
