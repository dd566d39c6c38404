import { buildCommitterTables } from '@solvent-por/kzg/native';
import { isTransient, openDatabase } from '@solvent-por/services/database';
import { InclusionPool, openingTables } from '@solvent-por/prover';
import type { Service } from '@solvent-por/services/kit';
import { readGatewayEnvironment, type GatewayEnvironment } from './environment';
import { VERIFICATION_THREADS } from './gateway-resources';
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
    const tables = { tables: await openingTables(Infinity), committing: await buildCommitterTables() };
    const workers = new InclusionPool({ workers: configuration.inclusionWorkers, ...tables, eager: true });
    const verifiers = new InclusionPool({ workers: VERIFICATION_THREADS, ...tables });
    for (const [name, pool] of Object.entries({ workers, verifiers })) {
      shutdown.add('store', name, () => pool.end());
      pool.ready().catch((error: unknown) => logger.error({ err: error, name }, 'the workers cannot work'));
    }
    return serveGateway(configuration, {
      ...process,
      ...{ database, keyring, requestKey, bus, workers, verifiers },
    });
  },
};
