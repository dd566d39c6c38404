import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SolventError } from '@solvent-por/kzg';
import { Logger as NestPinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { Readiness } from '../health/readiness';
import { serveProbes } from '../health/serve-probes';
import { endOnSignals } from '../lifecycle/signals';
import { Shutdown } from '../lifecycle/shutdown';
import { SERVICE, type ServiceIdentity } from './tokens';

export interface StartOptions {
  /** Imports `KitModule.forRoot`. */
  readonly module: Type | DynamicModule;
  readonly http: { readonly host: string; readonly port: number };
  /** Where /healthz, /readyz and /metrics are answered beside it, on a port of their own. */
  readonly probes?: { readonly host: string; readonly port: number } | undefined;
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
  /** Of the probes, where they have a port of their own. */
  readonly probesUrl: string | undefined;
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
  const { configure, probes } = options;
  let probesUrl: string | undefined;
  try {
    await configure?.(app);
    await app.listen({ host: http.host, port: http.port }).catch((error: unknown) => {
      throw portTaken(error, http, 'SOLVENT_HTTP_PORT');
    });
    if (probes) {
      const probed = {
        identity: app.get<ServiceIdentity>(SERVICE),
        readiness,
        registry: app.get<Registry>(Registry),
      };
      const served = await serveProbes(probed, probes).catch((error: unknown) => {
        throw portTaken(error, probes, 'SOLVENT_PROBE_PORT');
      });
      // Asked to the end: whoever watches sees why it takes so long.
      shutdown.add('store', 'probes', () => served.close());
      probesUrl = served.url;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  if (options.signals !== false) endOnSignals(stop, logger);
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  logger.info({ url, ...(probesUrl !== undefined && { probes: probesUrl }) }, 'listening');
  return { app, url, probesUrl, stop };
}

/** What whoever starts it can do something about. */
function portTaken(error: unknown, { host, port }: StartOptions['http'], setting: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  const message = `port ${port} of ${host} is taken: end what listens there, or set another ${setting} (0 for any)`;
  return new SolventError('PORT_TAKEN', 'usage', message, { host, port });
}
