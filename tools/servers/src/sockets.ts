// Free ports, and one question to a server over a plain socket.
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { ANSWER_MS_MAX } from './limits.js';

/**
 * Below the ports that systems give to outgoing connections: such a one could take the port while its server is down, and a client
 * that calls a dead port of that range can even reach itself.
 */
const PORTS_FROM = 20_000;
const PORTS_BELOW = 32_000;
const PORT_LOOKS_MAX = 100;

export async function freePort(): Promise<number> {
  for (let looks = 0; looks < PORT_LOOKS_MAX; looks++) {
    const port = randomInt(PORTS_FROM, PORTS_BELOW);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port was found among ${PORT_LOOKS_MAX} from ${PORTS_FROM} to ${PORTS_BELOW - 1}`);
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Sends `question` and gives what came until `isWhole`; null when nobody is there, or the answer is not whole in time. */
export function ask(port: number, question: Buffer, isWhole: (answer: Buffer) => boolean, limitMs = ANSWER_MS_MAX): Promise<Buffer | null> {
  return new Promise((resolve) => {
    let answer: Buffer = Buffer.alloc(0);
    const socket = connect({ host: '127.0.0.1', port });
    const end = (result: Buffer | null): void => {
      socket.destroy();
      clearTimeout(limit);
      resolve(result);
    };
    const limit = setTimeout(() => end(null), limitMs);
    socket.on('connect', () => socket.write(question));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (isWhole(answer)) end(answer);
    });
    socket.on('error', () => end(null));
    socket.on('close', () => end(null));
  });
}
