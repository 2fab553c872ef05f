// Connection strings: what may stand in them, what is added, and how their secrets stay out of errors and logs.
import { CALL_MS_MAX } from './limits.js';
import { KurrentError } from './errors.js';

// The client would print the whole string, with the password, when it meets a key that it does not know.
const KEYS: ReadonlySet<string> = new Set([
  ...['connectionname', 'defaultdeadline', 'discoveryinterval', 'gossiptimeout', 'keepaliveinterval', 'keepalivetimeout'],
  ...['maxdiscoverattempts', 'nodepreference', 'throwonappendfailure', 'tls', 'tlscafile', 'tlsverifycert', 'usercertfile', 'userkeyfile'],
]);
const SECRET_KEYS: ReadonlySet<string> = new Set(['tlscafile', 'usercertfile', 'userkeyfile']);
const SCHEME = /^(?:esdb|kurrentdb|kurrent|kdb)(?:\+discover)?:\/\//;
const HIDDEN = '***';

export interface ConnectionString {
  /** With secrets: only for the client. */
  readonly full: string;
  /** For people. */
  readonly shown: string;
  /** The text with every secret of the connection string hidden. */
  hide(text: string): string;
}

export function connectionStringOf(text: string): ConnectionString {
  const trimmed = text.trim();
  const scheme = SCHEME.exec(trimmed)?.[0];
  // The text itself is not shown: it may be a string with a password whose beginning is wrong.
  if (scheme === undefined) throw new KurrentError('the connection string of KurrentDB must begin with kurrentdb:// or kurrentdb+discover://', false);
  const [address = '', query = ''] = splitOnce(trimmed.slice(scheme.length), '?');
  const at = address.lastIndexOf('@');
  const credentials = at < 0 ? '' : address.slice(0, at);
  const hosts = address.slice(at + 1).replace(/\/+$/, '');
  if (hosts === '') throw new KurrentError('the connection string of KurrentDB names no host', false);
  if (at >= 0 && !credentials.includes(':')) throw new KurrentError('the connection string of KurrentDB has credentials without a password', false);
  const options = query === '' ? [] : query.split('&').map((option) => splitOnce(option, '='));
  for (const [key] of options) {
    if (!KEYS.has(flat(key))) throw new KurrentError(`the connection string of KurrentDB has an unknown option ${JSON.stringify(key)}`, false);
  }
  const has = (key: string): boolean => options.some(([name]) => flat(name) === key);
  const added = [
    ...(has('defaultdeadline') ? [] : [['defaultDeadline', String(CALL_MS_MAX)] as const]),
    ...(has('connectionname') ? [] : [['connectionName', 'trellis'] as const]),
  ];
  const secrets = secretsOf(credentials, options);
  const join = (list: readonly (readonly [string, string])[]): string => list.map(([key, value]) => `${key}=${value}`).join('&');
  const visible = options.map(([key, value]) => [key, SECRET_KEYS.has(flat(key)) ? HIDDEN : value] as const);
  return {
    full: `${scheme}${credentials === '' ? '' : `${credentials}@`}${hosts}?${join([...options, ...added])}`,
    shown: `${scheme}${credentials === '' ? '' : `${HIDDEN}@`}${hosts}${visible.length === 0 ? '' : `?${join(visible)}`}`,
    hide: (said) => secrets.reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), said),
  };
}

/** As they stand in the string and as they are meant, the longest first, so that a part never uncovers the rest. */
function secretsOf(credentials: string, options: readonly (readonly [string, string])[]): readonly string[] {
  const written = [...(credentials === '' ? [] : [credentials, ...splitOnce(credentials, ':')]), ...options.filter(([key]) => SECRET_KEYS.has(flat(key))).map(([, value]) => value)];
  const all = new Set(written.flatMap((secret) => [secret, decoded(secret)]).filter((secret) => secret !== ''));
  return [...all].sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded in a way that can be read: then it is used as it stands.
    return text;
  }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)];
}

function flat(key: string): string {
  return key.trim().toLowerCase().replace(/[_-]/g, '');
}
