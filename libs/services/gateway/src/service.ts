import { buildCommitterTables } from '@solvent-por/kzg/native';
import { isTransient, openDatabase } from '@solvent-por/services/database';
import { InclusionPool, openingTables } from '@solvent-por/prover';
import type { Service } from '@solvent-por/services/kit';
import { readGatewayEnvironment, type GatewayEnvironment } from './environment';
import { serveGateway } from './serve-gateway';

/** The gateway as a process of its own: database and Kafka as configured. */
export const gateway: Service<GatewayEnvironment> = {
  name: 'gateway',
  configuration: readGatewayEnvironment,
  async start({ configuration, databaseUrl, connections, keyring, requestKey }, process) {
    const { logger, shutdown } = process;
    const database = openDatabase(databaseUrl, { connections });
    shutdown.add('store', 'database', () => database.close());
    const bus = process.openBus('store', isTransient);
    // Wide tables, 81 MB for all threads together: look-ups are what a gateway is for.
    const workers = new InclusionPool({
      workers: configuration.inclusionWorkers,
      tables: await openingTables(Infinity),
      committing: await buildCommitterTables(),
      eager: true,
    });
    shutdown.add('store', 'workers', () => workers.end());
    workers.ready().catch((error: unknown) => logger.error({ err: error }, 'the workers cannot work'));
    return serveGateway(configuration, { ...process, database, keyring, requestKey, bus, workers });
  },
};
