// From a Nest module to a running service: made, started, stopped.

import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import { Clock } from './clock.js';
import { type Config, readConfig, unknownVariables } from './config.js';
import { errorCode } from './errors.js';
import { Gate, type GateOptions } from './gate.js';
import { HealthChecks } from './health.js';
import { httpAdapter } from './http.js';
import { Keys } from './keys.js';
import { createLog, flushLog, type Log, NestLog } from './logging.js';
import { CONNECTIONS_WAITING_MAX } from './limits.js';
import { keepHeapSmall } from './memory.js';
import { Metrics } from './metrics.js';
import { openTracing } from './open-tracing.js';
import { publishDocumentation } from './openapi.js';
import { ServiceModule } from './service.module.js';
import { StartError } from './start-error.js';
import { Drain, stopOnSignals } from './stop.js';

/** Of all packages of the workspace alike. The cast: npm demands a version in every package.json. */
const { version: VERSION } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

export interface ServiceOptions {
  /** In logs and as the title of the documentation. */
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  /** Read from the environment if left out. */
  readonly config?: Config;
  readonly clock?: Clock;
  /** Where logs go; standard output if left out. */
  readonly logTo?: DestinationStream;
  readonly gate?: GateOptions;
  /** How long a request may wait for its answer; 30 s if left out. */
  readonly answerMsMax?: number;
  /** What the service rests on and opened before it: closed last, when nobody needs it any more. */
  readonly close?: () => Promise<void>;
}

export interface Service {
  readonly app: NestFastifyApplication;
  readonly log: Log;
  readonly config: Config;
  /** Starts to listen; answers the URL. Throws a `StartError` when the address cannot be had. */
  listen(): Promise<string>;
  /** Lets in nobody more, answers who is in, then runs Nest's shutdown hooks. The same promise for every call. */
  stop(): Promise<void>;
}

/** A service that is wired and initialised but listens to nobody: what a test injects requests into. */
export async function createService(root: Type | DynamicModule, options: ServiceOptions): Promise<Service> {
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= options.close?.() ?? Promise.resolve());
  try {
    return await wired(root, { ...options, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function wired(root: Type | DynamicModule, options: ServiceOptions): Promise<Service> {
  const { name, version = VERSION, description = '', clock = new Clock(), gate: limits = {} } = options;
  const config = options.config ?? readConfig(process.env);
  const keys = config.keys === undefined ? null : Keys.read(config.keys);
  const log = createLog({ name, level: config.logLevel, ...(options.logTo !== undefined && { to: options.logTo }) });
  const metrics = new Metrics();
  const tracing = await openTracing({ endpoint: config.traces, service: name, version, log, metrics });
  const gate = new Gate(limits, metrics);
  const health = new HealthChecks(log);
  health.add('accepting', () => (gate.closed ? 'the service is stopping' : null));

  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule.around(root, { config, clock, log, metrics, tracing, health }),
    httpAdapter({ keys, gate, log, metrics, tracing, ...(options.answerMsMax !== undefined && { answerMsMax: options.answerMsMax }) }),
    // Errors come back to us: a sentence is printed by `runMain`, not by Nest.
    { logger: new NestLog(log), abortOnError: false, bodyParser: false },
  );
  const drain = new Drain(app.getHttpServer());

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    gate.close();
    const outcome = await drain.run(() => app.getHttpAdapter().getInstance().close());
    if (outcome === 'cut') log.warn('requests in flight were cut: they took too long');
    // Only now the hooks, so that nothing is closed under a request that still needs it.
    try {
      await app.close();
    } finally {
      await (options.close?.() ?? Promise.resolve()).finally(() => tracing.close());
      log.info('stopped');
      await flushLog(log);
    }
  };
  const service: Service = { app, log, config, listen: () => listen(app, config), stop: () => (stopped ??= stop()) };

  try {
    publishDocumentation(app, { title: name, description, version });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  } catch (error) {
    await service.stop();
    throw error;
  }
  return service;
}

/** Makes the service, listens, and stops on SIGINT and SIGTERM. */
export async function startService(root: Type | DynamicModule, options: ServiceOptions): Promise<Service & { readonly url: string }> {
  const service = await createService(root, options);
  let url: string;
  try {
    url = await service.listen();
  } catch (error) {
    await service.stop();
    throw error;
  }
  const { log } = service;
  for (const name of unknownVariables(process.env)) log.warn({ variable: name }, 'not a variable of Trellis');
  // Node still prints it and leaves with 1; this is for those who read the log only.
  process.on('uncaughtExceptionMonitor', (err) => log.fatal({ err }, 'uncaught'));
  stopOnSignals(process, { stop: () => service.stop(), log });
  log.info({ url }, 'listening');
  return { ...service, url };
}

/**
 * The whole of a `main.ts`. A `StartError`, or a fault that an adapter has declared by saying whether it is `retriable`, is
 * one sentence on standard error; anything else comes with its stack. All leave with 1.
 */
export async function runMain(main: () => Promise<unknown>): Promise<void> {
  keepHeapSmall('service');
  try {
    await main();
  } catch (error) {
    const isDeclared = error instanceof StartError || (error instanceof Error && 'retriable' in error);
    const text = isDeclared ? `trellis: ${error.message.replace(/\.?$/, '.')}` : inspect(error);
    process.stderr.write(`${text}\n`, () => process.exit(1));
  }
}

async function listen(app: NestFastifyApplication, { host, port }: Config): Promise<string> {
  try {
    // Not by Nest, which would also log what becomes one sentence here.
    await app.getHttpAdapter().getInstance().listen({ host, port, backlog: CONNECTIONS_WAITING_MAX });
  } catch (cause) {
    throw new StartError(whyNotListening(cause, host, port), { cause });
  }
  // The cast: a server that listens on a port has an address with one.
  const { address, family, port: bound } = app.getHttpServer().address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
}

function whyNotListening(cause: unknown, host: string, port: number): string {
  switch (errorCode(cause)) {
    case 'EADDRINUSE':
      return (
        `Port ${port} on ${host} is already in use: ` +
        'stop the program that uses it, or choose another port with TRELLIS_PORT=<port>.'
      );
    case 'EACCES':
      return `Port ${port} may not be opened by this user: choose a port above 1023 with TRELLIS_PORT=<port>.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine: choose another with TRELLIS_HOST=<address>.`;
    default:
      return `Cannot listen on ${host}, port ${port}: ${String(cause)}.`;
  }
}
