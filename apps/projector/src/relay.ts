// The log as a topic: every event is published, in the order of its stream, and how far that has come stands in a compacted topic.
// An event may be published twice, after a crash or when two relays overlap; whoever folds passes over what it has.
import { eventMessage, pause, type Publisher, type Transport } from '@trellis/engine';
import type { EventStore, Position } from '@trellis/event-sourcing';
import type { Coverage } from './coverage.js';

/** How far the relay has come is written after so many events, or so long. */
const EVENTS_BETWEEN_CHECKPOINTS = 10_000;
const CHECKPOINT_MS = 1_000;

/**
 * At the end of the log: events of the next moments are published together. Each publication costs brokers and all who read from them a round of requests, whether
 * it carries one event or a hundred, and readers that must be fresh read the log.
 */
const LINGER_MS = 50;
/** With so many events there is nothing more to be gained. */
const EVENTS_ENOUGH = 250;

const KEY = new TextEncoder().encode('relay');

export interface RelayStatus {
  readonly position: Position | null;
  readonly published: number;
}

export class Relay {
  private position: Position | null = null;
  private published = 0;

  constructor(
    private readonly transport: Transport,
    private readonly store: EventStore,
    private readonly coverage: Coverage,
  ) {}

  status(): RelayStatus {
    return { position: this.position, published: this.published };
  }

  /** From the last checkpoint until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const publisher = this.transport.kafka.publisher();
    try {
      await this.relay(publisher, signal);
    } finally {
      await publisher.close();
    }
  }

  private async relay(publisher: Publisher, signal: AbortSignal): Promise<void> {
    const { topics } = this.transport;
    let written = (this.position = await this.checkpoint());
    let since = performance.now();
    let events = 0;
    const write = async (): Promise<void> => {
      if (this.position === null || this.position === written) return;
      await publisher.publish(topics.relay, [{ key: KEY, value: new TextEncoder().encode(JSON.stringify({ position: this.position })), headers: {} }]);
      written = this.position;
      since = performance.now();
      events = 0;
    };
    for await (const { records, position, caughtUp } of this.store.follow({ after: this.position, signal })) {
      if (records.length > 0) this.coverage.published(await publisher.publish(topics.events, records.map(eventMessage)), position);
      this.published += records.length;
      events += records.length;
      this.position = position;
      if (events >= EVENTS_BETWEEN_CHECKPOINTS || performance.now() - since >= CHECKPOINT_MS) await write();
      if (caughtUp && records.length < EVENTS_ENOUGH) await pause(LINGER_MS, signal);
    }
    await write();
  }

  private async checkpoint(): Promise<Position | null> {
    let position: Position | null = null;
    for await (const page of this.transport.kafka.read(this.transport.topics.relay)) {
      for (const { value } of page) if (value !== null) position = positionIn(value) ?? position;
    }
    return position;
  }
}

function positionIn(value: Uint8Array): Position | null {
  const found: unknown = JSON.parse(new TextDecoder().decode(value));
  // The relay wrote it.
  return typeof found === 'object' && found !== null && 'position' in found && typeof found.position === 'string' ? (found.position as Position) : null;
}
