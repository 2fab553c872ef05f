// The promises of `follow`: everything once and in order, a caught-up signal, and a prompt end.
import { EMPTY } from '../records.js';
import { collect, eventOf, eventsOf, followUntil, idOf, streamNamed, type WithStore } from './contract-events.js';

const ana = streamNamed('ana');
const course = streamNamed('algebra', 'course');

export function followContract(withStore: WithStore): void {
  describe('follow', () => {
    it('says that it is caught up on an empty log', withStore(async ({ store }) => {
      const stop = new AbortController();
      const pages = [];
      for await (const page of store.follow({ after: null, signal: stop.signal })) {
        pages.push(page);
        stop.abort();
      }
      expect(pages).toEqual([{ records: [], position: null, caughtUp: true }]);
    }));

    it('gives what was there, then what comes', withStore(async ({ store }) => {
      await store.append(ana, eventsOf(1, 3), EMPTY);
      const stop = new AbortController();
      let added = false;
      const seen = await followUntil(store.follow({ after: null, signal: stop.signal }), stop, (records, { caughtUp }) => {
        if (caughtUp && !added) {
          added = true;
          void store.append(ana, eventsOf(4, 2), 2);
        }
        return records.length >= 5;
      });
      expect(seen).toEqual(await collect(store.readAll()));
    }));

    it('goes on behind a position, and each page says where to go on', withStore(async ({ store }) => {
      await store.append(ana, eventsOf(1, 4), EMPTY);
      const [, second] = await collect(store.readAll());
      const stop = new AbortController();
      let last = null;
      const seen = await followUntil(store.follow({ after: second?.position ?? null, signal: stop.signal }), stop, (_, page) => {
        last = page.position;
        return page.caughtUp;
      });
      expect(seen.map(({ id }) => id)).toEqual([idOf(3), idOf(4)]);
      expect(last).toBe(await store.head());
    }));

    it('is caught up only when nothing durable lies behind its position', withStore(async ({ store }) => {
      for (let n = 0; n < 3_000; n += 1_000) await store.append(ana, eventsOf(n, 1_000), n - 1);
      const stop = new AbortController();
      await followUntil(store.follow({ after: null, signal: stop.signal }), stop, (records, { caughtUp }) => {
        expect(caughtUp).toBe(records.length === 3_000);
        return caughtUp;
      });
    }));

    it('passes over other prefixes, and still moves its position', withStore(async ({ store }) => {
      await store.append(course, [eventOf(1)], EMPTY);
      await store.append(ana, eventsOf(2, 2), EMPTY);
      const stop = new AbortController();
      let position = null;
      const seen = await followUntil(store.follow({ after: null, signal: stop.signal, prefix: 'course-' }), stop, (_, page) => {
        position = page.position;
        return page.caughtUp;
      });
      expect(seen.map(({ id }) => id)).toEqual([idOf(1)]);
      expect(await store.lag(position)).toBe(0);
    }));

    it('misses nothing while appends race it', withStore(async ({ store }) => {
      const APPENDS = 300;
      const stop = new AbortController();
      const followers = Array.from({ length: 3 }, () => {
        const ended = new AbortController();
        stop.signal.addEventListener('abort', () => ended.abort());
        return followUntil(store.follow({ after: null, signal: ended.signal }), ended, (records) => records.length >= APPENDS);
      });
      for (let n = 0; n < APPENDS; n += 6) {
        await Promise.all(eventsOf(n, 6).map((event, index) => store.append(streamNamed(index), [event], 'any')));
      }
      const expected = await collect(store.readAll());
      for (const seen of await Promise.all(followers)) expect(seen).toEqual(expected);
    }));

    it.each(['before it starts', 'while it waits'])('ends promptly when stopped %s', (when) => withStore(async ({ store }) => {
      await store.append(ana, [eventOf(1)], EMPTY);
      const stop = new AbortController();
      if (when === 'before it starts') stop.abort();
      for await (const { caughtUp } of store.follow({ after: null, signal: stop.signal })) {
        // Fires while the follower waits for the next event, not while it holds a page.
        if (caughtUp) setImmediate(() => stop.abort());
      }
      expect(stop.signal.aborted).toBe(true);
    })());
  });
}
