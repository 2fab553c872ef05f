// A connection to Redis: every round trip has a deadline, every fault is translated, nothing is queued while there is no server, and
// what was not answered is never sent again behind the caller's back.
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Address } from './address.js';
import { faultOf, RedisError } from './errors.js';
import { CALL_MS_MAX, CLOSE_MS_MAX, CONNECT_MS_MAX, LOADING_PAUSE_MS_MAX, RECONNECT_PAUSE_MS, RECONNECT_PAUSE_MS_MAX, REDIRECTIONS_MAX, SLOTS_REFRESH_MS } from './limits.js';
import type { Script } from './scripts.js';
import { within } from './waiting.js';

export type Reply = Buffer | number | null | readonly Reply[];

export interface Command {
  readonly name: string;
  readonly args: readonly (string | Buffer | number)[];
  /** Sent whole should the server not know it yet. */
  readonly script?: Script;
}

export type Outcome = { readonly reply: Reply } | { readonly error: unknown };

export interface ConnectionOptions {
  readonly cluster: boolean;
  readonly callMsMax?: number;
}

export const command = (name: string, ...args: Command['args']): Command => ({ name, args });

export function call(script: Script, keys: readonly (string | Buffer)[], args: Command['args'] = []): Command {
  return { name: 'evalsha', args: [script.sha, keys.length, ...keys, ...args], script };
}

export class Connection {
  readonly cluster: boolean;
  private readonly client: Redis | Cluster;
  private readonly callMsMax: number;
  /** Why there is no connection, as far as the client has said. */
  private lastError: unknown = null;
  private closed = false;

  constructor(private readonly address: Address, { cluster, callMsMax = CALL_MS_MAX }: ConnectionOptions) {
    this.cluster = cluster;
    this.callMsMax = callMsMax;
    this.client = cluster ? clusterOf(address) : new Redis({ ...nodeOptions(address), ...address.hosts[0], enableOfflineQueue: false, retryStrategy: pauseOf });
    // Without a listener the client prints them.
    this.client.on('error', (error: unknown) => (this.lastError = error));
    this.client.on('node error', (error: unknown) => (this.lastError = error));
    this.client.on('ready', () => (this.lastError = null));
  }

  /** Resolves once commands can be sent. After a failure the connection is closed. */
  async open(): Promise<void> {
    try {
      await within(this.client.connect(), CONNECT_MS_MAX, () => new RedisError(`no connection within ${CONNECT_MS_MAX} ms`, true));
    } catch (error) {
      const fault = this.fault('cannot connect', this.lastError ?? error);
      this.disconnect();
      throw fault;
    }
  }

  /** All of them in order, on one trip where there is one server. Throws the first error. */
  async run(what: string, commands: readonly Command[]): Promise<readonly Reply[]> {
    return (await this.send(what, commands)).map((outcome) => this.replyOf(what, outcome));
  }

  async one(what: string, asked: Command): Promise<Reply> {
    return (await this.run(what, [asked]))[0] ?? null;
  }

  /** What became of each; throws where nothing is known of any of them. */
  async send(what: string, commands: readonly Command[]): Promise<readonly Outcome[]> {
    const outcomes = await this.trip(what, commands);
    const unknown = outcomes.flatMap((outcome, at) => ('error' in outcome && commands[at]?.script !== undefined && isUnknownScript(outcome.error) ? [at] : []));
    if (unknown.length === 0) return outcomes;
    const whole = unknown.flatMap((at) => commands[at] ?? []).map(({ args: [, ...args], script }) => ({ name: 'eval', args: [script?.source ?? '', ...args] }));
    const again = await this.trip(what, whole);
    return outcomes.map((outcome, at) => again[unknown.indexOf(at)] ?? outcome);
  }

  replyOf(what: string, outcome: Outcome): Reply {
    if ('error' in outcome) throw this.fault(what, outcome.error);
    return outcome.reply;
  }

