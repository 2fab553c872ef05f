// `follow`: a subscription to the log behind a position, filtered by the server, given out in pages as fast as they are taken, and opened
// again where it broke off.
import type { FollowedPage, Recorded } from '@trellis/event-sourcing';
import type { Connection } from './connection.js';
import { isRefused, KurrentError } from './errors.js';
import { Feed, type FeedPage } from './feed.js';
import { FEED_EVENTS_MAX, SUBSCRIBE_PAUSE_MS, SUBSCRIBE_PAUSE_MS_MAX } from './limits.js';
import { foundIn } from './mapping.js';
import type { Pages } from './pages.js';
import { isAfter, later, positionOf, type Place } from './place.js';
import { subscriptionRequest } from './read-requests.js';
import { pause } from './waiting.js';

export interface Following {
  readonly connection: Connection;
  readonly pages: Pages;
  readonly after: Place | null;
  readonly signal: AbortSignal;
  readonly prefix: string;
  /** Subscriptions in a row that may fail. */
  readonly triesMax: number;
}

export async function* followed({ connection, pages, after, signal, prefix, triesMax }: Following): AsyncGenerator<FollowedPage> {
  const stop = AbortSignal.any([signal, connection.closed]);
  const prefixes = pages.names.prefixes(prefix);
  let at = after;
  let isKnown = after !== null;
  for (let tried = 0; !stop.aborted; ) {
    let feed: Feed | null = null;
    let broken: unknown = new KurrentError('the server ended the subscription', true);
    try {
      // The log ends here at least: once the subscription has caught up, everything up to this was looked at, also what the filter
      // kept back. KurrentDB itself may give a position that is behind events which it kept back.
      const end = (await pages.newest(pages.names.prefixes()))?.place ?? null;
      isKnown ||= end !== null;
      // A prefix that none of our streams can have: there is nothing to wait for, yet the log goes on.
      const request = subscriptionRequest(at, prefixes.length > 0 ? prefixes : pages.names.prefixes());
      const client = connection.open;
      feed = new Feed((listen) => client.answers(request, Infinity, listen), connection.callMsMax, stop);
      for (let page = await nextPage(feed, end); page !== null; page = await nextPage(feed, end)) {
        const start = at;
        const records: Recorded[] = [];
        for (const event of prefixes.length === 0 ? [] : page.events) {
          const found = foundIn(event, pages.names);
          // What comes a second time was given out already.
          if (found === null || (at !== null && !isAfter(found.place, at))) continue;
          at = found.place;
          records.push(found.record);
        }
        // In a log without anything of ours there is no position; the server's own events do not make one.
        if (isKnown) at = later(at, page.reached);
        if (page.hasCaughtUp) at = later(at, end);
        isKnown ||= page.hasCaughtUp || at !== null;
        if (page.events.length > 0 || page.isLive) tried = 0;
        const isNews = records.length > 0 || page.hasCaughtUp || (at !== null && at !== start);
        if (isNews) yield { records, position: at === null ? null : positionOf(at), caughtUp: page.isLive };
        if (stop.aborted) return;
      }
    } catch (error) {
      broken = error;
    } finally {
      feed?.end();
    }
    if (stop.aborted) return;
    if (isRefused(broken) || tried >= triesMax) throw connection.fault('following the log', broken);
    await pause(Math.min(SUBSCRIBE_PAUSE_MS * 2 ** tried++, SUBSCRIBE_PAUSE_MS_MAX), stop);
  }
}

/** The last page before the end of the log waits for the word that it is the last, so that it is not given out as one of many. */
async function nextPage(feed: Feed, end: Place | null): Promise<FeedPage | null> {
  let page = await feed.next();
  while (page !== null && !page.isLive && end !== null && page.events.length > 0 && page.events.length <= FEED_EVENTS_MAX) {
    const last = page.events.at(-1)?.place;
    if (last === undefined || isAfter(end, last)) break;
    const more: FeedPage | null = await feed.next();
    if (more === null) return null;
    page = { ...more, events: [...page.events, ...more.events], reached: later(page.reached, more.reached) };
  }
  return page;
}
