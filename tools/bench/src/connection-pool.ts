// Connections that wait for work; more are opened while all are in use.
import type { Connection } from './http-connection.js';

export class ConnectionPool {
  private readonly free: Connection[] = [];

  constructor(private readonly open: () => Promise<Connection>) {}

  async with(work: (connection: Connection) => Promise<void>): Promise<void> {
    const connection = this.free.pop() ?? (await this.open());
    await work(connection);
    this.free.push(connection);
  }
}
