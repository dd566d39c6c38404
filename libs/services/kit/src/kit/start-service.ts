import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SolventError } from '@solvent-por/kzg';
import { Logger as NestPinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { Readiness } from '../health/readiness';
import { endOnSignals } from '../lifecycle/signals';
import { Shutdown } from '../lifecycle/shutdown';

export interface StartOptions {
  /** Imports `KitModule.forRoot`. */
  readonly module: Type | DynamicModule;
  readonly http: { readonly host: string; readonly port: number };
  readonly logger: Logger;
  /** So long ending in good order may take; 60. */
  readonly shutdownSeconds?: number;
  /** Fastify's own options and plugins. */
  readonly adapter?: FastifyAdapter;
  readonly configure?: (app: NestFastifyApplication) => Promise<void>;
  /** False where several services share a process, which then ends them itself. */
  readonly signals?: boolean;
}

export interface RunningService {
  readonly app: NestFastifyApplication;
  /** `http://127.0.0.1:4001` */
  readonly url: string;
  /** Ends it in good order; false when that wasn't possible in time. */
  stop(): Promise<boolean>;
}

/** Bodies of requests; nobody sends any to a service that has no API. */
const BODY_BYTES = 64 * 1024;
const SHUTDOWN_SECONDS = 60;

/**
 * Starts a service: a Nest application on Fastify that answers /healthz, /readyz and /metrics, and ends in
 * good order on SIGTERM or SIGINT.
 * /readyz then says no, work is no longer taken, what runs is finished or abandoned, requests are answered to
 * the end, connections closed.
 * A second signal ends the process at once.
 *
 * @throws SolventError PORT_TAKEN (usage)
 */
export async function startService(options: StartOptions): Promise<RunningService> {
  const { module, http, logger, shutdownSeconds = SHUTDOWN_SECONDS } = options;
  const adapter = options.adapter ?? new FastifyAdapter({ bodyLimit: BODY_BYTES });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(NestPinoLogger));
  const shutdown = app.get(Shutdown);
  const readiness = app.get(Readiness);
  shutdown.add('serve', 'http', () => app.close());
  const stop = () => {
    readiness.shutDown();
    return shutdown.run(shutdownSeconds);
  };
  try {
    await options.configure?.(app);
    await app.listen({ host: http.host, port: http.port });
  } catch (error) {
    await stop();
    throw portTaken(error, http);
  }
  if (options.signals !== false) endOnSignals(stop, logger);
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  logger.info({ url }, 'listening');
  return { app, url, stop };
}

/** What whoever starts it can do something about. */
function portTaken(error: unknown, { host, port }: StartOptions['http']): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  const message = `port ${port} of ${host} is taken: end what listens there, or set another SOLVENT_HTTP_PORT (0 for any)`;
  return new SolventError('PORT_TAKEN', 'usage', message, { host, port });
}
