// Where the brokers are and how to be let in: `host:port,host:port`, or `kafka://user:password@host:port,host:port?tls=true&sasl=scram-sha-256`.
import { KafkaError } from './errors.js';

export interface Address {
  readonly brokers: readonly string[];
  readonly tls: boolean;
  readonly login: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string } | null;
  /** Without the password. */
  readonly shown: string;
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const BROKER = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:]+\]):\d{1,5}$/;
const PARTS = /^kafka:\/\/(?:([^:@/]*):([^@/]*)@)?([^?/]*)\/?(?:\?(.*))?$/;

export function addressOf(text: string): Address {
  const match = PARTS.exec(text.includes('://') ? text : `kafka://${text}`);
  if (match === null) throw wrong('the address of the brokers is not host:port,host:port, nor kafka://user:password@host:port');
  const [, user, password, hosts = '', query = ''] = match;
  const brokers = hosts.split(',').map((broker) => broker.trim());
  const bad = brokers.find((broker) => !BROKER.test(broker) || Number(broker.slice(broker.lastIndexOf(':') + 1)) > 65_535);
  if (bad !== undefined) throw wrong(`broker ${JSON.stringify(bad)} is not host:port`);
  const options = new URLSearchParams(query);
  const mechanism = options.get('sasl') ?? 'plain';
  if (!isMechanism(mechanism)) throw wrong(`sasl=${mechanism} is none of ${MECHANISMS.join(', ')}`);
  const unknown = [...options.keys()].find((key) => key !== 'tls' && key !== 'sasl');
  if (unknown !== undefined) throw wrong(`${JSON.stringify(unknown)} is not an option of the address; there are tls and sasl`);
  const login = user === undefined || password === undefined ? null : { mechanism, username: decodeURIComponent(user), password: decodeURIComponent(password) };
  return { brokers, tls: options.get('tls') === 'true', login, shown: `${login === null ? '' : `${login.username}:***@`}${brokers.join(',')}` };
}

function isMechanism(text: string): text is (typeof MECHANISMS)[number] {
  return MECHANISMS.some((known) => known === text);
}

function wrong(what: string): KafkaError {
  return new KafkaError(what, false);
}
