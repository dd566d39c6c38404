import { Module, type DynamicModule } from '@nestjs/common';
import { buildCommitterTables } from '@solvent/algebra/native';
import { isTransient, migrationCheck, openDatabase } from '@solvent/persistence';
import {
  busMeter,
  createBus,
  createLogger,
  createRegistry,
  KitModule,
  Shutdown,
  startService,
  startTracing,
  type RunningService,
} from '@solvent/service-kit';
import type { ProverConfiguration } from './configuration';
import { ProverMetrics } from './metrics';
import { Prover } from './prover';
import { ProverModule } from './prover.module';

const NAME = 'prover';

@Module({})
class ProverApplication {}

/** Starts a prover as a process of its own: database and Kafka as configured, /healthz, /readyz and /metrics. Neither needs to be there yet. */
export async function startProver(
  configuration: ProverConfiguration,
  version: string,
): Promise<RunningService> {
  const { tracesEndpoint, logLevel, http, keyring, keys, workers } = configuration;
  const logger = createLogger({ service: NAME, level: logLevel });
  const registry = createRegistry(NAME);
  const shutdown = new Shutdown(logger);
  if (tracesEndpoint !== undefined)
    shutdown.add('store', 'traces', startTracing(tracesEndpoint, NAME, logger));
  const database = openDatabase(configuration.databaseUrl);
  shutdown.add('store', 'database', () => database.close());
  const bus = createBus({
    connection: configuration.kafka,
    isTransient,
    log: logger,
    meter: busMeter(registry),
  });
  shutdown.add('work', 'bus', () => bus.close());
  const meter = new ProverMetrics(registry, () => bus.lag());
  const prover = new Prover({
    ...{ database, bus, keyring, keys, workers, meter },
    tables: await buildCommitterTables(),
    volatileBus: false,
    log: logger,
  });
  const checks = {
    database: () => database.isReady(),
    migrations: migrationCheck(database),
    bus: () => bus.isReady(),
  };
  const module: DynamicModule = {
    module: ProverApplication,
    imports: [
      KitModule.forRoot({ service: NAME, version, logger, checks, registry, shutdown }),
      ProverModule.with(prover),
    ],
  };
  return startService({ module, http, logger });
}
