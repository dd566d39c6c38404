import { buildCommitterTables } from '@solvent-por/kzg/native';
import { isTransient, migrationCheck, openDatabase } from '@solvent-por/services/database';
import { serviceModule, startService, type Service } from '@solvent-por/services/kit';
import { readConfiguration, type ProverConfiguration } from './configuration';
import { ClaimsMetrics } from './claims/metrics';
import { ProverMetrics } from './metrics';
import { Prover } from './prover';
import { ProverModule } from './prover.module';
import { ReservesMetrics } from './reserves/metrics';
import { configuredNodes } from './reserves/nodes';

/** A prover as a process of its own: database and Kafka as configured, /healthz, /readyz and /metrics. */
export const prover: Service<ProverConfiguration> = {
  name: 'prover',
  configuration: readConfiguration,
  async start(configuration, process) {
    const { registry, shutdown, logger } = process;
    const { keyring, requestKey, keys, workers, http, nodes, known, claimKeys } = configuration;
    const database = openDatabase(configuration.databaseUrl);
    shutdown.add('store', 'database', () => database.close());
    const bus = process.openBus('work', isTransient);
    const meter = new ProverMetrics(registry, () => bus.lag());
    const service = new Prover({
      ...{ database, bus, keyring, requestKey, keys, workers, meter },
      reservesMeter: new ReservesMetrics(registry),
      nodes: configuredNodes(nodes, known),
      known,
      ...(claimKeys !== undefined && { claimKeyFolder: claimKeys, claimsMeter: new ClaimsMetrics(registry) }),
      tables: await buildCommitterTables(),
      volatileBus: false,
      log: logger,
    });
    const checks = {
      database: () => database.isReady(),
      migrations: migrationCheck(database),
      bus: () => bus.isReady(),
    };
    const module = serviceModule({ ...process, service: process.name, checks }, ProverModule.with(service));
    return startService({ module, http, logger });
  },
};
