// Messages in, as a member of a group: a batch of a partition at a time, again until it was taken; offsets are committed only when told.
import type { Consumer as Client, EachBatchPayload, Kafka } from 'kafkajs';
import { fault, KafkaError, typeOf } from './errors.js';
import * as limits from './limits.js';
import { deliveredOf, type Delivered } from './messages.js';
import { pause, within } from './waiting.js';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

export interface Batch extends Place {
  /** In the order of their offsets; at least one. */
  readonly messages: readonly Delivered[];
  /** Where the partition ended when they were fetched. */
  readonly end: bigint;
}

export interface ConsumerOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * One batch of a partition at a time; partitions side by side. When it rejects, nothing is fetched from the partition for a while,
   * then the batch comes again. Nothing is ever skipped.
   */
  readonly deliver: (batch: Batch) => Promise<void>;
  /** The whole assignment, after each rebalance. */
  readonly assigned?: (places: readonly Place[]) => void | Promise<void>;
  /** Before the partitions may go to others, and when this member has been taken to be gone. */
  readonly revoked?: () => void | Promise<void>;
  readonly failed?: (error: unknown, retryInMs: number) => void;
  readonly messagesMax?: number;
  readonly sessionMsMax?: number;
}

export interface ConsumerStatus {
  readonly assigned: readonly Place[];
  /** Those that wait after a failure. */
  readonly paused: readonly Place[];
}

/** Others have the partition now; whoever has it delivers again what was not committed. */
const GONE = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID']);

export class Consumer {
  private client: Client | null = null;
  /** The assignment's changes, one after the other: nothing is delivered while one is under way. */
  private changing: Promise<void> = Promise.resolve();
  private assignment: readonly Place[] = [];
  private readonly waiting = new Map<string, { readonly place: Place; readonly pauseMs: number; isPaused: boolean }>();

  /** `kafka`: a client of its own, since consumers of one group and client would share their offsets. */
  constructor(
    private readonly kafka: Kafka,
    private readonly options: ConsumerOptions,
  ) {}

  status(): ConsumerStatus {
    return { assigned: this.assignment, paused: Array.from(this.waiting.values()).flatMap(({ place, isPaused }) => (isPaused ? [place] : [])) };
  }

  /** Until the signal; joins again for as long as it takes. Then leaves the group, so that others take over at once. */
  async run(signal: AbortSignal): Promise<void> {
    for (let pauseMs = limits.REJOIN_PAUSE_MS; !signal.aborted; pauseMs = Math.min(limits.REJOIN_PAUSE_MS_MAX, pauseMs * 2)) {
      const joined = await this.member(signal);
      if (signal.aborted) return;
      if (joined.hasWorked) pauseMs = limits.REJOIN_PAUSE_MS;
      this.options.failed?.(fault(`consuming ${this.options.topics.join(', ')}`, joined.error), pauseMs);
      await pause(pauseMs, signal);
    }
  }

  /**
   * The next offset to read of each partition. True when the group has all of them; false when a partition is no longer this member's,
   * so that somebody else will be given its messages again.
   */
  async commit(topic: string, next: ReadonlyMap<number, bigint>): Promise<boolean> {
    const { client } = this;
    if (next.size === 0) return true;
    // The brokers would take an offset for a partition of another member too.
    const mine = Array.from(next).filter(([partition]) => this.assignment.some((place) => place.topic === topic && place.partition === partition));
    if (client === null || mine.length === 0) return false;
    try {
      await client.commitOffsets(mine.map(([partition, offset]) => ({ topic, partition, offset: String(offset) })));
      return mine.length === next.size;
    } catch (error) {
      if (GONE.has(typeOf(error))) return false;
      throw fault(`committing offsets of ${topic}`, error);
    }
  }

