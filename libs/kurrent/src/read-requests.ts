// What is asked of the server: a page of a stream, a page of the log, the log from a place on. Links are never followed.
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streams, { type ReadReq } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { Revision } from '@trellis/event-sourcing';
import type { Place } from './place.js';

export type Direction = 'forwards' | 'backwards';

export interface StreamRange {
  readonly from: Revision | 'end';
  readonly direction: Direction;
  readonly count: number;
}

export interface LogRange {
  readonly from: Place | 'start' | 'end';
  readonly direction: Direction;
  readonly count: number;
  /** Of the names of the streams; without any, everything is read, also what the server itself wrote. */
  readonly prefixes: readonly string[];
}

const { Options } = streams.ReadReq;
type Options = InstanceType<typeof Options>;

/** Checkpoints of a subscription come after so many times 32 events that the filter has considered. */
const CHECKPOINT_INTERVAL = 1;

export function streamRequest(name: string, { from, direction, count }: StreamRange): ReadReq {
  const stream = new Options.StreamOptions().setStreamIdentifier(new shared.StreamIdentifier().setStreamName(new TextEncoder().encode(name)));
  if (from === 'end') stream.setEnd(new shared.Empty());
  else stream.setRevision(String(from));
  return request(page(new Options().setStream(stream).setNoFilter(new shared.Empty()), direction, count));
}

export function logRequest({ from, direction, count, prefixes }: LogRange): ReadReq {
  const options = new Options().setAll(allFrom(from));
  if (prefixes.length === 0) options.setNoFilter(new shared.Empty());
  else options.setFilter(filterOf(prefixes));
  return request(page(options, direction, count));
}

/** Everything behind the place, and whatever is appended. */
export function subscriptionRequest(after: Place | null, prefixes: readonly string[]): ReadReq {
  const options = new Options().setAll(allFrom(after ?? 'start')).setFilter(filterOf(prefixes));
  return request(options.setSubscription(new Options.SubscriptionOptions()));
}

function request(options: Options): ReadReq {
  const ids = new Options.UUIDOption().setString(new shared.Empty());
  return new streams.ReadReq().setOptions(options.setUuidOption(ids).setResolveLinks(false));
}

function page(options: Options, direction: Direction, count: number): Options {
  const { FORWARDS, BACKWARDS } = Options.ReadDirection;
  // The generated type of the count is a text, as of every number that may need 64 bits.
  return options.setReadDirection(direction === 'forwards' ? FORWARDS : BACKWARDS).setCount(String(count));
}

function allFrom(from: Place | 'start' | 'end'): InstanceType<typeof Options.AllOptions> {
  const all = new Options.AllOptions();
  if (from === 'start') return all.setStart(new shared.Empty());
  if (from === 'end') return all.setEnd(new shared.Empty());
  return all.setPosition(new Options.Position().setCommitPosition(String(from.commit)).setPreparePosition(String(from.prepare)));
}

function filterOf(prefixes: readonly string[]): InstanceType<typeof Options.FilterOptions> {
  const names = new Options.FilterOptions.Expression().setPrefixList([...prefixes]);
  return new Options.FilterOptions().setStreamIdentifier(names).setCount(new shared.Empty()).setCheckpointintervalmultiplier(CHECKPOINT_INTERVAL);
}
