import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectionPool } from './connection-pool.js';
import { checked, Connection, jsonRequest } from './http-connection.js';

it('opens a connection anew where the server has closed the one that waited', async () => {
  const server = createServer((_, response) => response.setHeader('content-length', 2).end('{}')).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const opened: Connection[] = [];
    const pool = new ConnectionPool(async () => {
      const connection = await Connection.open(url);
      opened.push(connection);
      return connection;
    });
    const ask = (): Promise<void> => pool.with(async (connection) => void checked(await connection.send(jsonRequest('POST', url, '/', '{}'))));
    await ask();
    await ask();
    expect(opened).toHaveLength(1);
    server.closeIdleConnections();
    while (opened[0]?.isOpen === true) await new Promise(setImmediate);
    await expect(opened[0]?.send(jsonRequest('POST', url, '/', '{}'))).rejects.toThrow('closed by the other side');
    await ask();
    expect(opened).toHaveLength(2);
    for (const connection of opened) connection.close();
  } finally {
    server.close();
  }
});
