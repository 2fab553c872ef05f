// One of all projectors leads: whoever has the single partition of the relay's topic. When it is gone, Kafka gives it to another.
import type { Consumer, Transport } from '@trellis/engine';
import { pause } from '@trellis/engine';
import type { Log } from '@trellis/service';

/** After a failure the leader begins again from its checkpoint; a fault that stays is told each time. */
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 10_000;
/** A leader that has worked so long without a failure is well again. */
const WELL_AFTER_MS = 30_000;

export class Leading {
  private readonly consumer: Consumer;
  private term: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;
  private failing: string | null = null;

  /** `lead` works until its signal is given. */
  constructor(
    { kafka, topics, groups }: Transport,
    private readonly log: Log,
    private readonly lead: (signal: AbortSignal) => Promise<void>,
  ) {
    this.consumer = kafka.consumer({
      group: groups.relay,
      topics: [topics.relay],
      // What is in the topic is read when a term begins.
      deliver: () => Promise.resolve(),
      assigned: (partitions) => (partitions.length > 0 ? this.begin() : this.end()),
      revoked: () => this.end(),
      failed: (err, retryInMs) => this.log.warn({ err, retryInMs }, 'the relay group cannot be reached'),
    });
  }

  get active(): boolean {
    return this.term !== null;
  }

  /** Why the leader's work fails, or null. */
  get whyNot(): string | null {
    return this.failing;
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.consumer.run(signal);
    await this.end();
  }

  private async begin(): Promise<void> {
    await this.end();
    const stop = new AbortController();
    this.log.info('this process leads: it relays the log and looks after the rows');
    this.term = { stop, done: this.keepLeading(stop.signal) };
  }

  private async end(): Promise<void> {
    const { term } = this;
    if (term === null) return;
    this.term = null;
    term.stop.abort();
    await term.done;
    this.log.info('another process leads, or none');
  }

  private async keepLeading(signal: AbortSignal): Promise<void> {
    for (let pauseMs = PAUSE_FIRST_MS; !signal.aborted; pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2)) {
      const since = performance.now();
      try {
        await this.lead(signal);
        this.failing = null;
      } catch (err) {
        if (signal.aborted) return;
        if (performance.now() - since > WELL_AFTER_MS) pauseMs = PAUSE_FIRST_MS;
        this.failing = err instanceof Error ? err.message : String(err);
        this.log.error({ err, retryInMs: pauseMs }, 'leading failed');
        await pause(pauseMs, signal);
      }
    }
  }
}
