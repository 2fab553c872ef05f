// The promises of `append` and `appendObservations`.
import { EMPTY, EVENT_BYTES_MAX, type Revision } from '../records.js';
import type { Appended } from '../event-store.js';
import { collect, eventOf, eventsOf, idOf, outgoing, streamNamed, type WithStore } from './contract-events.js';

const ana = streamNamed('ana');
const ben = streamNamed('ben');

export function appendContract(withStore: WithStore, { knowsAllIds }: { readonly knowsAllIds: boolean }): void {
  describe('append', () => {
    it('starts a stream at revision 0 and says where the last event is', withStore(async ({ store }) => {
      const answer = await store.append(ana, eventsOf(1, 3), EMPTY);
      expect(answer).toEqual({ revision: 2, position: await store.head(), repeated: false });
    }));

    it('appends when the stream is where it was expected', withStore(async ({ store }) => {
      await store.append(ana, [eventOf(1)], EMPTY);
      expect(await store.append(ana, [eventOf(2)], 0)).toMatchObject({ revision: 1, repeated: false });
      expect(await store.append(ana, [eventOf(3)], 'any')).toMatchObject({ revision: 2, repeated: false });
    }));

    it.each<[string, number, Revision]>([
      ['an empty stream expected to hold something', 0, 0],
      ['a stream expected to be empty',              2, EMPTY],
      ['a stale expectation',                        2, 0],
      ['an expectation ahead of the stream',         2, 2],
    ])('answers conflict to %s and writes nothing', (_, held, expected) => withStore(async ({ store }) => {
      if (held > 0) await store.append(ana, eventsOf(1, held), EMPTY);
      expect(await store.append(ana, [eventOf(9)], expected)).toBe('conflict');
      expect(await collect(store.read(ana))).toHaveLength(held);
      expect(await store.find(ana, idOf(9))).toBeNull();
    })());

    it('answers a repeat with the first place, whatever is expected', withStore(async ({ store }) => {
      const first = await store.append(ana, eventsOf(1, 2), EMPTY);
      await store.append(ana, [eventOf(3)], 1);
      for (const expected of [EMPTY, 1, 2, 7, 'any'] as const) {
        expect(await store.append(ana, eventsOf(1, 2), expected)).toEqual({ ...(first as Appended), repeated: true });
      }
      expect(await collect(store.read(ana))).toHaveLength(3);
    }));

    it('answers conflict when some but not all ids are in the stream', withStore(async ({ store }) => {
      await store.append(ana, eventsOf(1, 2), EMPTY);
      expect(await store.append(ana, eventsOf(2, 2), 1)).toBe('conflict');
      expect(await store.append(ana, eventsOf(2, 2), 'any')).toBe('conflict');
      expect(await collect(store.read(ana))).toHaveLength(2);
    }));

    if (knowsAllIds) {
      it('refuses an id that another stream has, whatever is expected', withStore(async ({ store }) => {
        await store.append(ana, eventsOf(1, 2), EMPTY);
        expect(await store.append(ben, [eventOf(1)], EMPTY)).toBe('conflict');
        expect(await store.append(ben, [eventOf(3), eventOf(1)], 'any')).toBe('conflict');
        expect(await collect(store.read(ben))).toHaveLength(0);
        expect(await store.find(ben, idOf(1))).toBeNull();
        expect((await store.find(ana, idOf(1)))?.stream).toBe(ana);
      }));
    } else {
      it('looks for an id in the stream itself only', withStore(async ({ store }) => {
        await store.append(ana, [eventOf(1)], EMPTY);
        expect(await store.append(ben, [eventOf(1)], EMPTY)).toMatchObject({ revision: 0, repeated: false });
        expect((await store.find(ana, idOf(1)))?.stream).toBe(ana);
        expect((await store.find(ben, idOf(1)))?.stream).toBe(ben);
      }));
    }

    it('refuses an append without events, or with one id twice', withStore(async ({ store }) => {
      await expect(async () => store.append(ana, [], 'any')).rejects.toThrow(/at least one event/);
      await expect(async () => store.append(ana, [eventOf(1), eventOf(1)], 'any')).rejects.toThrow(/twice/);
      expect(await store.head()).toBeNull();
    }));

    it('takes an event of the greatest size and refuses a larger one, naming both sizes', withStore(async ({ store }) => {
      const largest = eventOf(1, { bytes: new Uint8Array(EVENT_BYTES_MAX).fill(7) });
      const tooLarge = eventOf(2, { bytes: new Uint8Array(EVENT_BYTES_MAX + 1) });
      const says = new RegExp(`${EVENT_BYTES_MAX + 1} bytes.*${EVENT_BYTES_MAX}`);
      await store.append(ana, [largest], EMPTY);
      await expect(async () => store.append(ana, [eventOf(3), tooLarge], 'any')).rejects.toThrow(says);
      await expect(async () => store.appendObservations([{ stream: ana, event: tooLarge }])).rejects.toThrow(says);
      const records = await collect(store.read(ana));
      expect(records).toHaveLength(1);
      expect(Buffer.compare(records[0]?.bytes ?? Buffer.alloc(0), largest.bytes)).toBe(0);
    }));

    it('lets exactly one of many concurrent appenders win each revision', withStore(async ({ store }) => {
      const APPENDERS = 8;
      const EACH = 10;
      let conflicts = 0;
      const appender = async (n: number): Promise<void> => {
        for (let k = 0; k < EACH; ) {
          const revision = (await collect(store.read(ana))).length - 1;
          const answer = await store.append(ana, [eventOf(n * EACH + k)], revision);
          if (answer === 'conflict') conflicts++;
          else {
            expect(answer).toMatchObject({ revision: revision + 1, repeated: false });
            k++;
          }
        }
      };
      await Promise.all(Array.from({ length: APPENDERS }, (_, n) => appender(n)));
      const records = await collect(store.read(ana));
      expect(records.map(({ revision }) => revision)).toEqual(Array.from({ length: APPENDERS * EACH }, (_, n) => n));
      expect(new Set(records.map(({ id }) => id)).size).toBe(APPENDERS * EACH);
      expect(conflicts).toBeGreaterThan(0);
    }));

    it('decides appends sent together in the order they were sent', withStore(async ({ store }) => {
      const answers = await Promise.all([
        store.append(ana, [eventOf(1)], EMPTY),
        store.append(ana, [eventOf(2)], EMPTY),
        store.append(ana, [eventOf(3)], 0),
        store.append(ana, [eventOf(1)], EMPTY),
      ]);
      expect(answers).toEqual([
        expect.objectContaining({ revision: 0, repeated: false }),
        'conflict',
        expect.objectContaining({ revision: 1, repeated: false }),
        expect.objectContaining({ revision: 0, repeated: true }),
      ]);
    }));
  });

  describe('appendObservations', () => {
    const observations = (first: number, count: number) =>
      eventsOf(first, count).map((event, index) => ({ stream: index % 2 === 0 ? ana : ben, event }));

    it('takes facts of many streams and covers them with its position', withStore(async ({ store }) => {
      const { outcomes, position } = await store.appendObservations(observations(1, 5));
      expect(outcomes).toEqual(Array(5).fill('accepted'));
      expect(await store.lag(position)).toBe(0);
      expect((await collect(store.read(ana))).map(({ id }) => id)).toEqual([idOf(1), idOf(3), idOf(5)]);
      expect((await collect(store.read(ben))).map(({ id }) => id)).toEqual([idOf(2), idOf(4)]);
    }));

    it('takes each id once: again, within one batch, and after an append', withStore(async ({ store }) => {
      await store.append(ana, [eventOf(1)], EMPTY);
      const batch = [1, 2, 2, 3].map((n) => ({ stream: ana, event: eventOf(n) }));
      expect((await store.appendObservations(batch)).outcomes).toEqual(['duplicate', 'accepted', 'duplicate', 'accepted']);
      const again = await store.appendObservations(batch);
      expect(again.outcomes).toEqual(Array(4).fill('duplicate'));
      expect(await store.lag(again.position)).toBe(0);
      expect(await collect(store.read(ana))).toHaveLength(3);
    }));

    it('keeps what came first when an id comes with another digest', withStore(async ({ store }) => {
      const other = { digest: 'ffffffffffffffff', bytes: Uint8Array.of(1) };
      await store.appendObservations([{ stream: ana, event: eventOf(1) }]);
      const { outcomes } = await store.appendObservations([
        { stream: ana, event: eventOf(1, other) },
        { stream: ana, event: eventOf(2) },
        { stream: ana, event: eventOf(2, other) },
      ]);
      expect(outcomes).toEqual(['contradiction', 'accepted', 'contradiction']);
      expect((await collect(store.read(ana))).map(outgoing)).toEqual([eventOf(1), eventOf(2)]);
    }));

    it('answers an empty batch with the head', withStore(async ({ store }) => {
      expect(await store.appendObservations([])).toEqual({ outcomes: [], position: null });
      await store.append(ana, [eventOf(1)], EMPTY);
      expect(await store.appendObservations([])).toEqual({ outcomes: [], position: await store.head() });
    }));

    it('takes the same facts once from many senders at the same time', withStore(async ({ store }) => {
      const sent = await Promise.all(Array.from({ length: 8 }, () => store.appendObservations(observations(1, 40))));
      expect(sent.flatMap(({ outcomes }) => outcomes).filter((outcome) => outcome === 'accepted')).toHaveLength(40);
      expect(await collect(store.readAll())).toHaveLength(40);
    }));
  });
}
