import { buildCommitterTables } from '@solvent-por/kzg/native';
import { isTransient, migrationCheck, openDatabase } from '@solvent-por/services/database';
import { serviceModule, startService, type Service } from '@solvent-por/services/kit';
import { claimKeysIn } from './claim-keys';
import { readConfiguration, type SignerConfiguration } from './configuration';
import { SignerMetrics } from './metrics';
import { Signer } from './signer';
import { SignerModule } from './signer.module';

/** The signer as a process of its own, which alone has the operator's master key: database and Kafka as configured, /healthz, /readyz and /metrics. */
export const signer: Service<SignerConfiguration> = {
  name: 'signer',
  configuration: readConfiguration,
  async start(configuration, process) {
    const { registry, shutdown, logger } = process;
    const { keyring, requestKey, keys, workers, http, formerManifest, claimKeys, claimDevelopment } =
      configuration;
    const database = openDatabase(configuration.databaseUrl);
    shutdown.add('store', 'database', () => database.close());
    const bus = process.openBus('work', isTransient);
    const meter = new SignerMetrics(registry, () => bus.lag());
    const service = new Signer({
      ...{ database, bus, keyring, requestKey, keys, workers, meter },
      tables: await buildCommitterTables(),
      ...(formerManifest && { formerManifest }),
      claimKeys: { find: claimKeysIn(claimKeys), allowDevelopment: claimDevelopment },
      log: logger,
    });
    const checks = {
      database: () => database.isReady(),
      migrations: migrationCheck(database),
      bus: () => bus.isReady(),
    };
    const module = serviceModule({ ...process, service: process.name, checks }, SignerModule.with(service));
    return startService({ module, http, logger });
  },
};
