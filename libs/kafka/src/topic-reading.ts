// A topic from its beginning to where it ends now, for whoever belongs to no group. The client reads in groups only, so this is one of its
// own that commits nothing and is removed afterwards.
import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { fault, KafkaError, typeOf } from './errors.js';
import * as limits from './limits.js';
import { deliveredOf, type Delivered } from './messages.js';

export type Read = Delivered & { readonly partition: number };

/** `ends`: of each partition that holds something, where to stop (exclusive). */
export async function* readTopic(kafka: Kafka, topic: string, ends: ReadonlyMap<number, bigint>): AsyncGenerator<readonly Read[]> {
  if (ends.size === 0) return;
  const left = new Set(ends.keys());
  const pages: (readonly Read[])[] = [];
  let failure: unknown = null;
  let wake = (): void => undefined;
  let taken = (): void => undefined;
  const groupId = `${topic}-reading-${randomUUID()}`;
  let [isBegun, restarts] = [false, 0];
  // A group may be met while its coordinator still loads; later, a restart would give everything again.
  const restartOnFailure = (error: Error): Promise<boolean> => Promise.resolve(!isBegun && typeOf(error) === 'GROUP_LOAD_IN_PROGRESS' && restarts++ < limits.READ_RESTARTS_MAX);
  const retry = { retries: limits.RETRIES_MAX, initialRetryTime: limits.READ_RESTART_PAUSE_MS, restartOnFailure };
  const client = kafka.consumer({ groupId, sessionTimeout: limits.READ_SILENCE_MS_MAX, maxWaitTimeInMs: limits.FETCH_WAIT_MS_MAX, allowAutoTopicCreation: false, retry });
  client.on(client.events.CRASH, ({ payload }) => {
    if (payload.restart) return;
    failure = payload.error;
    wake();
  });
  // A partition may end in records that nobody is given, such as those of a transaction that was given up.
  client.on(client.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    const end = ends.get(partition);
    if (end !== undefined && BigInt(lastOffset) + 1n >= end) left.delete(partition);
    wake();
  });
  try {
    await client.connect();
    await client.subscribe({ topics: [topic], fromBeginning: true });
    await client.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        isBegun = true;
        const end = ends.get(batch.partition);
        if (end === undefined) return;
        const page = batch.messages.map((message) => ({ ...deliveredOf(message), partition: batch.partition })).filter(({ offset }) => offset < end);
        if (page.length > 0) pages.push(page);
        if (BigInt(batch.lastOffset()) + 1n >= end) left.delete(batch.partition);
        wake();
        while (pages.length >= limits.READ_PAGES_MAX) await new Promise<void>((resolve) => (taken = resolve));
      },
    });
    for (;;) {
      const page = pages.shift();
      if (page !== undefined) {
        taken();
        yield page;
      } else if (failure !== null) throw fault(`reading ${topic}`, failure);
      else if (left.size === 0) return;
      else await news((rouse) => (wake = rouse), topic);
    }
  } finally {
    // Whoever still waits to hand on a page shall end.
    pages.length = 0;
    taken();
    // It is of no use any more, whether it can say so to the brokers or not.
    await client.disconnect().catch(() => undefined);
    await removeGroup(kafka, groupId);
  }
}

async function news(listen: (rouse: () => void) => void, topic: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    listen(resolve);
    timer = setTimeout(() => reject(new KafkaError(`reading ${topic}: nothing came for ${limits.READ_SILENCE_MS_MAX} ms`, true)), limits.READ_SILENCE_MS_MAX);
  }).finally(() => clearTimeout(timer));
}

async function removeGroup(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.deleteGroups([groupId]);
  } catch {
    // An empty group without offsets goes away by itself.
  } finally {
    // As above.
    await admin.disconnect().catch(() => undefined);
  }
}
