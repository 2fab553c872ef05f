// What a KurrentDB store must do beyond `storeContract`, on the double and on a real server alike: several stores over one database,
// as several processes have them, and copies from other stores. Uses Jest's globals.
import { EMPTY, MemoryStore, type EventId, type EventStore, type Outgoing, type Recorded, type StreamName } from '@trellis/event-sourcing';
import { openKurrent, type Kurrent } from '../open-kurrent.js';

export interface Database {
  readonly connectionString: string;
  /** Keeps what one case writes apart from all others. */
  readonly namespace: string;
  close(): Promise<void>;
}

const WRITERS = 16;
const ana = 'learner-contract.ana' as StreamName; // a name of ours by construction

/** The n-th event. */
export function eventOf(n: number, change: Partial<Outgoing> = {}): Outgoing {
  // A UUID by construction.
  const id = `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId;
  return { id, type: 'AnswerGiven', digest: n.toString(16).padStart(16, '0'), bytes: new TextEncoder().encode(`{"n":${n}}`), ...change };
}

export async function everything(pages: AsyncIterable<readonly Recorded[]>): Promise<Recorded[]> {
  const records: Recorded[] = [];
  for await (const page of pages) records.push(...page);
  return records;
}

export function kurrentContract(name: string, openDatabase: () => Promise<Database>): void {
  const withStores = (count: number, use: (stores: readonly Kurrent[], open: (namespace: string) => Kurrent) => Promise<void>) => async () => {
    const database = await openDatabase();
    const opened: Kurrent[] = [];
    const open = (namespace: string): Kurrent => {
      const kurrent = openKurrent(database.connectionString, { namespace: database.namespace + namespace });
      opened.push(kurrent);
      return kurrent;
    };
    try {
      await use(Array.from({ length: count }, () => open('')), open);
    } finally {
      for (const kurrent of opened) await kurrent.close();
      await database.close();
    }
  };
  const both = (use: (one: EventStore, other: EventStore) => Promise<void>) =>
    withStores(2, ([one, other]) => use((one as Kurrent).store, (other as Kurrent).store)); // two were opened

  describe(`${name}, from several processes`, () => {
    it('loses no update of many writers on one stream, and gives each revision to one of them', withStores(4, async (stores) => {
      const EACH = 4;
      let conflicts = 0;
      await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
        const { store } = stores[writer % stores.length] as Kurrent; // the remainder is below the length
        for (let n = 0; n < EACH; ) {
          const head = (await everything(store.read(ana))).length - 1;
          const answer = await store.append(ana, [eventOf(writer * EACH + n)], head);
          if (answer === 'conflict') conflicts++;
          else {
            expect(answer).toMatchObject({ revision: head + 1, repeated: false });
            n++;
          }
        }
      }));
      const records = await everything((stores[0] as Kurrent).store.read(ana));
      expect(records.map(({ revision }) => revision)).toEqual(Array.from({ length: WRITERS * EACH }, (_, n) => n));
      expect(new Set(records.map(({ id }) => id)).size).toBe(WRITERS * EACH);
      expect(conflicts).toBeGreaterThan(0);
    }));

    it('takes appends that do not mind their place from everybody', withStores(4, async (stores) => {
      await Promise.all(Array.from({ length: WRITERS }, (_, n) => (stores[n % stores.length] as Kurrent).store.append(ana, [eventOf(n)], 'any')));
      expect(await everything((stores[0] as Kurrent).store.read(ana))).toHaveLength(WRITERS);
    }));

    it('sees a conflict and a repeat that another one caused after this one last looked', both(async (one, other) => {
      await one.append(ana, [eventOf(1)], EMPTY);
      const second = await other.append(ana, [eventOf(2)], 0);
      expect(await one.append(ana, [eventOf(3)], 0)).toBe('conflict');
      expect(await one.append(ana, [eventOf(2)], 0)).toEqual({ ...(second as object), repeated: true });
      expect(await one.append(ana, [eventOf(3)], 1)).toMatchObject({ revision: 2, repeated: false });
    }));

    it('gives one of two appends of the same ids the place, and tells the other that it repeats', both(async (one, other) => {
      const [first, second] = await Promise.all([
        one.append(ana, [eventOf(1, { digest: 'aaaaaaaaaaaaaaaa' })], EMPTY),
        other.append(ana, [eventOf(1, { digest: 'bbbbbbbbbbbbbbbb' })], EMPTY),
      ]);
      expect([first, second].map((answer) => answer !== 'conflict' && answer.repeated).sort()).toEqual([false, true]);
      const [record] = await everything(one.read(ana));
      const isOnes = first !== 'conflict' && !first.repeated;
      expect(record?.digest).toBe(isOnes ? 'aaaaaaaaaaaaaaaa' : 'bbbbbbbbbbbbbbbb');
    }));

    it('tells duplicates and contradictions of what another one recorded', both(async (one, other) => {
      await one.appendObservations([{ stream: ana, event: eventOf(1) }]);
      await other.appendObservations([2, 3].map((n) => ({ stream: ana, event: eventOf(n) })));
      const batch = [eventOf(2), eventOf(3, { digest: 'ffffffffffffffff' }), eventOf(4)];
      expect((await one.appendObservations(batch.map((event) => ({ stream: ana, event })))).outcomes).toEqual(['duplicate', 'contradiction', 'accepted']);
    }));

    it('keeps namespaces of one database apart', withStores(1, async ([first], open) => {
      const { store } = first as Kurrent; // one was opened
      const { store: apart } = open('apart-');
      await store.append(ana, [eventOf(1)], EMPTY);
      expect(await apart.head()).toBeNull();
      expect(await apart.append(ana, [eventOf(2)], EMPTY)).toMatchObject({ revision: 0 });
      expect((await everything(store.readAll())).map(({ id }) => id)).toEqual([eventOf(1).id]);
      expect((await everything(apart.readAll())).map(({ id }) => id)).toEqual([eventOf(2).id]);
    }));
  });

  describe(`${name}, filled from another store`, () => {
    const source = async (): Promise<MemoryStore> => {
      let now = Date.UTC(2026, 2, 2, 12);
      const store = new MemoryStore(() => (now += 7));
      for (let n = 0; n < 60; n++) await store.append(`learner-contract.${n % 7}` as StreamName, [eventOf(2 * n), eventOf(2 * n + 1)], 'any');
      return store;
    };
    const unplaced = ({ position: _, ...rest }: Recorded) => ({ ...rest, bytes: [...rest.bytes] });

    it('holds the same records in the same order with their times, and says where', withStores(1, async ([kurrent]) => {
      const memory = await source();
      const { copyIn, store } = kurrent as Kurrent; // one was opened
      const copies = [];
      for await (const page of copyIn(memory.readAll())) copies.push(...page);
      const target = await everything(store.readAll());
      const original = await everything(memory.readAll());
      expect(target.map(unplaced)).toEqual(original.map(unplaced));
      expect(copies.map(({ record }) => record)).toEqual(original);
      expect(copies.map(({ position }) => position)).toEqual(target.map(({ position }) => position));
    }));

    it('goes on where a copy broke off, and writes nothing twice', withStores(1, async ([kurrent]) => {
      const memory = await source();
      const { copyIn, store } = kurrent as Kurrent; // one was opened
      const some = (await everything(memory.readAll())).slice(0, 50);
      for await (const _ of copyIn(pagesOf(some))); // runs to its end
      for (let run = 0; run < 2; run++) {
        let count = 0;
        for await (const page of copyIn(memory.readAll())) count += page.length;
        expect(count).toBe(120);
        expect(await everything(store.readAll())).toHaveLength(120);
      }
    }));

    it('refuses a target that holds something else, and names the place and the field', withStores(1, async ([kurrent]) => {
      const memory = await source();
      const { copyIn, store } = kurrent as Kurrent; // one was opened
      await store.append('learner-contract.0' as StreamName, [eventOf(0), eventOf(999)], EMPTY);
      await expect(async () => { for await (const _ of copyIn(memory.readAll())); }).rejects.toThrow(/position 0 of the source: recordedAt is 17/);
      expect(await everything(store.readAll())).toHaveLength(2);
    }));

    it('appends behind what was copied', withStores(1, async ([kurrent]) => {
      const memory = await source();
      const { copyIn, store } = kurrent as Kurrent; // one was opened
      for await (const _ of copyIn(memory.readAll())); // runs to its end
      const stream = 'learner-contract.0' as StreamName;
      const head = (await everything(memory.read(stream))).length - 1;
      expect(await store.append(stream, [eventOf(5_000)], head)).toMatchObject({ revision: head + 1 });
      expect(await store.append(stream, [eventOf(0), eventOf(1)], EMPTY)).toMatchObject({ revision: 1, repeated: true });
    }));
  });
}

async function* pagesOf(records: readonly Recorded[]): AsyncGenerator<readonly Recorded[]> {
  yield records;
}
