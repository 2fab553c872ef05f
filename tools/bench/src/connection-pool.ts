// Connections that wait for work; more are opened while all are in use.
import type { Connection } from './http-connection.js';

export class ConnectionPool {
  private readonly free: Connection[] = [];

  constructor(private readonly open: () => Promise<Connection>) {}

  async with(work: (connection: Connection) => Promise<void>): Promise<void> {
    const connection = this.waiting() ?? (await this.open());
    await work(connection);
    this.free.push(connection);
  }

  /** A server closes those that nobody used for a while. */
  private waiting(): Connection | undefined {
    for (let one = this.free.pop(); one !== undefined; one = this.free.pop()) if (one.isOpen) return one;
    return undefined;
  }
}
