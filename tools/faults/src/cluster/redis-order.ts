// One command to a Redis that is under test, from somebody who is none of its clients.
import { connect } from 'node:net';

const ANSWER_MS_MAX = 5_000;

export function redisOrder(address: string, order: 'FLUSHALL'): Promise<void> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error(`Redis at ${address} did not answer ${order} within ${ANSWER_MS_MAX} ms`)));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      if (answer.toString().startsWith('+OK')) resolve();
      else reject(new Error(`Redis at ${address} answered ${order} with ${answer.toString()}`));
    });
    socket.write(`${order}\r\n`);
  });
}
