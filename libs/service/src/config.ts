// The environment: one table that is parsed, that explains itself when a value is wrong, and that the README prints.

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
  readonly store: 'embedded';
  readonly logLevel: LogLevel;
}

interface Variable {
  readonly name: `TRELLIS_${string}`;
  readonly key: keyof Config;
  /** Null: none. */
  readonly default: string | null;
  readonly description: string;
  readonly schema: JsonSchema;
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
    description: 'where events are kept: embedded',
    schema: { const: 'embedded', expects: '"embedded": this version has no other store yet' },
  },
  {
    name: 'TRELLIS_LOG_LEVEL',
    key: 'logLevel',
    default: 'info',
    description: `least level that is logged: ${LOG_LEVELS.join(', ')}`,
    schema: { enum: LOG_LEVELS },
  },
];

const CONFIG = querySchemaOf<Config>({
  type: 'object',
  required: ENVIRONMENT.filter((variable) => variable.default !== null).map((variable) => variable.key),
  additionalProperties: false,
  properties: Object.fromEntries(ENVIRONMENT.map((variable) => [variable.key, variable.schema])),
});

/** An empty variable counts as absent, as `docker compose` and shells hand them on. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = ENVIRONMENT.map(({ name, key, default: usual }) => [key, env[name] || usual] as const);
  const values: Record<string, unknown> = Object.fromEntries(given.filter(([, value]) => value !== null));
  const invalid = CONFIG.check(values);
  if (invalid !== null) {
    const name = ENVIRONMENT.find(({ key }) => key === invalid.field)?.name ?? invalid.field;
    throw new StartError(`${name}${invalid.message.slice(invalid.field.length)}.`);
  }
  const config = CONFIG.parse(values);
  if (config.keys === undefined && !isLoopback(config.host)) {
    throw new StartError(
      `TRELLIS_HOST is ${shown(config.host)}, which other machines can reach, but there are no keys: ` +
        'set TRELLIS_KEYS to a keys file, or TRELLIS_HOST to 127.0.0.1.',
    );
  }
  return config;
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
