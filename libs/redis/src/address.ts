// Addresses of Redis: what may stand in them, and how their secrets stay out of errors and logs.
import { RedisError } from './errors.js';

const PORT = 6_379;
const HIDDEN = '***';
const FORM = 'redis://[user:password@]host[:port][/database], or rediss:// for TLS, or several of them separated by commas for a cluster';

export interface Address {
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly username: string;
  readonly password: string;
  readonly database: number;
  /** For people. */
  readonly shown: string;
  /** The text with every secret of the address hidden. */
  hide(text: string): string;
}

export function addressOf(text: string): Address {
  const [first = '', ...others] = text.split(',').map((part) => part.trim());
  const urls = [urlOf(first)];
  // Further hosts need not repeat scheme and password.
  for (const other of others) urls.push(urlOf(other.includes('://') ? other : `${first.slice(0, first.includes('@') ? first.lastIndexOf('@') + 1 : first.indexOf('://') + 3)}${other}`));
  const [url] = urls as [URL, ...URL[]];
  if (urls.some(({ protocol, username, password }) => protocol !== url.protocol || username !== url.username || password !== url.password)) {
    throw refusal('names hosts with different schemes, users or passwords');
  }
  const databases = urls.map(databaseOf);
  if (urls.length > 1 && databases.some((database) => database !== 0)) throw refusal('names a database, and a cluster has none but 0');
  const hosts = urls.map(({ hostname, port }) => ({ host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1'), port: port === '' ? PORT : Number(port) }));
  const credentials = url.username === '' && url.password === '' ? '' : `${HIDDEN}@`;
  const secrets = [url.password, decoded(url.password)].filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  return {
    hosts,
    tls: url.protocol === 'rediss:',
    username: decoded(url.username),
    password: decoded(url.password),
    database: databases[0] ?? 0,
    shown: hosts.map(({ host, port }) => `${url.protocol}//${credentials}${host.includes(':') ? `[${host}]` : host}:${port}${databases[0] === 0 ? '' : `/${databases[0]}`}`).join(','),
    hide: (said) => secrets.reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), said),
  };
}

function urlOf(text: string): URL {
  if (!/^rediss?:\/\//.test(text)) throw refusal(`must be ${FORM}`);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // The parser's own error shows the text, which may hold a password.
    throw refusal(`cannot be read; it must be ${FORM}`);
  }
  if (url.hostname === '') throw refusal('names no host');
  if (url.search !== '') throw refusal(`has an unknown option ${JSON.stringify([...url.searchParams.keys()][0] ?? '')}`);
  return url;
}

function databaseOf({ pathname }: URL): number {
  const [, database] = /^\/?(\d{0,4})$/.exec(pathname) ?? [];
  if (database === undefined) throw refusal(`names the database ${JSON.stringify(pathname.slice(1))}, which is no number`);
  return Number(database);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded in a way that can be read: then it is used as it stands.
    return text;
  }
}

// The text itself is not shown: it may be an address with a password whose beginning is wrong.
function refusal(why: string): RedisError {
  return new RedisError(`the address of Redis ${why}`, false);
}
