import { isTransient, migrationCheck, openDatabase } from '@solvent-por/services/database';
import { observeLag, serviceModule, startService, type Service } from '@solvent-por/services/kit';
import { readConfiguration, type IngestConfiguration } from './configuration';
import { IngestMetrics } from './ingest-metrics';
import { IngestModule } from './ingest.module';
import { IngestService } from './ingest-service';

/** Ingest as a process of its own: database and Kafka as configured, /healthz, /readyz and /metrics. */
export const ingest: Service<IngestConfiguration> = {
  name: 'ingest',
  configuration: readConfiguration,
  async start(configuration, process) {
    const { registry, shutdown, logger } = process;
    const database = openDatabase(configuration.databaseUrl);
    shutdown.add('store', 'database', () => database.close());
    const bus = process.openBus('work', isTransient);
    observeLag(registry, bus);
    const service = new IngestService({
      ...configuration,
      ...{ database, bus, log: logger, meter: new IngestMetrics(registry) },
    });
    const checks = {
      database: () => database.isReady(),
      migrations: migrationCheck(database),
      bus: () => bus.isReady(),
    };
    const module = serviceModule({ ...process, service: process.name, checks }, IngestModule.with(service));
    return startService({ module, http: configuration.http, logger });
  },
};
