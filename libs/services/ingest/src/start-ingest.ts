import { Module, type DynamicModule } from '@nestjs/common';
import { isTransient, migrationCheck, openDatabase } from '@solvent-por/services/database';
import {
  busMeter,
  createBus,
  createLogger,
  createRegistry,
  KitModule,
  observeLag,
  Shutdown,
  startService,
  startTracing,
  type RunningService,
} from '@solvent-por/services/kit';
import type { IngestConfiguration } from './configuration';
import { IngestMetrics } from './ingest-metrics';
import { IngestModule } from './ingest.module';
import { IngestService } from './ingest-service';

const NAME = 'ingest';

@Module({})
class IngestApplication {}

/** Starts ingest as a process of its own: database and Kafka as configured, /healthz, /readyz and /metrics. Neither needs to be there yet. */
export async function startIngest(
  configuration: IngestConfiguration,
  version: string,
): Promise<RunningService> {
  const { tracesEndpoint, logLevel, http } = configuration;
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
  observeLag(registry, bus);
  shutdown.add('work', 'bus', () => bus.close());
  const ingest = new IngestService({
    ...configuration,
    ...{ database, bus, log: logger, meter: new IngestMetrics(registry) },
  });
  const checks = {
    database: () => database.isReady(),
    migrations: migrationCheck(database),
    bus: () => bus.isReady(),
  };
  const module: DynamicModule = {
    module: IngestApplication,
    imports: [
      KitModule.forRoot({ service: NAME, version, logger, checks, registry, shutdown }),
      IngestModule.with(ingest),
    ],
  };
  return startService({ module, http, logger });
}
