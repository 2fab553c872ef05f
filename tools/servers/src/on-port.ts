// A server on a port: the one that is asked for, or a free one, and another if somebody else is quicker.
import { PORT_TRIES_MAX } from './limits.js';
import { ServerError, type RunningServer } from './running-server.js';
import { freePort, isFree } from './sockets.js';

const TAKEN = /address already in use|port is already allocated/i;

export async function onPort<Server extends RunningServer>(port: number | undefined, start: (port: number) => Promise<Server>): Promise<Server> {
  if (port !== undefined) {
    if (!(await isFree(port))) throw new Error(`port ${port} of 127.0.0.1 is taken: choose another one`);
    return start(port);
  }
  for (let tried = 1; ; tried++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (tried < PORT_TRIES_MAX && error instanceof ServerError && TAKEN.test(error.log)) continue;
      throw error;
    }
  }
}
