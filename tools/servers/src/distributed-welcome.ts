// What to open and what to try, for whoever has just started the distributed system.
import type { Distributed } from './distributed.js';

/** The part of a course that an example needs. */
export interface SampleCourse {
  readonly items: readonly { readonly id: string; readonly key?: { readonly type: string; readonly values: readonly unknown[] } }[];
}

export type Shown = Pick<Distributed, 'url' | 'logs'> & {
  readonly kurrent: Pick<Distributed['kurrent'], 'isDouble' | 'address'>;
  readonly kafka: Pick<Distributed['kafka'], 'address'>;
  readonly redis: Pick<Distributed['redis'], 'address'>;
  readonly services: readonly Pick<Distributed['services'][number], 'name' | 'url'>[];
};

/** Two lines to try if the sample course is there. */
export function distributedWelcome({ url, kurrent, kafka, redis, services, logs }: Shown, sample: SampleCourse | null): string {
  const item = sample?.items.find(({ key }) => key?.type === 'number');
  const body = JSON.stringify({ item: item?.id, response: item?.key?.values[0] });
  const tries =
    item === undefined
      ? ['', '  The sample course is not published: TRELLIS_KEYS is set, and whoever publishes needs a key.']
      : [
          '',
          '  send an answer:',
          `  curl -s -X POST ${url}/v1/learners/learner-01/answers -H 'content-type: application/json' -d '${body}'`,
          '',
          '  ask what next:',
          `  curl -s -X POST ${url}/v1/learners/learner-01/recommendations -H 'content-type: application/json' -d '{"count":3}'`,
          '',
          '  see whether every part is ready:',
          `  curl -s ${url}/health/ready`,
        ];
  const ingest = services.find(({ name }) => name === 'ingest');
  const lines = [
    '',
    '  Trellis is ready, as separate services.',
    '',
    `  open          ${url}/docs for what is asked, ${ingest?.url ?? url}/docs for what is sent`,
    kurrent.isDouble
      ? '  KurrentDB     A DOUBLE of its protocol, IN MEMORY: every event is gone when this stops. TRELLIS_KURRENT_URL takes a real one.'
      : `  KurrentDB     ${withoutPassword(kurrent.address)}`,
    `  Kafka         ${withoutPassword(kafka.address)}`,
    `  Redis         ${withoutPassword(redis.address)}`,
    ...services.map(({ name, url: own }) => `  ${name.padEnd(13)} ${own}`),
    `  logs          ${logs}`,
    ...tries,
    '',
    '  Ctrl-C stops it.',
    '',
  ];
  return lines.join('\n');
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//***@');
}
