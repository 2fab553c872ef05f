// Where a server comes from: one that is given, else Docker, else programs of this machine, else packages that can be installed, else a sentence.
import type { Machine } from './machine.js';

export type Source = { readonly kind: 'given'; readonly address: string } | { readonly kind: 'docker' } | Programs;

/** Programs of this machine; the packages are to be installed first. */
export interface Programs {
  readonly kind: 'programs';
  readonly packages: readonly string[];
}

/** A server that this machine cannot run; the message says what to install. */
export class MissingServerError extends Error {
  override readonly name = 'MissingServerError';
}

export const REDIS_VARIABLE = 'TRELLIS_REDIS_URL';
export const KAFKA_VARIABLE = 'TRELLIS_KAFKA_BROKERS';
export const KURRENT_VARIABLE = 'TRELLIS_KURRENT_URL';

const JAVA_VERSION_MIN = 17;

/** Something a server needs, how to speak of it, and the Debian package that brings it. */
interface Need {
  readonly isThere: boolean;
  readonly what: string;
  readonly package: string;
}

/** `own`: a server that may be killed and restarted, so never a given one. */
export async function redisSource(machine: Machine, own: boolean): Promise<Source> {
  const given = own ? null : machine.variable(REDIS_VARIABLE);
  if (given !== null) return { kind: 'given', address: given };
  if (await machine.hasDocker()) return { kind: 'docker' };
  return programs(machine, 'Redis', own ? null : REDIS_VARIABLE, [{ isThere: machine.program('redis-server') !== null, what: 'redis-server', package: 'redis-server' }]);
}

export async function kafkaSource(machine: Machine, own: boolean): Promise<Source> {
  const given = own ? null : machine.variable(KAFKA_VARIABLE);
  if (given !== null) return { kind: 'given', address: given };
  if (await machine.hasDocker()) return { kind: 'docker' };
  const java = await machine.javaVersion();
  const found = java === null ? '' : ` (java here is version ${java})`;
  return programs(machine, 'Kafka', own ? null : KAFKA_VARIABLE, [
    { isThere: java !== null && java >= JAVA_VERSION_MIN, what: `Java ${JAVA_VERSION_MIN} or later${found}`, package: 'default-jre-headless' },
    { isThere: machine.hasKafkaJars() || machine.program('mvn') !== null, what: 'Maven (mvn), which fetches the jars of Kafka', package: 'maven' },
  ]);
}

/** Prometheus scrapes the services of this machine, which a container would not reach: no Docker. */
export function prometheusSource(machine: Machine): Programs {
  return programs(machine, 'Prometheus', null, [{ isThere: machine.program('prometheus') !== null, what: 'prometheus', package: 'prometheus' }], false);
}

function programs(machine: Machine, server: string, variable: string | null, needs: readonly Need[], mayUseDocker = true): Programs {
  const missing = needs.filter(({ isThere }) => !isThere);
  const packages = missing.map((need) => need.package);
  if (missing.length === 0 || (machine.isRoot && machine.program('apt-get') !== null)) return { kind: 'programs', packages };
  const ways = [
    `install ${packages.join(' and ')} (apt-get install ${packages.join(' ')})`,
    ...(mayUseDocker ? ['start Docker'] : []),
    ...(variable === null ? [] : [`set ${variable} to the address of a running one`]),
  ];
  throw new MissingServerError(`${server} cannot be started here: this machine has no ${missing.map(({ what }) => what).join(' and no ')}. Please ${ways.join(', or ')}.`);
}
