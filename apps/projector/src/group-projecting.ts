// Keeps rows from what Kafka delivers: this process has some of the partitions, others of the group have the rest. An offset is
// committed only after the rows that hold its event are written.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { eventRecord, pause, type Batch, type Consumer, type Engine, type SharedView, type Transport } from '@trellis/engine';
import { Clock, HealthChecks, LOG, Metrics, Watching, type Log } from '@trellis/service';
import { countViews } from './projecting-metrics.js';
import { ENGINE } from './projecting.js';

export const TRANSPORT = Symbol('transport');

/** Rows wait so long for more events to share their writing; readers fold what the rows lack. */
const WRITE_AFTER_MS = 1_000;
/** Between two steps of writing them, where nothing hurries: others may share the machine. */
const REST_MS = 5;
/** Rows that could not be written are tried again after so long. */
const RETRY_MS = 1_000;

@Injectable()
export class GroupProjecting implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly views: readonly SharedView[];
  private readonly consumer: Consumer;
  /** Of each partition the offset to commit once what was folded is written. */
  private readonly folded = new Map<number, bigint>();
  /** When the log took the oldest event of a partition that came and is not in a row yet. */
  private readonly since = new Map<number, number>();
  private last: Promise<void> = Promise.resolve();
  private due: Promise<void> | null = null;
  /** Why no events come, or those that came could not be folded, until some are folded or the group is joined anew. */
  private notTaken: string | null = null;
  private notWritten: string | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(ENGINE) engine: Engine,
    @Inject(TRANSPORT) private readonly transport: Transport,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(HealthChecks) health: HealthChecks,
    @Inject(Watching) watching: Watching,
    @Inject(Metrics) metrics: Metrics,
  ) {
    const { kafka, topics, groups } = transport;
    this.views = engine.shared();
    this.consumer = kafka.consumer({
      group: groups.projector,
      topics: [topics.events],
      deliver: (batch) => this.take(batch),
      // Somebody else folds them from here on; what this process has folded already goes into the rows first.
      revoked: () => this.leave(),
      assigned: () => void (this.notTaken = null),
      failed: (err, retryInMs) => {
        this.notTaken = err instanceof Error ? err.message : String(err);
        this.log.error({ err, retryInMs }, 'events from Kafka could not be folded; they are delivered again');
      },
    });
    watching.depend('kafka', () => kafka.whyNot());
    health.add('rows', () => this.notWritten ?? this.notTaken);
    countViews(metrics, this.views.map((view) => ({ view: view.view, counts: () => view.counts() })));
    this.expose(metrics);
  }

  /** How many partitions of the topic this process has now. */
  get partitions(): number {
    return this.assigned().size;
  }

  onApplicationBootstrap(): void {
    this.running = this.consumer.run(this.stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.due;
  }

  private async take({ partition, messages }: Batch): Promise<void> {
    const last = messages.at(-1);
    if (last === undefined) return;
    const records = messages.flatMap((message) => eventRecord(message) ?? []);
    // Before anything can fail: what waits is getting older.
    if (!this.since.has(partition)) this.since.set(partition, records[0]?.recordedAt ?? this.clock.now());
    if (records.length < messages.length) this.log.warn({ partition, messages: messages.length - records.length }, 'messages that the relay did not write are passed over');
    for (const view of this.views) await view.take(records.filter((record) => view.takes(record)));
    this.notTaken = null;
    this.folded.set(partition, last.offset + 1n);
    if (this.views.some((view) => view.full)) await this.write();
    else this.due ??= this.later(WRITE_AFTER_MS);
  }

  private async later(ms: number): Promise<void> {
    await pause(ms, this.stopping.signal);
    this.due = null;
    try {
      await this.write(() => pause(REST_MS, this.stopping.signal));
    } catch (err) {
      this.log.error({ err, retryInMs: RETRY_MS }, 'rows could not be written');
      if (!this.stopping.signal.aborted) this.due ??= this.later(RETRY_MS);
    }
  }

  /** One after the other: an older offset must not be committed after a newer one. */
  private write(rest?: () => Promise<void>): Promise<void> {
    const written = this.last.then(() => this.writeRows(rest));
    // The caller sees the error; the next in turn does not.
    this.last = written.catch(() => undefined);
    return written;
  }

  /** The offsets come last: what they cover must be in the rows. */
  private async writeRows(rest?: () => Promise<void>): Promise<void> {
    const covered = new Map(this.folded);
    try {
      for (const view of this.views) await view.flush(rest);
      // A partition that went to another process meanwhile is that one's to commit.
      const mine = this.assigned();
      await this.consumer.commit(this.transport.topics.events, new Map(Array.from(covered).filter(([partition]) => mine.has(partition))));
      this.notWritten = null;
    } catch (error) {
      this.notWritten = error instanceof Error ? error.message : String(error);
      throw error;
    }
    for (const [partition, next] of covered) {
      if (this.folded.get(partition) === next) {
        this.folded.delete(partition);
        this.since.delete(partition);
      } else this.since.set(partition, this.clock.now());
    }
  }

  private async leave(): Promise<void> {
    try {
      await this.write();
    } catch (err) {
      // Whoever has the partitions next begins where the last commit was.
      this.log.warn({ err }, 'rows could not be written before the partitions went to others');
    }
    this.folded.clear();
    this.since.clear();
  }

  private assigned(): ReadonlySet<number> {
    return new Set(this.consumer.status().assigned.map(({ partition }) => partition));
  }

  private expose(metrics: Metrics): void {
    const { kafka, groups, topics } = this.transport;
    // One offset stands for all views: it is committed when the rows of each are written.
    const gauges = (name: string, help: string, values: () => Promise<readonly (readonly [partition: number, value: number])[]>): void =>
      metrics.gaugesOf({ name: `trellis_projector_${name}`, help, labels: ['view', 'partition'] }, async () =>
        (await values()).flatMap(([partition, value]) => this.views.map(({ view }) => ({ labels: { view, partition: String(partition) }, value }))),
      );
    gauges('lag_events', 'Events behind which the rows are', async () => {
      const assigned = this.assigned();
      const offsets = await kafka.offsets(groups.projector, topics.events);
      return offsets.filter(({ partition }) => assigned.has(partition)).map(({ partition, committed, begin, end }) => [partition, Number(end - (committed ?? begin))]);
    });
    gauges('lag_seconds', 'Age of the oldest event that waits to be in a row, 0 where none does', () => {
      const age = (since: number | undefined): number => (since === undefined ? 0 : Math.max(0, this.clock.now() - since) / 1_000);
      return Promise.resolve(Array.from(this.assigned(), (partition) => [partition, age(this.since.get(partition))]));
    });
  }
}
