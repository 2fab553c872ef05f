import { Readable } from 'node:stream';
import type { Answer, KeptEvent } from './answers.js';
import { Feed } from './feed.js';
import { FEED_BYTES_MAX, FEED_EVENTS_MAX } from './limits.js';
import type { AnswerCall } from './reading-client.js';

const event = (n: number, bytes = 1): Answer => {
  const kept: Partial<KeptEvent> = { revision: BigInt(n), data: new Uint8Array(bytes) };
  return { kind: 'event', event: kept as KeptEvent }; // all that a feed looks at
};
const place = { commit: 7n, prepare: 7n };
const CONFIRM_MS_MAX = 60_000;

/** A feed on a call that says what is pushed; what nobody takes from it stays in it. */
function opened() {
  const stop = new AbortController();
  let cancelled = 0;
  const call = Object.assign(new Readable({ objectMode: true, read: () => undefined }), { cancel: () => void cancelled++ });
  const feed = new Feed((listen) => Promise.resolve(listen(call as unknown as AnswerCall)), CONFIRM_MS_MAX, stop.signal); // all that a feed uses of a call
  const say = (...answers: readonly Answer[]): void => answers.forEach((answer) => call.push(answer));
  return { feed, call, say, stop, cancelled: () => cancelled };
}

const revisions = (page: { readonly events: readonly KeptEvent[] } | null) => page?.events.map(({ revision }) => Number(revision));

describe('a feed', () => {
  it('makes one page of all that comes in quick succession, and says when it has caught up', async () => {
    const { feed, say } = opened();
    say({ kind: 'confirmation' }, event(1), event(2), { kind: 'checkpoint', place }, event(3), { kind: 'caught-up' });
    const page = await feed.next();
    expect(revisions(page)).toEqual([1, 2, 3]);
    expect(page).toMatchObject({ reached: place, hasCaughtUp: true, isLive: true });
    say(event(4));
    expect(await feed.next()).toMatchObject({ events: [{ revision: 4n }], reached: null, hasCaughtUp: false, isLive: true });
    say({ kind: 'fell-behind' }, event(5), { kind: 'caught-up' }, { kind: 'fell-behind' });
    expect(await feed.next()).toMatchObject({ hasCaughtUp: true, isLive: false });
  });

  it('takes no more than a page before somebody wants it, by number and by bytes', async () => {
    const { feed, say } = opened();
    say(...Array.from({ length: 2 * FEED_EVENTS_MAX + 500 }, (_, n) => event(n)), { kind: 'caught-up' });
    expect(revisions(await feed.next())).toHaveLength(FEED_EVENTS_MAX);
    expect(revisions(await feed.next())).toHaveLength(FEED_EVENTS_MAX);
    expect(await feed.next()).toMatchObject({ hasCaughtUp: true, isLive: true });
    say(event(0, FEED_BYTES_MAX), event(1));
    expect(await feed.next()).toMatchObject({ events: [{ revision: 0n }], isLive: false });
    expect(revisions(await feed.next())).toEqual([1]);
  });

  it('gives what came before it broke, and then what broke it', async () => {
    const { feed, say, call } = opened();
    say(event(1));
    await new Promise((resolve) => call.once('data', resolve));
    call.emit('error', new Error('broken'));
    expect(revisions(await feed.next())).toEqual([1]);
    await expect(feed.next()).rejects.toThrow('broken');
  });

  it('ends with the call, with its signal, and cancels the call when it is ended', async () => {
    const first = opened();
    first.call.push(null);
    expect(await first.feed.next()).toBeNull();
    const second = opened();
    const next = second.feed.next();
    second.stop.abort();
    expect(await next).toBeNull();
    second.feed.end();
    expect(second.cancelled()).toBe(1);
  });

  it('says what kept the call from being opened', async () => {
    const feed = new Feed(() => Promise.reject(new Error('no node')), CONFIRM_MS_MAX, new AbortController().signal);
    await expect(feed.next()).rejects.toThrow('no node');
  });
});
