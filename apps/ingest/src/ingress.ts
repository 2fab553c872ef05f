// Events from Kafka in: a batch of a partition is appended in its order, and its offset is committed only after that. What cannot be
// taken is parked; while the log does not take appends, the partition waits and nothing is fetched.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Batch, Consumer, Message, Publisher, Transport } from '@trellis/engine';
import { Clock, LOG, Metrics, Tracing, Watching, type Log } from '@trellis/service';
import { AHEAD_MAX_MS, type Arrival } from './edge.js';
import { IngestMetrics } from './ingest-metrics.js';
import { rowOf } from './ingress-message.js';
import { BATCH_EVENTS_MAX, Intake } from './intake.js';
import { parkedMessage, withoutValue } from './parked.js';

export const TRANSPORT = Symbol('transport');

@Injectable()
export class Ingress implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly consumer: Consumer;
  private readonly publisher: Publisher;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(TRANSPORT) private readonly transport: Transport,
    @Inject(Intake) private readonly intake: Intake,
    @Inject(IngestMetrics) private readonly metrics: IngestMetrics,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(Watching) watching: Watching,
    @Inject(Tracing) tracing: Tracing,
    @Inject(Metrics) exposed: Metrics,
  ) {
    const { kafka, topics, groups } = transport;
    this.publisher = kafka.publisher();
    this.consumer = kafka.consumer({
      group: groups.ingest,
      topics: [...topics.ingress.keys()],
      messagesMax: BATCH_EVENTS_MAX,
      deliver: (batch) => tracing.batch('trellis.ingress', batch.messages.map(({ headers }) => headers), () => this.take(batch)),
      failed: (err, retryInMs) => this.log.error({ err, retryInMs }, 'events from Kafka could not be taken; they are delivered again'),
    });
    watching.depend('kafka', () => kafka.whyNot());
    metrics.expectKafka();
    this.expose(exposed);
  }

  onApplicationBootstrap(): void {
    this.running = this.consumer.run(this.stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.publisher.close();
  }

  private async take(batch: Batch): Promise<void> {
    const { topic, partition, messages } = batch;
    const tenant = this.transport.topics.ingress.get(topic);
    const last = messages.at(-1);
    if (tenant === undefined || last === undefined) return;
    const now = this.clock.now();
    const rows = messages.map(rowOf);
    const taken = await this.metrics.timed(() => this.intake.takeRows(tenant, rows, (index) => arrivalOf(messages[index], now)));
    const parked = taken.rejected.flatMap((rejection) => {
      const message = messages[rejection.index];
      return message === undefined ? [] : [parkedMessage(batch, message, rejection, now)];
    });
    await this.park(parked);
    this.metrics.counted('kafka', taken);
    await this.consumer.commit(topic, new Map([[partition, last.offset + 1n]]));
  }

  private async park(messages: readonly Message[]): Promise<void> {
    const { parked } = this.transport.topics;
    if (messages.length === 0) return;
    try {
      await this.publisher.publish(parked, messages);
    } catch (error) {
      if (!isRefused(error)) throw error;
      for (const message of messages) await this.parkAlone(message);
    }
  }

  private async parkAlone(message: Message): Promise<void> {
    const { parked } = this.transport.topics;
    try {
      await this.publisher.publish(parked, [message]);
    } catch (err) {
      // The brokers will not take it as it is, however often it is tried: what was small while compressed, say. Its place must go on.
      if (!isRefused(err)) throw err;
      this.log.error({ err }, 'a message that cannot be taken cannot be parked either; its reason is parked, with the size and the hash of its value');
      await this.publisher.publish(parked, [withoutValue(message)]);
    }
  }

  private expose(metrics: Metrics): void {
    const { kafka, groups } = this.transport;
    const labels = ['topic', 'partition'];
    metrics.gaugesOf({ name: 'trellis_ingress_lag_events', help: 'Messages of the partitions of this process that are not taken yet', labels }, async () => {
      const { assigned } = this.consumer.status();
      const topics = await Promise.all([...new Set(assigned.map(({ topic }) => topic))].map(async (topic) => [topic, await kafka.offsets(groups.ingest, topic)] as const));
      return topics.flatMap(([topic, offsets]) =>
        offsets
          .filter(({ partition }) => assigned.some((one) => one.topic === topic && one.partition === partition))
          .map(({ partition, committed, begin, end }) => ({ labels: { topic, partition: String(partition) }, value: Number(end - (committed ?? begin)) })),
      );
    });
    metrics.gaugesOf({ name: 'trellis_ingress_paused', help: '1 while a partition waits because its messages could not be taken', labels }, () => {
      const { assigned, paused } = this.consumer.status();
      const isPaused = (topic: string, partition: number): boolean => paused.some((one) => one.topic === topic && one.partition === partition);
      return Promise.resolve(assigned.map(({ topic, partition }) => ({ labels: { topic, partition: String(partition) }, value: isPaused(topic, partition) ? 1 : 0 })));
    });
  }
}

/** Trying again would only be refused again. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && 'retriable' in error && error.retriable === false;
}

/** The same each time that a message is delivered: a repeat must not look like a later event. */
function arrivalOf(message: Batch['messages'][number] | undefined, now: number): Arrival {
  if (message === undefined || message.timestamp < 0 || message.timestamp > now + AHEAD_MAX_MS) return { at: now };
  return { at: message.timestamp, order: Number(message.offset) };
}