  /** One membership: until the signal, or until the client gives up. */
  private async member(signal: AbortSignal): Promise<{ readonly hasWorked: boolean; readonly error: unknown }> {
    const { group, topics, sessionMsMax = limits.SESSION_MS_MAX } = this.options;
    const client = this.kafka.consumer({
      groupId: group,
      sessionTimeout: sessionMsMax,
      heartbeatInterval: Math.min(limits.HEARTBEAT_MS, sessionMsMax / 3),
      rebalanceTimeout: Math.max(limits.REBALANCE_MS_MAX, sessionMsMax),
      minBytes: 1,
      maxWaitTimeInMs: limits.FETCH_WAIT_MS_MAX,
      maxBytes: limits.FETCH_BYTES_MAX,
      maxBytesPerPartition: limits.FETCH_PARTITION_BYTES_MAX,
      allowAutoTopicCreation: false,
      // The loop in `run` starts again, with a client that knows nothing of what broke this one.
      retry: { retries: limits.RETRIES_MAX, initialRetryTime: limits.RETRY_PAUSE_MS, maxRetryTime: limits.RETRY_PAUSE_MS_MAX, restartOnFailure: () => Promise.resolve(false) },
    });
    let hasWorked = false;
    const over = Promise.withResolvers<unknown>();
    const stop = (): void => over.resolve(null);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    client.on(client.events.CRASH, ({ payload }) => over.resolve(payload.error));
    client.on(client.events.REBALANCING, () => void this.change(null));
    client.on(client.events.GROUP_JOIN, ({ payload }) => {
      hasWorked = true;
      void this.change(Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition }))));
    });
    const joining = (async () => {
      await client.connect();
      await client.subscribe({ topics: [...topics], fromBeginning: true });
      this.client = client;
      await client.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: limits.PARTITIONS_PARALLEL_MAX,
        eachBatch: (payload) => this.take(payload, signal),
      });
    })();
    try {
      await Promise.race([joining, over.promise]);
      return { hasWorked, error: await over.promise };
    } catch (error) {
      return { hasWorked, error };
    } finally {
      signal.removeEventListener('abort', stop);
      // While it is a member still: what is done can be committed.
      await this.change(null);
      this.client = null;
      await this.part(client);
      // One that was still joining when it was told to end must not stay a member.
      const late = joining.then(() => this.part(client));
      // Why it failed has been told, or nobody asks any more.
      void late.catch(() => undefined);
    }
  }

  /** Leaves the group. */
  private async part(client: Client): Promise<void> {
    const left = within(client.disconnect(), limits.LEAVE_MS_MAX, () => new KafkaError('the brokers did not answer', true));
    // Where they are gone, or do not answer, the group takes this member to be gone after its session.
    await left.catch(() => undefined);
  }

  /** Null: none until the group has settled. */
  private change(to: readonly Place[] | null): Promise<void> {
    const { assigned, revoked, failed } = this.options;
    const changed = this.changing.then(async () => {
      try {
        if (this.assignment.length > 0) {
          // What is done with them so far can still be committed.
          await revoked?.();
        }
        this.assignment = [];
        this.waiting.clear();
        if (to === null) return;
        this.assignment = to;
        await assigned?.(to);
      } catch (error) {
        failed?.(error, 0);
      }
    });
    this.changing = changed;
    return changed;
  }

  private async take({ batch, resolveOffset, heartbeat, pause: pauseFetching, isRunning, isStale }: EachBatchPayload, signal: AbortSignal): Promise<void> {
    const { messagesMax = limits.DELIVERED_MESSAGES_MAX, sessionMsMax = limits.SESSION_MS_MAX } = this.options;
    const { topic, partition } = batch;
    const beating = new Heartbeat(heartbeat, Math.min(limits.HEARTBEAT_MS, sessionMsMax / 3));
    try {
      await this.changing;
      for (let at = 0; at < batch.messages.length; at += messagesMax) {
        if (!isRunning() || isStale() || signal.aborted) return;
        beating.throwIfLost();
        const part = batch.messages.slice(at, at + messagesMax);
        try {
          await this.options.deliver({ topic, partition, messages: part.map(deliveredOf), end: BigInt(batch.highWatermark) });
        } catch (error) {
          this.wait({ topic, partition }, error, pauseFetching);
          return;
        }
        this.waiting.delete(nameOf({ topic, partition }));
        const last = part.at(-1);
        if (last !== undefined) resolveOffset(last.offset);
      }
      beating.throwIfLost();
      await heartbeat();
    } finally {
      beating.end();
    }
  }

  /** Nothing is fetched from the partition until it is its turn again; what was not taken is fetched anew then. */
  private wait(place: Place, error: unknown, pauseFetching: () => () => void): void {
    const name = nameOf(place);
    const before = this.waiting.get(name);
    const pauseMs = before === undefined ? limits.REDELIVER_PAUSE_MS : Math.min(limits.REDELIVER_PAUSE_MS_MAX, before.pauseMs * 2);
    const now = { place, pauseMs, isPaused: true };
    this.waiting.set(name, now);
    const resume = pauseFetching();
    this.options.failed?.(error, pauseMs);
    setTimeout(() => {
      now.isPaused = false;
      resume();
    }, pauseMs).unref();
  }
}

function nameOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}

/** The client beats only between batches; work that takes longer than a session would cost the membership. */
class Heartbeat {
  private lost: unknown = null;
  private readonly timer: NodeJS.Timeout;

  constructor(beat: () => Promise<void>, everyMs: number) {
    this.timer = setInterval(() => {
      beat().catch((error: unknown) => (this.lost = error));
    }, everyMs);
  }

  /** The client has to see the error to join again. */
  throwIfLost(): void {
    if (this.lost !== null) throw this.lost instanceof Error ? this.lost : new KafkaError(`heartbeat: ${String(this.lost)}`, true);
  }

  end(): void {
    clearInterval(this.timer);
  }
}
