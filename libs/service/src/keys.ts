// Who may call: a file that maps the SHA-256 of each bearer key to a tenant and a role. The keys themselves are never stored.

import type { TenantId } from '@trellis/event-sourcing';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { errorCode } from './errors.js';
import { StartError } from './start-error.js';
import { schemaOf } from './schema.js';

export const ROLES = ['platform', 'teacher', 'analyst', 'operator'] as const;
/** platform: sends events and asks. teacher: courses, classrooms, reads, asks. analyst: reads. operator: metrics, health detail. */
export type Role = (typeof ROLES)[number];

/** The tenant of every call where no keys are configured. */
export const DEFAULT_TENANT = 'default' as TenantId; // fits the pattern of a tenant

export interface KeyHolder {
  readonly tenant: TenantId;
  /** `any` only where no keys are configured. */
  readonly role: Role | 'any';
}

export const ANYONE: KeyHolder = { tenant: DEFAULT_TENANT, role: 'any' };

const KEY_CHARS_MAX = 512;
const KEYS_MAX = 10_000;

const ENTRIES = schemaOf<Record<string, { tenant: TenantId; role: Role }>>({
  type: 'object',
  maxProperties: KEYS_MAX,
  additionalProperties: {
    type: 'object',
    required: ['tenant', 'role'],
    additionalProperties: false,
    properties: {
      tenant: { type: 'string', pattern: '^[a-z0-9-]{1,63}$', expects: '1 to 63 lower-case letters, digits or hyphens' },
      role: { enum: [...ROLES] },
    },
  },
});

export class Keys {
  private constructor(private readonly holders: ReadonlyMap<string, KeyHolder>) {}

  static read(path: string): Keys {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      const why = errorCode(cause) ?? 'no reason given';
      throw new StartError(`The keys file ${path} cannot be read (${why}); put its path into TRELLIS_KEYS.`, { cause });
    }
    return Keys.parse(text, path);
  }

  static parse(text: string, path: string): Keys {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Without the parser's message: it quotes the file.
      throw new StartError(`The keys file ${path} is not valid JSON.`);
    }
    const odd = Object.keys(isObject(value) ? value : {}).findIndex((name) => !/^[0-9a-f]{64}$/.test(name));
    if (odd >= 0) {
      // The name is not quoted: somebody may have put the key itself there.
      throw new StartError(
        `Entry ${odd + 1} of the keys file ${path} is not named by a SHA-256 in 64 lower-case hex digits: ` +
          'printf %s "$KEY" | sha256sum gives it.',
      );
    }
    const invalid = ENTRIES.check(value);
    if (invalid !== null) throw new StartError(`The keys file ${path} is wrong: ${invalid.message}.`);
    const entries = Object.entries(ENTRIES.parse(value));
    if (entries.length === 0) throw new StartError(`The keys file ${path} holds no key, so nobody could call.`);
    return new Keys(new Map(entries));
  }

  /**
   * Whose key an Authorization header carries. The key is hashed before it is looked up, so how long the look-up takes says
   * nothing about any key.
   */
  holderOf(authorization: string | undefined): KeyHolder | null {
    if (authorization === undefined || authorization.length > KEY_CHARS_MAX) return null;
    const key = /^bearer +(\S+)$/i.exec(authorization)?.[1];
    return key === undefined ? null : (this.holders.get(hash('sha256', key, 'hex')) ?? null);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
