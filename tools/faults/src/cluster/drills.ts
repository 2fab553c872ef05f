// What the distributed system must survive.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '@trellis/servers';
import { ingested, lastOf, uncommitted } from './audit.js';
import { redisOrder } from './redis-order.js';
import type { Disturbing, Drill } from './drill.js';
import { POISON } from './poison.js';

const EVENTS = 5_000;
/** After the last commit: checkpoints have moved on by then. */
const LAST_KILL_MS = 5_000;
/** Longer than a member of a group is waited for. */
const STILL_MS = 7_000;
const TAKEN_OVER_MS_MAX = 60_000;
const COMMITTED_MS_MAX = 60_000;
const KILLS_MIN = 3;
const KILLS_MAX = 8;

async function killAndStart({ did }: Disturbing, service: ServiceProcess, what: string): Promise<void> {
  await service.kill();
  did(`${what} killed`);
  await service.start();
}

/** Again and again until the traffic is over. */
function repeatedly(everyMs: readonly [number, number], work: (with_: Disturbing) => Promise<void>): NonNullable<Drill['disturb']> {
  return async (with_) => {
    for (;;) {
      await with_.pause(with_.random.between(...everyMs));
      if (with_.signal.aborted) return;
      await work(with_);
    }
  };
}

/** After the traffic, when nothing comes any more that would mend a lost row in passing. */
const lastKill: NonNullable<Drill['afterwards']> = async (with_) => {
  const { system, violation } = with_;
  for (const behind of await lastOf(() => uncommitted(system), COMMITTED_MS_MAX)) violation(behind);
  await sleep(LAST_KILL_MS);
  const leader = await system.leader();
  const other = system.of('projector').find((service) => service !== leader);
  if (other !== undefined) await killAndStart(with_, other, 'projector');
};

/** Ingest as soon as it has committed something more: one that still waits to join its group would be killed in vain. */
async function killOnceCommitted(with_: Disturbing): Promise<void> {
  const before = (await ingested(with_.system)).committed;
  const waiting = async (): Promise<readonly string[]> => {
    const { committed, left } = await ingested(with_.system);
    return committed > before || (left === 0n && with_.signal.aborted) ? [] : ['ingest commits nothing'];
  };
  for (const behind of await lastOf(waiting, COMMITTED_MS_MAX)) with_.violation(behind);
  await killAndStart(with_, with_.random.pick(with_.system.of('ingest')), 'ingest');
}

/** What two planted bugs must not survive: ingest and a projector are killed at the worst moments. */
export const WORST_MOMENTS: Drill = {
  name: 'ingest killed once it has committed, a projector killed once offsets have gone on',
  events: 4_000,
  disturb: async (with_) => {
    // However fast the traffic is over: what came while the first was down comes in large batches.
    for (let kills = 0; kills < KILLS_MIN || (kills < KILLS_MAX && !with_.signal.aborted); kills++) await killOnceCommitted(with_);
  },
  afterwards: lastKill,
};

export const KILLS: Drill = {
  name: 'ingest, relay, projectors and recommenders killed at random',
  events: 50_000,
  options: { ingests: 2 },
  disturb: repeatedly([1_000, 3_000], async (with_) => {
    const { system, random } = with_;
    const kind = random.weighted({ ingest: 3, relay: 2, projector: 3, recommender: 2 });
    const service = kind === 'relay' ? await system.leader() : random.pick(system.of(kind));
    if (service !== null) await killAndStart(with_, service, kind);
  }),
  afterwards: lastKill,
};

export const DRILLS: readonly Drill[] = [
  { name: 'messages sent twice at the same time, out of order across partitions', events: EVENTS, options: { ingests: 2 } },
  {
    name: 'a relay and an ingest that stand still until others have taken over',
    events: EVENTS,
    options: { ingests: 2 },
    disturb: async ({ system, did, violation }) => {
      const leader = await system.leader();
      const still = [leader, system.of('ingest')[0]].flatMap((service) => service?.pid ?? []);
      for (const pid of still) process.kill(pid, 'SIGSTOP');
      const others = async (): Promise<readonly string[]> => ([null, leader].includes(await system.leader()) ? ['nobody else has begun to lead'] : []);
      const [behind] = await Promise.all([lastOf(others, TAKEN_OVER_MS_MAX), sleep(STILL_MS)]);
      behind.forEach(violation);
      for (const pid of still) {
        process.kill(pid, 'SIGCONT');
        did('stood still');
      }
    },
  },
  {
    name: 'Kafka killed and started again',
    events: EVENTS,
    disturb: repeatedly([2_000, 4_000], async ({ system, did }) => {
      await system.kafka.kill();
      did('Kafka killed');
      await system.kafka.start();
    }),
  },
  {
    name: 'Redis killed and started again, with everything lost',
    events: EVENTS,
    disturb: repeatedly([1_500, 3_000], async ({ system, did, pause }) => {
      await system.redis.kill();
      did('Redis killed');
      await pause(500);
      await system.redis.start();
    }),
  },
  {
    name: 'Redis killed and started again, with what its log of the last second had',
    events: EVENTS,
    options: { redis: ['--appendonly', 'yes'] },
    disturb: repeatedly([1_500, 3_000], async ({ system, did }) => {
      await system.redis.kill();
      did('Redis killed');
      await system.redis.start();
    }),
  },
  {
    name: 'Redis flushed',
    events: EVENTS,
    disturb: repeatedly([1_000, 2_500], async ({ system, did }) => {
      await redisOrder(system.redis.address, 'FLUSHALL');
      did('Redis flushed');
    }),
  },
  {
    name: 'projectors added and removed',
    events: EVENTS * 2,
    options: { projectors: 1 },
    disturb: repeatedly([500, 1_500], async ({ system, random, did }) => {
      const all = system.of('projector');
      if (all.length < 3 && (all.length < 2 || random.chance(0.5))) {
        await system.add('projector');
        did('projector added');
      } else {
        await system.remove(random.pick(all));
        did('projector removed');
      }
    }),
  },
  {
    name: 'everything replayed from the beginning, out of order across partitions',
    events: EVENTS,
    afterwards: async ({ system, did }) => {
      const { kafka, topics, groups } = system.transport;
      for (const [kind, group, names] of [['ingest', groups.ingest, [...topics.ingress.keys()]], ['projector', groups.projector, [topics.events]]] as const) {
        for (const service of system.of(kind)) await service.stop();
        for (const topic of names) await kafka.resetGroup(group, topic);
        for (const service of system.of(kind)) await service.start();
        did(`${kind} began again`);
      }
    },
  },
  {
    name: 'the event store slow and disconnecting',
    events: EVENTS,
    disturb: repeatedly([500, 1_500], async ({ system, random, did, pause }) => {
      if (random.chance(0.5)) {
        await system.kurrent.cut();
        did('event store cut');
      } else {
        await system.kurrent.slow(random.between(20, 200));
        did('event store slow');
        await pause(1_000);
        await system.kurrent.fast();
      }
    }),
  },
  POISON,
];
