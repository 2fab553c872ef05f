// Messages out: acknowledged by all replicas that are in sync, in order within a partition, without doubles from retries of this process.
import { Partitioners, type Kafka, type Message as ClientMessage, type Producer } from 'kafkajs';
import { fault, KafkaError } from './errors.js';
import { LEAVE_MS_MAX, PUBLICATIONS_WAITING_MAX, RETRIES_MAX, SEND_BYTES_MAX, SEND_MESSAGES_MAX } from './limits.js';
import { buffer, bytesOf, type Message } from './messages.js';
import { within } from './waiting.js';

export type Outgoing = Message & { readonly partition?: number };

/** Where the last message of one call landed in a partition. */
export interface Published {
  readonly partition: number;
  readonly offset: bigint;
}

/** Where a partition ends now; asked when a broker does not say where it put something. */
type EndOf = (topic: string) => Promise<ReadonlyMap<number, bigint>>;

export class Publisher {
  private producer: Promise<Producer> | null = null;
  private readonly partitions = new WeakMap<ClientMessage, number>();
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;
  private waiting = 0;

  constructor(
    private readonly client: Kafka,
    private readonly endOf: EndOf,
  ) {}

  /**
   * Resolves when all are acknowledged, with the place of the last one in each partition. When it rejects some may be there: send
   * all of them again. Calls are carried out one after the other.
   */
  publish(topic: string, messages: readonly Outgoing[]): Promise<readonly Published[]> {
    if (this.waiting >= PUBLICATIONS_WAITING_MAX) return Promise.reject(new KafkaError(`busy: ${this.waiting} publications wait; try again later`, true));
    this.waiting++;
    const done = this.last.then(() => this.sendAll(topic, messages)).finally(() => this.waiting--);
    // The caller sees the error; the next in turn does not.
    this.last = done.catch(() => undefined);
    return done;
  }

  /** What is on its way may or may not arrive where the brokers do not answer in time. */
  async close(): Promise<void> {
    this.closed = true;
    const ended = this.last.then(() => this.forget());
    // Nobody can be told any more; whoever published was, or is told when the client gives up.
    await within(ended, LEAVE_MS_MAX, () => new KafkaError('the brokers did not answer', true)).catch(() => undefined);
  }

  private async sendAll(topic: string, messages: readonly Outgoing[]): Promise<readonly Published[]> {
    const ends = new Map<number, bigint>();
    for (const part of partsOf(messages)) {
      if (this.closed) throw new KafkaError('the publisher is closed', false);
      try {
        for (const { partition, offset } of await this.send(topic, part)) ends.set(partition, offset);
      } catch (error) {
        // After some errors a producer's numbering of messages is beyond repair. A new one begins its own.
        await this.forget();
        throw fault(`publishing ${part.length} messages to ${topic}`, error);
      }
    }
    return Array.from(ends, ([partition, offset]) => ({ partition, offset }));
  }

  private async send(topic: string, part: readonly Outgoing[]): Promise<readonly Published[]> {
    const producer = await (this.producer ??= this.connect());
    const messages = part.map(
      ({ key, value, headers, partition }): ClientMessage => ({ key: buffer(key), value: buffer(value), headers: { ...headers }, ...(partition === undefined ? {} : { partition }) }),
    );
    const placed = await producer.send({ topic, acks: -1, messages });
    const counts = new Map<number, number>();
    for (const message of messages) {
      const partition = this.partitions.get(message) ?? message.partition ?? 0;
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    // While partitions move between brokers, the client may forget those of one of them without an error.
    const missing = [...counts.keys()].find((partition) => !placed.some((place) => place.partition === partition));
    if (missing !== undefined) throw new KafkaError(`${topic}: partition ${missing} did not acknowledge its messages`, true);
    let ends: ReadonlyMap<number, bigint> | null = null;
    const published: Published[] = [];
    for (const { partition, baseOffset = '-1' } of placed) {
      const count = counts.get(partition) ?? 0;
      // A retry that the broker had already taken is answered without a place.
      if (BigInt(baseOffset) < 0n) published.push({ partition, offset: ((ends ??= await this.endOf(topic)).get(partition) ?? 0n) - 1n });
      else published.push({ partition, offset: BigInt(baseOffset) + BigInt(count) - 1n });
    }
    return published;
  }

  private async connect(): Promise<Producer> {
    const partitioner = Partitioners.DefaultPartitioner();
    const producer = this.client.producer({
      idempotent: true,
      // More at once could get out of order.
      maxInFlightRequests: 1,
      retry: { retries: RETRIES_MAX },
      allowAutoTopicCreation: false,
      // The one that Java's clients have, so that a key lands where theirs would; noted, because the answer names no messages.
      createPartitioner: () => (choice) => {
        // The same again when the client tries again: a message without a key would land somewhere else.
        const partition = this.partitions.get(choice.message) ?? partitioner(choice);
        this.partitions.set(choice.message, partition);
        return partition;
      },
    });
    await producer.connect();
    return producer;
  }

  private async forget(): Promise<void> {
    const { producer } = this;
    this.producer = null;
    // One that never connected, or whose connection is gone, has nothing to close.
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }
}

function* partsOf(messages: readonly Outgoing[]): Generator<readonly Outgoing[]> {
  let part: Outgoing[] = [];
  let bytes = 0;
  for (const message of messages) {
    const more = bytesOf(message);
    if (part.length > 0 && (part.length >= SEND_MESSAGES_MAX || bytes + more > SEND_BYTES_MAX)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += more;
  }
  if (part.length > 0) yield part;
}
