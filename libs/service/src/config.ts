// The environment: one table that is parsed, that explains itself when a value is wrong, and that the README prints.

import type { TenantId } from '@trellis/event-sourcing';
import { BlockList, isIP } from 'node:net';
import type { JsonSchema } from './json-schema.js';
import { LOG_LEVELS, type LogLevel } from './logging.js';
import { querySchemaOf } from './schema.js';
import { shown } from './shown.js';
import { StartError } from './start-error.js';

export interface Config {
  /** The folder of the embedded store. */
  readonly data: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The path of the keys file. Without one, only this machine may call, as anybody. */
  readonly keys?: string;
  /** With `kurrent`, `kurrentUrl` and `redisUrl` are there; who needs Kafka checks for itself. */
  readonly store: 'embedded' | 'kurrent';
  readonly kurrentUrl?: string;
  readonly redisUrl?: string;
  readonly kafkaBrokers?: string;
  /** Keeps several installations on the same servers apart. */
  readonly namespace: string;
  /** Whose events come in over Kafka, a topic each. */
  readonly ingressTenants: readonly TenantId[];
  /** An OTLP/HTTP collector; without one nothing is traced. */
  readonly traces?: string;
  readonly logLevel: LogLevel;
}

/** As the variables give it, before lists are taken apart. */
type Given = Omit<Config, 'ingressTenants'> & { readonly ingressTenants: string };

const INGRESS_TENANTS_MAX = 100;
const TENANT = '[a-z0-9-]{1,63}';
const BROKER = '(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}';

/** Where the other parts are, as a person would write it; also what a message proposes. */
const EXAMPLES = {
  kurrentUrl: 'kurrentdb://user:password@host:2113?tls=true',
  redisUrl: 'redis://:password@host:6379',
  kafkaBrokers: 'host:9092,host:9093',
  traces: 'http://127.0.0.1:4318',
} as const;

interface Variable {
  readonly name: `TRELLIS_${string}`;
  readonly key: keyof Config;
  /** Null: none. */
  readonly default: string | null;
  readonly description: string;
  readonly schema: JsonSchema;
  /** A wrong value is not shown: it may hold a password. */
  readonly isSecret?: true;
}

export const ENVIRONMENT: readonly Variable[] = [
  {
    name: 'TRELLIS_DATA',
    key: 'data',
    default: './.trellis',
    description: 'folder of the embedded store',
    schema: { type: 'string', minLength: 1, expects: 'the path of a folder' },
  },
  {
    name: 'TRELLIS_HOST',
    key: 'host',
    default: '127.0.0.1',
    description: 'address to listen on; without keys only an address of this machine itself',
    schema: { type: 'string', pattern: '^[A-Za-z0-9.:_-]{1,253}$', expects: 'an IP address or a host name' },
  },
  {
    name: 'TRELLIS_PORT',
    key: 'port',
    default: '7077',
    description: 'port to listen on; 0 lets the system choose',
    schema: { type: 'integer', minimum: 0, maximum: 65_535, expects: 'a whole number from 0 to 65535' },
  },
  {
    name: 'TRELLIS_KEYS',
    key: 'keys',
    default: null,
    description: 'path of the keys file: {"<SHA-256 of the key in hex>": {"tenant": "...", "role": "..."}}',
    schema: { type: 'string', minLength: 1, expects: 'the path of a keys file' },
  },
  {
    name: 'TRELLIS_STORE',
    key: 'store',
    default: 'embedded',
    description: 'where events are kept: `embedded` on this machine, or `kurrent` in KurrentDB with rows in Redis',
    schema: { enum: ['embedded', 'kurrent'] },
  },
  {
    name: 'TRELLIS_KURRENT_URL',
    key: 'kurrentUrl',
    default: null,
    description: `KurrentDB, as in \`${EXAMPLES.kurrentUrl}\`; the store \`kurrent\` needs it`,
    schema: {
      type: 'string',
      pattern: '^(?:kurrentdb|kurrent|kdb|esdb)(?:\\+discover)?://\\S+$',
      expects: `a connection string of KurrentDB, as in ${EXAMPLES.kurrentUrl}`,
    },
    isSecret: true,
  },
  {
    name: 'TRELLIS_REDIS_URL',
    key: 'redisUrl',
    default: null,
    description: `Redis, as in \`${EXAMPLES.redisUrl}\`, \`rediss://\` with TLS, several with commas for a cluster; the store \`kurrent\` needs it`,
    schema: { type: 'string', pattern: '^rediss?://\\S+$', expects: `the URL of a Redis server, as in ${EXAMPLES.redisUrl}` },
    isSecret: true,
  },
  {
    name: 'TRELLIS_KAFKA_BROKERS',
    key: 'kafkaBrokers',
    default: null,
    description: `Kafka, as in \`${EXAMPLES.kafkaBrokers}\` or \`kafka://user:password@host:9092?tls=true\`; projectors on the store \`kurrent\` need it, and events come in over it`,
    schema: {
      type: 'string',
      pattern: `^(?:kafka://\\S+|${BROKER}(?:,${BROKER})*)$`,
      expects: `brokers with their ports, as in ${EXAMPLES.kafkaBrokers}`,
    },
    isSecret: true,
  },
  {
    name: 'TRELLIS_NAMESPACE',
    key: 'namespace',
    default: 'trellis',
    description: 'keeps several installations on the same servers apart: in front of topics, Redis keys and, unless it is `trellis`, streams',
    schema: { type: 'string', pattern: '^[a-z0-9-]{1,32}$', expects: '1 to 32 lower-case letters, digits or hyphens' },
  },
  {
    name: 'TRELLIS_INGRESS_TENANTS',
    key: 'ingressTenants',
    default: 'default',
    description:
      'whose events come in over Kafka, separated by commas: `<namespace>.ingress` for the tenant `default`, `<namespace>.ingress.<tenant>` for others; who may write a topic may send for its tenant',
    schema: {
      type: 'string',
      pattern: `^${TENANT}(?:, ?${TENANT}){0,${INGRESS_TENANTS_MAX - 1}}$`,
      expects: `1 to ${INGRESS_TENANTS_MAX} tenants separated by commas, each of 1 to 63 lower-case letters, digits or hyphens`,
    },
  },
  {
    name: 'TRELLIS_TRACES',
    key: 'traces',
    default: null,
    description: `URL of an OTLP/HTTP collector that gets traces, as in \`${EXAMPLES.traces}\``,
    schema: { type: 'string', pattern: '^https?://\\S+$', expects: `the URL of an OTLP/HTTP collector, as in ${EXAMPLES.traces}` },
    isSecret: true,
  },
  {
    name: 'TRELLIS_LOG_LEVEL',
    key: 'logLevel',
    default: 'info',
    description: `least level that is logged: ${LOG_LEVELS.join(', ')}`,
    schema: { enum: LOG_LEVELS },
  },
];

