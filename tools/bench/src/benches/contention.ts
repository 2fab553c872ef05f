// Writers that decide on what they have read: each reads the newest number of a stream and appends the next one, expecting the
// revision that it read. Every number must be there once: a lost update would leave one out or give one twice.
import { openEmbedded } from '@trellis/embedded';
import { EMPTY, type EventStore, type StreamName } from '@trellis/event-sourcing';
import { digest16, uuidV5 } from '@trellis/service';
import type { Benchmark, Measured } from '../benchmark.js';
import { numbersFrom } from '../course-work.js';
import { workOff } from '../load.js';

const WRITERS = 16;
const STREAMS = 1_000;
/** Of one side of one round. */
const UPDATES_OF_ONE = 3_000;
const UPDATES_OF_MANY = 30_000;

export const contention: Benchmark = {
  name: 'contention',
  title: 'Writers that expect a revision',
  prepare: async ({ workplace, scale }) => {
    const { store, close } = await openEmbedded(workplace.folder());
    let rounds = 0;
    const side = (name: string, streams: number, updates: number) => async (): Promise<Measured> => {
      const random = numbersFrom(++rounds);
      const names = Array.from({ length: streams }, (_, n) => `learner-default.${name}-${rounds}-${n}` as StreamName); // as the pattern of such names has it
      const counters = new Counters(store);
      const ready = Array.from({ length: Math.max(WRITERS, Math.round(updates * scale.size)) }, () => names[Math.floor(random() * names.length)] ?? failed());
      const { perSecond } = await workOff(ready, WRITERS, (stream) => counters.add(stream));
      await counters.check(ready);
      return { [name]: perSecond, [`${name} tries`]: counters.tries / ready.length };
    };
    const one = side('one', 1, UPDATES_OF_ONE);
    const many = side('many', STREAMS, UPDATES_OF_MANY);
    for (const warmUp of [one, many]) await warmUp();
    return {
      sides: [one, many],
      rows: [
        { what: `${WRITERS} writers on one stream`, unit: 'updates/s', figure: 'one' },
        { what: 'the same: one, and one for each conflict', unit: 'appends an update', figure: 'one tries' },
        { what: `${WRITERS} writers on ${STREAMS.toLocaleString('en')} streams`, unit: 'updates/s', figure: 'many' },
        { what: 'the same', unit: 'appends an update', figure: 'many tries' },
      ],
      notes: ['An update reads what is new in the stream, appends the next number expecting that revision, and begins again at a conflict. After each round every stream is read: no update was lost.'],
      close,
    };
  },
};

interface Known {
  readonly revision: number;
  readonly value: number;
}

const NOTHING: Known = { revision: EMPTY, value: 0 };

class Counters {
  tries = 0;
  private made = 0;
  /** The newest number of each stream that any writer has read. */
  private readonly known = new Map<StreamName, Known>();

  constructor(private readonly store: EventStore) {}

  /** Adds one to the number of a stream. */
  async add(stream: StreamName): Promise<void> {
    for (;;) {
      const known = await this.newest(stream, this.known.get(stream) ?? NOTHING);
      this.known.set(stream, known);
      this.tries++;
      const name = `${stream} ${this.made++}`;
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(known.value + 1);
      const event = { id: uuidV5(name), type: 'Counted', digest: digest16(name), bytes };
      if ((await this.store.append(stream, [event], known.revision)) !== 'conflict') return;
    }
  }

  /** The number of every stream is how often one was added to it. */
  async check(added: readonly StreamName[]): Promise<void> {
    for (const [stream, all] of Map.groupBy(added, (name) => name)) {
      const { revision, value } = await this.newest(stream, NOTHING);
      if (value !== all.length || revision !== all.length - 1) throw new Error(`${stream} came to ${value} at revision ${revision} after ${all.length} updates: an update was lost`);
    }
  }

  /** Reads what lies behind `known`; every number is one more than that before it. */
  private async newest(stream: StreamName, known: Known): Promise<Known> {
    let { revision, value } = known;
    for await (const page of this.store.read(stream, { from: known.revision + 1 })) {
      for (const record of page) {
        const next = Buffer.from(record.bytes).readUInt32BE();
        if (next !== value + 1) throw new Error(`${stream}@${record.revision} has ${next} behind ${value}: an update was lost`);
        ({ revision } = record);
        value = next;
      }
    }
    return { revision, value };
  }
}

function failed(): never {
  throw new Error('there is no stream');
}
