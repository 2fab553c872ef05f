// The connection to KurrentDB: every call has a deadline, and every fault is translated.
import type { ConnectionString } from './connection-string.js';
import { isRefused, KurrentError, typeOf } from './errors.js';
import { RETRY_MS_MAX, RETRY_PAUSES_MS, WHY_NOT_MS_MAX } from './limits.js';
import { logRequest } from './read-requests.js';
import { ReadingClient } from './reading-client.js';
import { pause, within } from './waiting.js';

export class Connection {
  private readonly client: ReadingClient;
  private readonly closing = new AbortController();

  constructor(private readonly string: ConnectionString, readonly callMsMax: number) {
    this.client = this.connect();
  }

  /** Aborted when the store is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** For subscriptions, which have their own end. */
  get open(): ReadingClient {
    this.refuseClosed();
    return this.client;
  }

  /** One try. Throws the client's own error, for whoever can tell what it means, or a fault when there was no answer in time. */
  async once<T>(what: string, action: (client: ReadingClient) => Promise<T>): Promise<T> {
    this.refuseClosed();
    return within(action(this.client), this.callMsMax, () => this.unanswered(what, this.callMsMax));
  }

  /** For what changes nothing: tried again while that can help. */
  async reading<T>(what: string, action: (client: ReadingClient, msMax: number) => Promise<T>): Promise<T> {
    const since = performance.now();
    for (let tried = 0; ; tried++) {
      try {
        return await this.once(what, (client) => action(client, this.callMsMax));
      } catch (error) {
        const wait = RETRY_PAUSES_MS[tried];
        if (this.closed.aborted || isRefused(error) || wait === undefined || performance.now() - since + wait > RETRY_MS_MAX) throw this.fault(what, error);
        await pause(wait, this.closed);
      }
    }
  }

  /** A sentence about why KurrentDB cannot be used now, or null. Asks once, for the newest event of the log, whoever wrote it. */
  async whyNot(): Promise<string | null> {
    const what = 'asking for the end of the log';
    try {
      this.refuseClosed();
      const request = logRequest({ from: 'end', direction: 'backwards', count: 1, prefixes: [] });
      await within(this.client.page(request, WHY_NOT_MS_MAX), WHY_NOT_MS_MAX, () => this.unanswered(what, WHY_NOT_MS_MAX));
      return null;
    } catch (error) {
      return this.fault(what, error).message;
    }
  }

  /** The error as the outside may see it. */
  fault(what: string, error: unknown): KurrentError {
    if (error instanceof KurrentError) return error;
    const type = typeOf(error);
    const message = this.string.hide(error instanceof Error ? error.message : String(error));
    // Errors of the client carry more than their message, among it what was sent; only what was cleaned goes on.
    return new KurrentError(`${what}: ${type === '' ? message : type} (KurrentDB at ${this.string.shown})`, !isRefused(error), new Error(message));
  }

  async close(): Promise<void> {
    if (this.closed.aborted) return;
    this.closing.abort();
    // Ends the client's streams; those that have broken already say so again, which is no news.
    await within(this.client.dispose(), this.callMsMax, () => new Error('not disposed in time')).catch(() => undefined);
  }

  private unanswered(what: string, ms: number): KurrentError {
    return new KurrentError(`${what}: no answer within ${ms} ms (KurrentDB at ${this.string.shown})`, true);
  }

  private refuseClosed(): void {
    if (this.closed.aborted) throw new KurrentError('the store is closed', false);
  }

  private connect(): ReadingClient {
    try {
      return ReadingClient.open(this.string.full);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new KurrentError(`KurrentDB at ${this.string.shown}: ${this.string.hide(why)}`, false);
    }
  }
}
