import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCommitterTables } from '@solvent-por/kzg/native';
import { lockFolder, PRIVATE_DIRECTORY } from '@solvent-por/snapshot/files';
import { startEmbeddedPostgres } from '@solvent-por/dev/embedded-postgres';
import {
  ApiKeyRepository,
  AuditLog,
  AuditTrail,
  isTransient,
  openDatabase,
  RequestKey,
  type Database,
  type DatabaseService,
  WitnessKeyring,
} from '@solvent-por/services/database';
import { InclusionPool } from '@solvent-por/prover';
import {
  busMeter,
  createLogger,
  createRegistry,
  InProcessBus,
  openRotatingLog,
  Shutdown,
  type RunningService,
} from '@solvent-por/services/kit';
import { DEFAULT_CONFIGURATION, serveGateway, VERIFICATION_THREADS } from '@solvent-por/services/gateway';
import { IngestMetrics, IngestService } from '@solvent-por/services/ingest';
import {
  DEMONSTRATION_PARTNER,
  keptApiKey,
  openSecrets,
  prepareDatabase,
  type LocalServices,
} from '@solvent-por/dev/local';
import {
  claimKeysIn,
  ClaimsMetrics,
  Prover,
  ProverMetrics,
  ReservesMetrics,
  Signer,
  SignerMetrics,
} from '@solvent-por/services/prover';

export interface EmbeddedOptions {
  /** Everything of this installation stands in it: database, keys, balances, log. */
  readonly directory: string;
  /** Of the gateway, on 127.0.0.1; 0 for any. */
  readonly port: number;
  readonly workers: number;
  /** Folder of the development keys of private claims; undefined: none are offered. */
  readonly claimKeys?: string | undefined;
  readonly version: string;
  /** What people are told while it starts. */
  readonly say: (line: string) => void;
}

export interface EmbeddedServices extends LocalServices {
  readonly logFile: string;
  stop(): Promise<void>;
}

/** So long the services may take to end. */
const END_SECONDS = 60;

/**
 * All services in this process: a real PostgreSQL in the data folder, the bus in memory, ingest, a prover, the
 * signer and the gateway. What an earlier start left unfinished goes on.
 * @throws SolventError as startEmbeddedPostgres and migrate, OUTPUT_IN_USE, … as lockFolder: another start
 *   has the folder
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServices> {
  const lock = lockFolder(options.directory, 'npm start');
  try {
    const services = await startHeld(options);
    return { ...services, stop: () => services.stop().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startHeld(options: EmbeddedOptions): Promise<EmbeddedServices> {
  const { directory, port, workers, claimKeys, version, say } = options;
  const sourceDirectory = join(directory, 'source');
  // Balances lie in it.
  await mkdir(sourceDirectory, { recursive: true, mode: PRIVATE_DIRECTORY });
  const { keys, ...secrets } = await openSecrets(directory);
  const keyring = WitnessKeyring.parse(secrets.witnessKeys);
  const requestKey = RequestKey.parse(secrets.requestKey);
  const logFile = join(directory, 'solvent.log');
  const logger = createLogger({
    service: 'embedded',
    level: 'info',
    destination: openRotatingLog(logFile),
  });

  const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: say });
  const shutdown = new Shutdown(logger);
  const end = async () => {
    await shutdown.run(END_SECONDS);
    // Last, when nobody is connected any more.
    await postgres.stop();
  };
  try {
    if (postgres.recovered !== undefined) say(postgres.recovered);
    const addresses = await prepareDatabase(postgres.url, directory);
    // Each as its own role, though they share the process: what one of them may not do shows here too.
    const databaseOf = (service: DatabaseService): Database => {
      const database = openDatabase(addresses[service]);
      shutdown.add('store', `database of ${service}`, () => database.close());
      return database;
    };
    const database = databaseOf('gateway');
    const registry = createRegistry('embedded');
    const bus = new InProcessBus({ isTransient, log: logger, meter: busMeter(registry) });
    shutdown.add('work', 'bus', () => bus.close());
    // What the bus holds goes with this process: both sweeps look for what an earlier one left.
    const shared = { bus, keyring, requestKey, keys, log: logger, volatileBus: true };
    const tables = await buildCommitterTables();
    const prover = new Prover({
      ...shared,
      database: databaseOf('prover'),
      workers,
      tables,
      meter: new ProverMetrics(registry, () => bus.lag()),
      reservesMeter: new ReservesMetrics(registry),
      // Whoever made these keys has what claims are proved with, too.
      ...(claimKeys !== undefined && {
        claimKeyFolder: claimKeys,
        claimsMeter: new ClaimsMetrics(registry),
      }),
    });
    const signer = new Signer({
      ...shared,
      database: databaseOf('signer'),
      workers,
      tables,
      meter: new SignerMetrics(registry, () => bus.lag()),
      claimKeys: { find: claimKeysIn(claimKeys), allowDevelopment: claimKeys !== undefined },
    });
    const ingest = new IngestService({
      ...shared,
      database: databaseOf('ingest'),
      sourceDirectory,
      expectedWorkers: workers,
      meter: new IngestMetrics(registry),
    });
    shutdown.add('work', 'ingest', () => ingest.stop());
    shutdown.add('work', 'prover', () => prover.stop());
    shutdown.add('work', 'signer', () => signer.stop());
    const pool = new InclusionPool({ workers: 1, committing: tables });
    shutdown.add('store', 'workers', () => pool.end());
    const verifiers = new InclusionPool({ workers: VERIFICATION_THREADS, committing: tables });
    shutdown.add('store', 'verifiers', () => verifiers.end());
    await Promise.all([
      pool.ready(),
      verifiers.ready(),
      Promise.all([prover.start(), signer.start()]).then(() => ingest.start()),
    ]);
    const gateway: RunningService = await serveGateway(
      {
        ...DEFAULT_CONFIGURATION,
        http: { host: '127.0.0.1', port },
        operator: keys.operator,
        introspection: true,
        ...(claimKeys !== undefined && { claimKeys, claimDevelopment: true, claimProving: true }),
      },
      { database, keyring, requestKey, bus, workers: pool, verifiers, registry, logger, shutdown, version },
      { signals: false },
    );
    const apiKey = await keptApiKey(directory, 'operator', () => newApiKey(database, 'OPERATOR'));
    const partnerApiKey =
      claimKeys &&
      (await keptApiKey(directory, 'partner', () => newApiKey(database, 'PARTNER', [DEMONSTRATION_PARTNER])));
    return {
      url: gateway.url,
      operator: keys.operator,
      apiKey,
      partnerApiKey,
      sourceDirectory,
      signing: keys.signing,
      logFile,
      stop: async () => {
        await gateway.stop();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * An API key of this installation's own, with a line in the audit.
 * @param partners names in which its holder asks for claims
 */
async function newApiKey(
  database: Database,
  role: 'OPERATOR' | 'PARTNER',
  partners: readonly string[] = [],
): Promise<string> {
  const audit = new AuditLog(database);
  const details = { role, ...(partners.length > 0 && { partners: partners.join(', ') }) };
  const action = { actor: 'embedded', action: 'api-key.create', target: 'npm start', details };
  const create = () =>
    new ApiKeyRepository(database).create({ name: 'npm start', role, createdBy: 'embedded', partners });
  const { key } = await new AuditTrail((entry) => audit.record(entry)).recorded(
    action,
    create,
    ({ id }) => id,
  );
  return key;
}
