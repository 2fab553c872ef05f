// One try of an append, and what came of it. Every append states the revision it expects, so a try that was lost on its way cannot land
// twice: KurrentDB takes the same ids behind the same revision once.
import { NO_STREAM, STREAM_STATE, type AppendStreamState } from '@kurrent/kurrentdb-client';
import { EMPTY, type Outgoing, type Recorded, type Revision, type StreamName } from '@trellis/event-sourcing';
import type { Connection } from './connection.js';
import { isRefused, typeOf, type KurrentError } from './errors.js';
import { eventData, type Writing } from './mapping.js';
import type { Place } from './place.js';
import type { StreamNames } from './stream-names.js';

export interface Part {
  readonly stream: StreamName;
  readonly events: readonly (Outgoing & Pick<Writing, 'recordedAt'>)[];
  readonly expected: Revision;
}

export type Tried =
  /** In the log, now or by an earlier call with the same ids. The place is of its last event; not every server tells it. */
  | { readonly kind: 'written'; readonly place: Place | null }
  /** A stream is not where it was expected; nothing was written. */
  | { readonly kind: 'stale' }
  /** Nobody said what happened. */
  | { readonly kind: 'unknown'; readonly fault: KurrentError }
  /** This server cannot append so to many streams at once. */
  | { readonly kind: 'unsupported' };

const STALE: ReadonlySet<string> = new Set(['wrong-expected-version', 'append-consistency-violation']);

export class Writes {
  constructor(private readonly connection: Connection, private readonly names: StreamNames) {}

  /** All or nothing. Throws what KurrentDB refuses for good. */
  async one({ stream, events, expected }: Part, tag: string): Promise<Tried> {
    const name = this.names.inside(stream);
    const data = events.map((event) => eventData(event, writingOf(event, tag)));
    return this.tried(`appending to ${stream}`, async () => {
      const { success, position } = await this.connection.once(`appending to ${stream}`, (client) =>
        client.appendToStream(name, data, { streamState: stateOf(expected), requiresLeader: true, deadline: this.connection.callMsMax }));
      // A connection string can ask for an answer instead of an error.
      return success ? { kind: 'written', place: position ?? null } : { kind: 'stale' };
    });
  }

  /** All or nothing over many streams, each named once; in which order the log has them is the server's choice. */
  async many(parts: readonly Part[], tag: string): Promise<Tried> {
    const requests = parts.map(({ stream, events, expected }) => ({
      streamName: this.names.inside(stream),
      events: events.map((event) => eventData(event, writingOf(event, tag))),
      expectedState: stateOf(expected),
    }));
    return this.tried(`appending to ${parts.length} streams`, async () => {
      const { position } = await this.connection.once(`appending to ${parts.length} streams`, (client) => client.multiStreamAppend(requests));
      return { kind: 'written', place: { commit: position, prepare: position } };
    });
  }

  /** All or nothing, in exactly this order of the log; every stream must be where its first record expects it. */
  async inOrder(records: readonly Recorded[], tag: string): Promise<Tried> {
    const first = new Map<StreamName, Revision>();
    for (const { stream, revision } of records) if (!first.has(stream)) first.set(stream, revision);
    const data = records.map((record) => ({ streamName: this.names.inside(record.stream), record: eventData(record, writingOf(record, tag)) }));
    const checks = [...first].map(([stream, revision]) => ({ type: STREAM_STATE, streamName: this.names.inside(stream), expectedState: stateOf(revision - 1) }) as const);
    return this.tried(`appending ${records.length} records`, async () => {
      const { position } = await this.connection.once(`appending ${records.length} records`, (client) => client.appendRecords(data, checks));
      return { kind: 'written', place: { commit: position, prepare: position } };
    });
  }

  private async tried(what: string, action: () => Promise<Tried>): Promise<Tried> {
    try {
      return await action();
    } catch (error) {
      if (STALE.has(typeOf(error))) return { kind: 'stale' };
      if (typeOf(error) === 'unsupported') return { kind: 'unsupported' };
      const fault = this.connection.fault(what, error);
      if (isRefused(error) || !fault.retriable) throw fault;
      return { kind: 'unknown', fault };
    }
  }
}

function stateOf(expected: Revision): AppendStreamState {
  return expected === EMPTY ? NO_STREAM : BigInt(expected);
}

function writingOf({ recordedAt }: Pick<Writing, 'recordedAt'>, tag: string): Writing {
  return recordedAt === undefined ? { tag } : { tag, recordedAt };
}
