// Read: pages of a stream or of the whole log, and subscriptions to the log that catch up and then go on live.
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import { nameOf } from './double-appends.js';
import { callError, notLeader } from './double-errors.js';
import type { DoubleLog, StoredEvent } from './double-log.js';
import type { DoubleNode, SubscriptionFault } from './faults.js';
import { wire, type ReadReq, type ReadResp } from './wire.js';

type Call = ServerWritableStream<ReadReq, ReadResp>;
type Options = NonNullable<ReturnType<ReadReq['getOptions']>>;
/** As the server orders the log: by commit position, then by prepare position. */
interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Events that a subscription with a filter considers as one page; a checkpoint follows a multiple of it. */
const SEARCH_WINDOW = 32;
const START: Place = { commit: -1n, prepare: -1n };

export function readHandler(log: DoubleLog, node: DoubleNode) {
  return (call: Call): void => {
    const options = call.request.getOptions();
    if (options === undefined) return void call.emit('error', callError(status.INVALID_ARGUMENT, 'a read without options'));
    if (node.leader !== null && call.metadata.get('requires-leader').includes('true')) return void call.emit('error', notLeader(node.leader));
    if (options.hasSubscription()) void subscription(log, node, call, options);
    else void read(log, node, call, options);
  };
}

async function read(log: DoubleLog, node: DoubleNode, call: Call, options: Options): Promise<void> {
  node.counts.reads++;
  if (node.waitMs > 0) await wait(node.waitMs);
  const fault = node.faults.reads.shift();
  if (fault === 'no-answer') return;
  if (fault === 'disconnect') return node.cut();
  if (fault === 'unavailable') return void call.emit('error', callError(status.UNAVAILABLE, 'Server Is Not Ready'));
  const backwards = options.getReadDirection() === wire.streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const count = Number(options.getCount());
  const stream = options.getStream();
  const events = stream === undefined ? allEvents(log, options, backwards) : streamEvents(log, stream, backwards, count);
  if (events === null) {
    const missing = new wire.streams.ReadResp.StreamNotFound().setStreamIdentifier(stream?.getStreamIdentifier());
    call.write(new wire.streams.ReadResp().setStreamNotFound(missing));
    return void call.end();
  }
  let sent = 0;
  for (const event of events) {
    if (sent++ >= count || call.cancelled) break;
    await send(call, eventResponse(event));
  }
  call.end();
}

function streamEvents(log: DoubleLog, options: NonNullable<ReturnType<Options['getStream']>>, backwards: boolean, count: number): readonly StoredEvent[] | null {
  const held = log.stream(nameOf(options.getStreamIdentifier()));
  if (held.length === 0) return null;
  const from = options.hasEnd() ? held.length - 1 : options.hasStart() ? 0 : Math.min(Number(options.getRevision()), held.length);
  return backwards ? held.slice(Math.max(0, from + 1 - count), from + 1).reverse() : held.slice(from, from + count);
}

/** Forwards the position itself belongs to what is read, backwards it does not: it is the end of the event before. */
function* allEvents(log: DoubleLog, options: Options, backwards: boolean): Generator<StoredEvent> {
  const all = options.getAll();
  const matches = filterOf(options);
  const position = all?.getPosition();
  const at = position === undefined ? null : placeOf(position);
  if (backwards) {
    const before = at !== null ? log.countBefore(at.commit) : all?.hasEnd() === true ? log.events.length : 0;
    for (let index = before - 1; index >= 0; index--) {
      const event = log.events[index] as StoredEvent; // the loop stays below the length
      if (matches(event)) yield event;
    }
    return;
  }
  for (let index = at === null ? 0 : firstFrom(log, at); index < log.events.length; index++) {
    const event = log.events[index] as StoredEvent; // the loop stays below the length
    if (matches(event)) yield event;
  }
}

/**
 * Catches up in pages, says so with a checkpoint and a signal, and then sends what is appended. A checkpoint lies at the beginning of
 * the page that was considered last, or at the last event that was sent, so it may be behind events that the filter keeps back.
 */