const GIVEN = querySchemaOf<Given>({
  type: 'object',
  required: ENVIRONMENT.filter((variable) => variable.default !== null).map((variable) => variable.key),
  additionalProperties: false,
  properties: Object.fromEntries(ENVIRONMENT.map((variable) => [variable.key, variable.schema])),
});

/** An empty variable counts as absent, as `docker compose` and shells hand them on. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = ENVIRONMENT.map(({ name, key, default: usual }) => [key, env[name] || usual] as const);
  const values: Record<string, unknown> = Object.fromEntries(given.filter(([, value]) => value !== null));
  const invalid = GIVEN.check(values);
  if (invalid !== null) {
    const variable = ENVIRONMENT.find(({ key }) => key === invalid.field);
    throw variable?.isSecret ? hiding(variable) : new StartError(`${variable?.name ?? invalid.field}${invalid.message.slice(invalid.field.length)}.`);
  }
  const { ingressTenants, ...rest } = GIVEN.parse(values);
  // The cast: the schema let only tenants through.
  const config: Config = { ...rest, ingressTenants: [...new Set(ingressTenants.split(/, ?/))] as TenantId[] };
  if (config.traces !== undefined && !URL.canParse(config.traces)) throw hiding(variableOf('traces'));
  if (config.keys === undefined && !isLoopback(config.host)) {
    throw new StartError(
      `TRELLIS_HOST is ${shown(config.host)}, which other machines can reach, but there are no keys: ` +
        'set TRELLIS_KEYS to a keys file, or TRELLIS_HOST to 127.0.0.1.',
    );
  }
  if (config.store === 'kurrent') {
    const missing = (['kurrentUrl', 'redisUrl'] as const).filter((key) => config[key] === undefined);
    if (missing.length > 0) {
      const wanted = missing.map((key) => `${variableOf(key).name}, as in ${EXAMPLES[key]}`).join('; and ');
      throw new StartError(`TRELLIS_STORE is "kurrent", which also needs ${wanted}.`);
    }
  }
  return config;
}

function hiding({ name, schema }: Variable): StartError {
  return new StartError(`${name} is wrong; it must be ${String(schema['expects'])}. Its value is not shown, since it may hold a password.`);
}

function variableOf(key: keyof Config): Variable {
  const variable = ENVIRONMENT.find((each) => each.key === key);
  if (variable === undefined) throw new Error(`no variable gives ${key}`);
  return variable;
}

/** Names that look like ours but mean nothing: most likely misspelt. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).filter((name) => name.startsWith('TRELLIS_') && !ENVIRONMENT.some((variable) => variable.name === name));
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host.toLowerCase() === 'localhost' : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
