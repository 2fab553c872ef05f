// One projector, and two that share the work: how fast a backlog of the events topic becomes rows.
import { readdirSync, readFileSync } from 'node:fs';
import { eventMessage, openTransport, type Transport } from '@trellis/engine';
import type { Position, Recorded } from '@trellis/event-sourcing';
import { startKafka, startKurrent, startRedis, type RunningServer } from '@trellis/servers';
import type { Benchmark, Measured } from '../benchmark.js';
import { observations } from '../embedded-log.js';
import type { Worker } from '../workplace.js';

const EVENTS = 200_000;
const LEARNERS = 2_000;
const PUBLISHED_TOGETHER = 2_000;
/** Of a topic that Trellis makes itself. */
const PARTITIONS = 12;
const CHILD = new URL('../../dist/projector-child.js', import.meta.url).pathname;
const DONE_MS_MAX = 180_000;
const LOOK_MS = 20;

export const projectors: Benchmark = {
  name: 'projectors',
  title: 'Projectors that share the work',
  roundsMax: 5,
  prepare: async ({ workplace, scale, say }) => {
    say('projectors: starting servers');
    const servers = await Promise.all([startKurrent(), startRedis({ own: true }), startKafka({ own: true })]);
    const [kurrent, redis, kafka] = servers;
    const events = Math.max(2_000, Math.round(EVENTS * scale.size));
    const learners = Math.max(50, Math.round(LEARNERS * scale.size));
    let runs = 0;

    const side = (count: number) => async (): Promise<Measured> => {
      // Topics, groups and rows of its own: nothing is left of the run before.
      const namespace = `bench-${process.pid}-${++runs}`;
      const transport = await openTransport({ kafkaBrokers: kafka.address, namespace, ingressTenants: [] }, { clientId: 'bench' });
      const children = Array.from({ length: count }, () =>
        workplace.work({ script: CHILD, env: { TRELLIS_STORE: 'kurrent', TRELLIS_KURRENT_URL: kurrent.address, TRELLIS_REDIS_URL: redis.address, TRELLIS_KAFKA_BROKERS: kafka.address, TRELLIS_NAMESPACE: namespace, TRELLIS_PORT: '0', TRELLIS_LOG_LEVEL: 'warn' } }),
      );
      try {
        // They join first and begin together: neither the start nor a rebalance is part of the time.
        await Promise.all(children.map((child) => hasShare(child, count)));
        await publish(transport, events, learners);
        const serversBefore = [redis, kafka].map(secondsOf);
        const before = children.map(({ pid }) => cpuSeconds(pid));
        const start = performance.now();
        for (const { pid } of children) process.kill(pid, 'SIGUSR2');
        await covered(transport, events);
        const seconds = (performance.now() - start) / 1_000;
        const own = children.reduce((sum, { pid }, at) => sum + cpuSeconds(pid) - (before[at] ?? 0), 0);
        const [redisCpu = 0, kafkaCpu = 0] = [redis, kafka].map((server, at) => secondsOf(server) - (serversBefore[at] ?? 0));
        return {
          [`rate-${count}`]: events / seconds,
          [`cpu-${count}`]: (own * 1_000_000) / events,
          [`redis-${count}`]: (redisCpu * 1_000_000) / events,
          [`kafka-${count}`]: (kafkaCpu * 1_000_000) / events,
          [`cores-${count}`]: (own + redisCpu + kafkaCpu) / seconds,
        };
      } finally {
        for (const child of children) await child.kill();
        await transport.close();
      }
    };
    say('projectors: warming up');
    await side(1)();
    return {
      sides: [side(1), side(2)],
      rows: [
        { what: 'two projectors', unit: 'events/s', figure: 'rate-2', limit: { what: 'one projector', figure: 'rate-1' } },
        { what: 'two projectors, processor time of both', unit: 'us an event', figure: 'cpu-2', limit: { what: 'one projector', figure: 'cpu-1' } },
        { what: 'Redis beside two projectors, processor time', unit: 'us an event', figure: 'redis-2', limit: { what: 'beside one', figure: 'redis-1' } },
        { what: 'Kafka beside two projectors, processor time', unit: 'us an event', figure: 'kafka-2', limit: { what: 'beside one', figure: 'kafka-1' } },
        { what: 'all of them together, of two cores', unit: 'cores busy', figure: 'cores-2', limit: { what: 'with one projector', figure: 'cores-1' } },
      ],
      notes: [
        `${events.toLocaleString('en')} answers of ${learners.toLocaleString('en')} learners who take turns, waiting in ${PARTITIONS} partitions; the time from when all projectors begin to the commit of the last event, after its row is in Redis. Real Kafka and Redis, on the same two cores as the projectors.`,
      ],
      close: async () => void (await Promise.all(servers.map((server) => server.stop()))),
    };
  },
};

async function hasShare(child: Worker, of: number): Promise<void> {
  for (let line = await child.line(); ; line = await child.line()) {
    if (line === null) throw new Error('a projector ended before it had its share of the partitions');
    if ((JSON.parse(line) as { partitions: number }).partitions === PARTITIONS / of) return;
  }
}

async function publish({ kafka, topics }: Transport, events: number, learners: number): Promise<void> {
  const publisher = kafka.publisher();
  try {
    let part: Recorded[] = [];
    let n = 0;
    for (const { stream, event } of observations({ events, learners })) {
      // As the relay reads them from the log: learners take turns, so each round is a revision.
      part.push({ ...event, stream, revision: Math.floor(n / learners), position: String(++n) as Position, recordedAt: Date.now() });
      if (part.length < PUBLISHED_TOGETHER) continue;
      await publisher.publish(topics.events, part.map(eventMessage));
      part = [];
    }
    if (part.length > 0) await publisher.publish(topics.events, part.map(eventMessage));
  } finally {
    await publisher.close();
  }
}

async function covered({ kafka, topics, groups }: Transport, events: number): Promise<void> {
  for (const end = performance.now() + DONE_MS_MAX; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, LOOK_MS))) {
    const offsets = await kafka.offsets(groups.projector, topics.events);
    if (offsets.reduce((sum, { committed }) => sum + Number(committed ?? 0n), 0) >= events) return;
  }
  throw new Error(`${events} events are not in rows after ${DONE_MS_MAX} ms`);
}

function secondsOf({ pid }: RunningServer): number {
  return pid === null ? 0 : cpuSeconds(pid);
}

/** Of all threads that live, from /proc: 0 where there is none. */
function cpuSeconds(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e9;
  } catch {
    // Another system, or a thread that has just ended: the rates stand without it.
    return 0;
  }
}