async function subscription(log: DoubleLog, node: DoubleNode, call: Call, options: Options): Promise<void> {
  node.counts.subscriptions++;
  const fault: SubscriptionFault | undefined = node.faults.subscriptions.shift();
  if (fault?.kind === 'unconfirmed') return;
  const matches = filterOf(options);
  const interval = SEARCH_WINDOW * Math.max(1, options.getFilter()?.getCheckpointintervalmultiplier() ?? 1);
  const position = options.getAll()?.getPosition();
  let place = position === undefined ? START : placeOf(position);
  let pageStart = place;
  let considered = 0;
  let sent = 0;
  let index = position === undefined ? 0 : firstFrom(log, place);
  let isLive = false;
  let resume: (() => void) | null = null;
  const unlisten = log.listen(() => resume?.());
  const { ReadResp: Response } = wire.streams;
  const isOver = (): boolean => call.cancelled || call.destroyed;
  call.on('cancelled', () => resume?.());
  call.on('close', () => resume?.());
  await send(call, new Response().setConfirmation(new Response.SubscriptionConfirmation().setSubscriptionId('00000000-0000-4000-8000-000000000001')));
  while (!isOver()) {
    const event = log.events[index];
    if (node.waitMs > 0 && !isLive && considered % SEARCH_WINDOW === 0) await wait(node.waitMs);
    if (event === undefined) {
      if (!isLive) {
        isLive = true;
        if (isAfter(pageStart, place)) place = pageStart;
        if (place !== START) await send(call, checkpoint(place));
        const caughtUp = new Response.CaughtUp().setTimestamp(wire.timestamp.Timestamp.fromDate(new Date(Number((log.events.at(-1)?.created ?? 0n) / 10_000n))));
        if (place !== START) caughtUp.setPosition(positionMessage(place));
        await send(call, new Response().setCaughtUp(caughtUp));
        continue;
      }
      await new Promise<void>((wake) => (resume = wake));
      resume = null;
      if (node.waitMs > 0) await wait(node.waitMs);
      continue;
    }
    index++;
    considered++;
    if (matches(event) && isAfter({ commit: event.position, prepare: event.position }, place)) {
      if (fault?.kind === 'slow') await wait(fault.waitMs);
      if ((fault?.kind === 'drop' || fault?.kind === 'disconnect') && sent >= fault.afterEvents) {
        unlisten();
        return fault.kind === 'drop' ? void call.emit('error', callError(status.ABORTED, 'Operation timed out')) : node.cut();
      }
      place = { commit: event.position, prepare: event.position };
      for (let times = fault?.kind === 'duplicate' ? 2 : 1; times > 0; times--) await send(call, eventResponse(event));
      sent++;
      node.counts.eventsSent++;
    }
    if (considered < interval) continue;
    considered = 0;
    if (isLive) await send(call, checkpoint({ commit: event.position, prepare: event.position }));
    else {
      if (isAfter(pageStart, place)) place = pageStart;
      if (place !== START) await send(call, checkpoint(place));
      // A page begins where the event before it ends: no event has that prepare position, and the next one lies behind it.
      pageStart = { commit: log.events[index]?.position ?? log.endPosition, prepare: 0n };
    }
  }
  unlisten();
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Writes one message and waits while the client takes nothing more. */
async function send(call: Call, message: ReadResp): Promise<void> {
  if (call.write(message) || call.cancelled) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      for (const name of ['drain', 'cancelled', 'close', 'error']) call.off(name, go);
      resolve();
    };
    for (const name of ['drain', 'cancelled', 'close', 'error']) call.on(name, go);
  });
}

function filterOf(options: Options): (event: StoredEvent) => boolean {
  const prefixes = options.getFilter()?.getStreamIdentifier()?.getPrefixList() ?? [];
  // This double knows one kind of filter: a read that uses another one must not look as if it worked.
  if (options.hasFilter() && prefixes.length === 0) throw new Error('the double filters by prefixes of stream names only');
  return ({ stream }) => prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix));
}

function firstFrom(log: DoubleLog, at: Place): number {
  const index = log.countBefore(at.commit);
  const event = log.events[index];
  return event !== undefined && isAfter(at, { commit: event.position, prepare: event.position }) ? index + 1 : index;
}

function isAfter(one: Place, other: Place): boolean {
  return one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);
}

function placeOf(position: { getCommitPosition(): string; getPreparePosition(): string }): Place {
  return { commit: BigInt(position.getCommitPosition()), prepare: BigInt(position.getPreparePosition()) };
}

function positionMessage({ commit, prepare }: Place): InstanceType<typeof wire.streams.ReadResp.Position> {
  return new wire.streams.ReadResp.Position().setCommitPosition(String(commit)).setPreparePosition(String(prepare));
}

function checkpoint({ commit, prepare }: Place): ReadResp {
  return new wire.streams.ReadResp().setCheckpoint(new wire.streams.ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)));
}

function eventResponse(event: StoredEvent): ReadResp {
  const { ReadEvent } = wire.streams.ReadResp;
  const recorded = new ReadEvent.RecordedEvent()
    .setId(new wire.shared.UUID().setString(event.id))
    .setStreamIdentifier(new wire.shared.StreamIdentifier().setStreamName(new TextEncoder().encode(event.stream)))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(String(event.position))
    .setPreparePosition(String(event.position))
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  recorded.getMetadataMap().set('type', event.type).set('content-type', event.contentType).set('created', String(event.created));
  return new wire.streams.ReadResp().setEvent(new ReadEvent().setEvent(recorded).setCommitPosition(String(event.position)));
}