  /** What `INFO` says on each server that takes writes. */
  async info(): Promise<readonly ReadonlyMap<string, string>[]> {
    const what = 'asking for its state';
    this.refuseClosed();
    const nodes = this.client instanceof Cluster ? this.client.nodes('master') : [this.client];
    if (nodes.length === 0) throw this.fault(what, this.lastError ?? new Error('no node of the cluster is connected'));
    return this.answered(what, Promise.all(nodes.map((node) => node.info()))).then((texts) => texts.map(infoOf));
  }

  /** The error with the address in front, and without its secrets. */
  fault(what: string, error: unknown): RedisError {
    const why = this.isDown(error) && this.lastError !== null ? this.lastError : error;
    const named = why instanceof RedisError ? new RedisError(why.message, why.retriable) : faultOf(what, why, (text) => this.address.hide(text));
    return new RedisError(`Redis at ${this.address.shown}: ${why instanceof RedisError ? `${what}: ` : ''}${named.message}`, named.retriable, named.cause);
  }

  /** Waits a moment for what was sent to be answered; never hangs. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.client.status === 'ready') {
      // A server that does not answer is left alone.
      await within(this.client.quit(), CLOSE_MS_MAX, () => new Error('late')).catch((error: unknown) => (this.lastError = error));
    }
    this.disconnect();
  }

  private disconnect(): void {
    this.closed = true;
    this.client.disconnect();
  }

  private async trip(what: string, commands: readonly Command[]): Promise<readonly Outcome[]> {
    this.refuseClosed();
    return this.answered(what, this.client instanceof Cluster ? spread(this.client, commands) : piped(this.client, commands));
  }

  private async answered<T>(what: string, answer: Promise<T>): Promise<T> {
    let late = false;
    try {
      return await within(answer, this.callMsMax, () => {
        late = true;
        return new Error(`no answer within ${this.callMsMax} ms`);
      });
    } catch (error) {
      // Whatever is wrong with the connection, answers that come later would only hold up the next ones.
      if (late && !this.closed) this.client.disconnect(true);
      throw this.fault(what, error);
    }
  }

  private refuseClosed(): void {
    if (this.closed) throw new RedisError('the view store is closed', false);
  }

  private isDown(error: unknown): boolean {
    return this.client.status !== 'ready' && error instanceof Error && error.name !== 'ReplyError';
  }
}

async function piped(client: Redis, commands: readonly Command[]): Promise<readonly Outcome[]> {
  const pipeline = client.pipeline();
  for (const { name, args } of commands) pipeline.callBuffer(name, ...args);
  const results = (await pipeline.exec()) ?? [];
  // The client types replies as unknown; these are of buffers.
  return results.map(([error, reply]) => (error === null ? { reply: reply as Reply } : { error }));
}

/** Each on its own: the client's pipelines do not follow a slot that moves. */
async function spread(client: Cluster, commands: readonly Command[]): Promise<readonly Outcome[]> {
  const settled = await Promise.allSettled(commands.map(({ name, args }) => client.callBuffer(name, ...args)));
  return settled.map((one) => (one.status === 'fulfilled' ? { reply: one.value as Reply } : { error: one.reason as unknown }));
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

function pauseOf(tried: number): number {
  return Math.min(RECONNECT_PAUSE_MS * 2 ** Math.min(tried - 1, 16), RECONNECT_PAUSE_MS_MAX);
}

function nodeOptions({ tls, username, password, database }: Address) {
  return {
    lazyConnect: true,
    connectionName: 'trellis',
    connectTimeout: CONNECT_MS_MAX,
    maxLoadingRetryTime: LOADING_PAUSE_MS_MAX,
    // What was not answered fails when the connection is lost: the caller decides whether to send it again.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // After a failover the old master takes no writes; its address may lead to the new one by now.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    db: database,
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  } satisfies RedisOptions;
}

function clusterOf(address: Address): Cluster {
  return new Cluster([...address.hosts], {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: pauseOf,
    slotsRefreshTimeout: CONNECT_MS_MAX,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    maxRedirections: REDIRECTIONS_MAX,
    // A certificate is for a name, so names are not resolved before the connection is made.
    ...(address.tls ? { dnsLookup: (host, done) => done(null, host) } : {}),
    redisOptions: nodeOptions(address),
  });
}

function infoOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const),
  );
}
