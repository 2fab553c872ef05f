// The promises of reading: order, ranges, pages, and what outlives the process.
import { EMPTY, type Recorded } from '../records.js';
import { collect, eventOf, eventsOf, idOf, outgoing, streamNamed, type WithStore } from './contract-events.js';

/** No page of any store is longer. */
const PAGE_EVENTS_MAX = 5_000;
const MANY = 6_000;
const ana = streamNamed('ana');
const ben = streamNamed('ben');
const course = streamNamed('algebra', 'course');

export function readContract(withStore: WithStore): void {
  describe('read', () => {
    it('has no pages for a stream that does not exist', withStore(async ({ store }) => {
      for await (const page of store.read(ana)) throw new Error(`a page of ${page.length}`);
      await store.append(ana, [eventOf(1)], EMPTY);
      expect(await collect(store.read(streamNamed('an')))).toEqual([]);
    }));

    it('gives back what was appended, byte for byte', withStore(async ({ store }) => {
      const bytes = Uint8Array.from({ length: 1_024 }, (_, n) => n % 256);
      const sent = [eventOf(1, { bytes }), eventOf(2, { bytes: new Uint8Array() }), eventOf(3, { type: 'Grüße' })];
      await store.append(ana, sent, EMPTY);
      expect((await collect(store.read(ana))).map(outgoing)).toEqual(sent);
      expect((await collect(store.readAll())).map(outgoing)).toEqual(sent);
    }));

    it.each<[string, { from?: number; to?: number }, number[]]>([
      ['everything',             {},                    [0, 1, 2, 3, 4]],
      ['from a revision on',     { from: 3 },           [3, 4]],
      ['up to a revision',       { to: 1 },             [0, 1]],
      ['one revision',           { from: 2, to: 2 },    [2]],
      ['beyond the end',         { from: 4, to: 99 },   [4]],
      ['nothing behind the end', { from: 5 },           []],
      ['nothing when crossed',   { from: 3, to: 2 },    []],
    ])('reads %s', (_, range, revisions) => withStore(async ({ store }) => {
      await store.append(ana, eventsOf(1, 2), EMPTY);
      await store.append(ben, eventsOf(11, 2), EMPTY);
      await store.append(ana, eventsOf(3, 3), 1);
      expect((await collect(store.read(ana, range))).map(({ revision }) => revision)).toEqual(revisions);
    })());

    it('finds a record by its id in its stream only', withStore(async ({ store }) => {
      await store.append(ana, eventsOf(1, 3), EMPTY);
      await store.append(ben, [eventOf(4)], EMPTY);
      expect(await store.find(ana, idOf(2))).toMatchObject({ ...eventOf(2), stream: ana, revision: 1 });
      expect(await store.find(ben, idOf(2))).toBeNull();
      expect(await store.find(ana, idOf(99))).toBeNull();
    }));
  });

  describe('the whole log', () => {
    it('is empty at first', withStore(async ({ store }) => {
      expect(await store.head()).toBeNull();
      expect(await store.lag(null)).toBe(0);
      expect(await collect(store.readAll())).toEqual([]);
    }));

    it('counts revisions of a stream without gaps and never lets time go back', withStore(async ({ store }) => {
      await Promise.all(Array.from({ length: 30 }, (_, n) =>
        n % 3 === 0
          ? store.append(n % 2 === 0 ? ana : ben, [eventOf(n)], 'any')
          : store.appendObservations([{ stream: ana, event: eventOf(n) }, { stream: ben, event: eventOf(100 + n) }])));
      const records = await collect(store.readAll());
      expect(records.length).toBe(50);
      for (const stream of [ana, ben]) {
        const own = records.filter((record) => record.stream === stream);
        expect(own.map(({ revision }) => revision)).toEqual(own.map((_, index) => index));
        expect(await collect(store.read(stream))).toEqual(own);
      }
      expect(new Set(records.map(({ position }) => position)).size).toBe(records.length);
      expect(records.map(({ recordedAt }) => recordedAt)).toEqual(records.map(({ recordedAt }) => recordedAt).sort((a, b) => a - b));
    }));

    it('goes on after any position, and knows the lag of it', withStore(async ({ store }) => {
      await store.append(ana, eventsOf(1, 4), EMPTY);
      await store.append(ben, eventsOf(5, 3), EMPTY);
      const records = await collect(store.readAll());
      expect(await store.head()).toBe(records.at(-1)?.position);
      expect(await store.lag(null)).toBe(7);
      for (const [index, { position }] of records.entries()) {
        expect(await collect(store.readAll({ after: position }))).toEqual(records.slice(index + 1));
        expect(await store.lag(position)).toBe(6 - index);
      }
    }));

    it('gives only streams with a prefix when asked', withStore(async ({ store }) => {
      await store.append(ana, eventsOf(1, 2), EMPTY);
      await store.append(course, eventsOf(3, 2), EMPTY);
      await store.append(ben, eventsOf(5, 2), EMPTY);
      const found = await collect(store.readAll({ prefix: 'course-' }));
      expect(found.map(({ stream }) => stream)).toEqual([course, course]);
      expect(await collect(store.readAll({ prefix: 'course-', after: found[0]?.position ?? null }))).toEqual(found.slice(1));
      expect(await collect(store.readAll({ prefix: 'none-' }))).toEqual([]);
    }));

    it('comes in pages of bounded length, and ends at what was there at the call', withStore(async ({ store }) => {
      for (let n = 0; n < MANY; n += 1_000) await store.append(ana, eventsOf(n, 1_000), n - 1);
      const pages: (readonly Recorded[])[] = [];
      for await (const page of store.readAll()) {
        if (pages.length === 0) await store.append(ben, [eventOf(MANY)], EMPTY);
        pages.push(page);
      }
      expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(PAGE_EVENTS_MAX);
      expect(pages.flat()).toHaveLength(MANY);
      for await (const page of store.read(ana)) expect(page.length).toBeLessThanOrEqual(PAGE_EVENTS_MAX);
      expect((await collect(store.read(ana))).map(({ revision }) => revision)).toEqual(Array.from({ length: MANY }, (_, n) => n));
      expect((await collect(store.read(ana, { from: 3_210, to: 3_211 }))).map(({ id }) => id)).toEqual([idOf(3_210), idOf(3_211)]);
    }));
  });

  describe('opened again', () => {
    it('has every record as it was, and goes on from there', withStore(async ({ store, reopen }) => {
      if (reopen === undefined) return;
      await store.append(ana, eventsOf(1, 3), EMPTY);
      await store.appendObservations([{ stream: ben, event: eventOf(4) }, { stream: ana, event: eventOf(5) }]);
      const before = await collect(store.readAll());
      const again = await reopen();
      expect(await collect(again.readAll())).toEqual(before);
      expect(await collect(again.read(ana))).toEqual(before.filter(({ stream }) => stream === ana));
      expect(await again.find(ana, idOf(5))).toEqual(before.at(-1));
      expect(await again.append(ana, eventsOf(1, 3), 3)).toMatchObject({ revision: 2, repeated: true });
      expect((await again.appendObservations([{ stream: ben, event: eventOf(4) }])).outcomes).toEqual(['duplicate']);
      expect(await again.append(ana, [eventOf(6)], 2)).toBe('conflict');
      expect(await again.append(ana, [eventOf(6)], 3)).toMatchObject({ revision: 4, repeated: false });
      expect(await again.lag(before.at(-1)?.position ?? null)).toBe(1);
    }));
  });
}
