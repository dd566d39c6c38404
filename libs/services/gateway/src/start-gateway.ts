import { buildCommitterTables } from '@solvent/algebra/native';
import { isTransient, openDatabase } from '@solvent/persistence';
import { InclusionPool, openingTables } from '@solvent/proof/prove';
import {
  busMeter,
  createBus,
  createLogger,
  createRegistry,
  Shutdown,
  startTracing,
  type RunningService,
} from '@solvent/service-kit';
import type { GatewayEnvironment } from './environment';
import { serveGateway } from './serve-gateway';

const NAME = 'gateway';

/** Starts the gateway as a process of its own: database and Kafka as configured. Neither needs to be there yet. */
export async function startGateway(
  environment: GatewayEnvironment,
  version: string,
): Promise<RunningService> {
  const { configuration, databaseUrl, connections, kafka, keyring, logLevel, tracesEndpoint } = environment;
  const logger = createLogger({ service: NAME, level: logLevel });
  const [registry, shutdown] = [createRegistry(NAME), new Shutdown(logger)];
  if (tracesEndpoint !== undefined)
    shutdown.add('store', 'traces', startTracing(tracesEndpoint, NAME, logger));
  const database = openDatabase(databaseUrl, { connections });
  shutdown.add('store', 'database', () => database.close());
  const bus = createBus({ connection: kafka, isTransient, log: logger, meter: busMeter(registry) });
  shutdown.add('store', 'bus', () => bus.close());
  // Wide tables, 81 MB for all threads together: look-ups are what a gateway is for.
  const workers = new InclusionPool({
    workers: configuration.inclusionWorkers,
    tables: await openingTables(Infinity),
    committing: await buildCommitterTables(),
    eager: true,
  });
  shutdown.add('store', 'workers', () => workers.end());
  workers.ready().catch((error: unknown) => logger.error({ err: error }, 'the workers cannot work'));
  return serveGateway(configuration, {
    database,
    keyring,
    bus,
    workers,
    registry,
    logger,
    shutdown,
    version,
  });
}
