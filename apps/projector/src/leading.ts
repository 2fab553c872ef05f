// One of all projectors leads: whoever has the single partition of the relay's topic. When it is gone, Kafka gives it to another.
import type { Consumer, Transport } from '@trellis/engine';
import { pause } from '@trellis/engine';
import type { Log } from '@trellis/service';

/** Something that one of all projectors does until the signal. Each begins again by itself when it fails; the others go on. */
export interface Duty {
  readonly name: string;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** A fault that stays is told each time. */
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 10_000;
/** After a failure, a duty that has worked so long without another one is well again. */
const WELL_AFTER_MS = 5_000;

export class Leading {
  private readonly consumer: Consumer;
  private term: { readonly stop: AbortController; readonly done: Promise<unknown> } | null = null;
  /** Why a duty failed last. */
  private readonly failing = new Map<Duty, string>();

  constructor(
    { kafka, topics, groups }: Transport,
    private readonly log: Log,
    private readonly duties: readonly Duty[],
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

  /** Why what the leader does fails, or null. */
  get whyNot(): string | null {
    return this.failing.size === 0 ? null : Array.from(this.failing, ([{ name }, why]) => `${name}: ${why}`).join('; ');
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.consumer.run(signal);
    await this.end();
  }

  private async begin(): Promise<void> {
    await this.end();
    const stop = new AbortController();
    this.log.info('this process leads: it relays the log and looks after the rows');
    this.term = { stop, done: Promise.all(this.duties.map((duty) => this.keepDoing(duty, stop.signal))) };
  }

  private async end(): Promise<void> {
    const { term } = this;
    if (term === null) return;
    this.term = null;
    term.stop.abort();
    await term.done;
    // Theirs to tell who leads now.
    this.failing.clear();
    this.log.info('another process leads, or none');
  }

  private async keepDoing(duty: Duty, signal: AbortSignal): Promise<void> {
    for (let pauseMs = PAUSE_FIRST_MS; !signal.aborted; pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2)) {
      const well = setTimeout(() => {
        this.failing.delete(duty);
        pauseMs = PAUSE_FIRST_MS;
      }, WELL_AFTER_MS);
      try {
        await duty.work(signal);
      } catch (err) {
        if (signal.aborted) return;
        this.failing.set(duty, err instanceof Error ? err.message : String(err));
        this.log.error({ err, duty: duty.name, retryInMs: pauseMs }, 'a duty of the leader failed');
        clearTimeout(well);
        await pause(pauseMs, signal);
      } finally {
        clearTimeout(well);
      }
    }
  }
}
