// One address for a distributed Trellis on one machine: what is sent goes to ingest, everything else to the recommenders in turn. A
// learner belongs to no recommender, so nothing is sticky.
import { Agent, createServer, request as ask, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { BALANCER_ANSWER_MS_MAX } from './limits.js';

export interface BalancerOptions {
  readonly port: number;
  readonly ingest: readonly string[];
  readonly recommenders: readonly string[];
  /** Whether all that belongs to the system is ready, by name. */
  readonly ready: () => Promise<Readonly<Record<string, boolean>>>;
}

export interface Balancer {
  readonly url: string;
  close(): Promise<void>;
}

export type Route = 'ingest' | 'recommender' | 'ready' | 'live' | 'nowhere';

const TO_INGEST = [/^\/v1\/events$/, /^\/v1\/learners\/[^/]+\/answers$/, /^\/v1\/courses\/[^/]+$/, /^\/v1\/calibrations(\/[^/]+)?$/];
const SOCKETS_MAX = 256;
/** Of one connection only, in either direction. */
const HOP_HEADERS = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

export function routeOf(path: string): Route {
  if (path === '/health/ready') return 'ready';
  if (path === '/health/live') return 'live';
  // Of one service or another: Prometheus asks each by itself.
  if (path === '/metrics') return 'nowhere';
  return TO_INGEST.some((pattern) => pattern.test(path)) ? 'ingest' : 'recommender';
}

export async function startBalancer({ port, ingest, recommenders, ready }: BalancerOptions): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  const turns = { ingest: 0, recommender: 0 };
  const server = createServer((request, response) => {
    const route = routeOf((request.url ?? '/').split('?')[0] ?? '/');
    if (route === 'ready') return void readiness(ready, response);
    if (route === 'live') return answer(response, 200, { live: true });
    if (route === 'nowhere') return problem(response, 404, 'not-found', 'There is no such thing', 'Ask each service for its metrics.');
    const targets = route === 'ingest' ? ingest : recommenders;
    const first = turns[route]++;
    pass(agent, request, response, targets.map((_, index) => targets[(first + index) % targets.length] ?? ''));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

/** Tries one target after the other until one takes the connection. What may have been done is never sent twice. */
function pass(agent: Agent, incoming: IncomingMessage, response: ServerResponse, [target, ...others]: readonly string[]): void {
  if (target === undefined) return busy(response);
  const { hostname, port } = new URL(target);
  const outgoing = ask({ agent, hostname, port, method: incoming.method, path: incoming.url, headers: endToEnd(incoming), timeout: BALANCER_ANSWER_MS_MAX });
  let isTaken = false;
  outgoing.on('socket', (socket) => {
    const take = (): void => {
      isTaken = true;
      incoming.pipe(outgoing);
    };
    if (socket.connecting) socket.once('connect', take);
    else take();
  });
  outgoing.on('response', (came) => {
    response.writeHead(came.statusCode ?? 502, endToEnd(came));
    came.pipe(response);
    // The answer broke off: the one who waits for the rest hears it as we did.
    came.on('error', () => response.destroy());
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${BALANCER_ANSWER_MS_MAX} ms`)));
  outgoing.on('error', () => {
    if (!isTaken) pass(agent, incoming, response, others);
    else if (response.headersSent) response.destroy();
    else busy(response);
  });
  response.on('close', () => {
    if (!response.writableFinished) outgoing.destroy();
  });
}

function endToEnd({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name)));
}

async function readiness(ready: BalancerOptions['ready'], response: ServerResponse): Promise<void> {
  const services = await ready();
  const isReady = !Object.values(services).includes(false);
  answer(response, isReady ? 200 : 503, { ready: isReady, services });
}

function busy(response: ServerResponse): void {
  response.setHeader('retry-after', '1');
  problem(response, 503, 'busy', 'The service is busy', 'No service could answer; try again.');
}

function problem(response: ServerResponse, status: number, code: string, title: string, detail: string): void {
  answer(response, status, { type: 'about:blank', title, status, code, detail }, 'application/problem+json');
}

function answer(response: ServerResponse, status: number, body: object, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(body));
}
