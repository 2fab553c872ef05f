// Many parts of one thing, in appends that every event store takes: KurrentDB refuses more than 1 MiB at once unless it is configured otherwise.
// What the parts make takes effect with the last of them, so a reader never sees half of it, and a rest that broke off does no harm.
import type { Appended, EventStore, Outgoing, Revision, StreamName } from '@trellis/event-sourcing';

/** Parts have up to 80,000 characters, the closing one up to 256 KiB. */
const PARTS_AN_APPEND = 3;

/** Each append expects the one before it. Ids that are fixed beforehand make another try a repeat. */
export async function appendParts(store: EventStore, stream: StreamName, parts: readonly Outgoing[], expected: Revision): Promise<Appended | 'conflict'> {
  let at = expected;
  for (let from = 0; ; from += PARTS_AN_APPEND) {
    const appended = await store.append(stream, parts.slice(from, from + PARTS_AN_APPEND), at);
    if (appended === 'conflict' || from + PARTS_AN_APPEND >= parts.length) return appended;
    at = appended.revision;
  }
}
