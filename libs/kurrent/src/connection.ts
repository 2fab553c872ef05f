// The connection to KurrentDB: every call has a deadline, every fault is translated, and a client that is past help is replaced.
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { ConnectionString } from './connection-string.js';
import { isRefused, KurrentError, typeOf } from './errors.js';
import { RETRY_MS_MAX, RETRY_PAUSES_MS } from './limits.js';
import { pause, within } from './waiting.js';

export class Connection {
  private client: KurrentDBClient;
  private readonly closing = new AbortController();

  constructor(private readonly string: ConnectionString, readonly callMsMax: number) {
    this.client = this.connect();
  }

  /** Aborted when the store is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** The client in use now: for subscriptions, which have their own end. */
  get current(): KurrentDBClient {
    this.refuseClosed();
    return this.client;
  }

  /** One try. Throws the client's own error, for whoever can tell what it means, or a fault when there was no answer in time. */
  async once<T>(what: string, action: (client: KurrentDBClient) => Promise<T>): Promise<T> {
    this.refuseClosed();
    return within(action(this.client), this.callMsMax, () => new KurrentError(`${what}: no answer within ${this.callMsMax} ms`, true));
  }

  /** For what changes nothing: tried again while that can help. */
  async reading<T>(what: string, action: (client: KurrentDBClient) => Promise<T>): Promise<T> {
    const since = performance.now();
    for (let tried = 0; ; tried++) {
      const { client } = this;
      try {
        return await this.once(what, action);
      } catch (error) {
        const wait = RETRY_PAUSES_MS[tried];
        if (this.closed.aborted || isRefused(error) || wait === undefined || performance.now() - since + wait > RETRY_MS_MAX) throw this.fault(what, error);
        // Once the native half of a client has lost its server at the wrong moment, it never comes back.
        this.replace(client);
        await pause(wait, this.closed);
      }
    }
  }

  /** The error as the outside may see it. */
  fault(what: string, error: unknown): KurrentError {
    if (error instanceof KurrentError) return error;
    const type = typeOf(error);
    const message = this.string.hide(error instanceof Error ? error.message : String(error));
    // Errors of the client carry more than their message, among it what was sent; only what was cleaned goes on.
    return new KurrentError(`${what}: ${type === '' ? 'KurrentDB failed' : type}`, !isRefused(error), new Error(message));
  }

  async close(): Promise<void> {
    if (this.closed.aborted) return;
    this.closing.abort();
    await this.end(this.client);
  }

  private refuseClosed(): void {
    if (this.closed.aborted) throw new KurrentError('the store is closed', false);
  }

  private replace(failed: KurrentDBClient): void {
    if (this.client !== failed || this.closed.aborted) return;
    this.client = this.connect();
    void this.end(failed);
  }

  private connect(): KurrentDBClient {
    try {
      return KurrentDBClient.connectionString(this.string.full);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new KurrentError(`KurrentDB at ${this.string.shown}: ${this.string.hide(why)}`, false);
    }
  }

  private async end(client: KurrentDBClient): Promise<void> {
    // Ends the client's streams; those that have broken already say so again, which is no news.
    await within(client.dispose(), this.callMsMax, () => new Error('not disposed in time')).catch(() => undefined);
  }
}
