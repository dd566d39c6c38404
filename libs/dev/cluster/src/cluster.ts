import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hexBytes } from '@solvent-por/kzg';
import { deriveKeys, serviceKeysText } from '@solvent-por/snapshot/readers';
import { freePorts } from '@solvent-por/dev/embedded-postgres';
import type { DatabaseAddresses } from '@solvent-por/dev/local';
import type { DatabaseService } from '@solvent-por/services/database';
import { ChildService } from './service-process';

export interface ClusterOptions {
  /** Folder of the bundles: dist/services. */
  readonly bundles: string;
  /** Gets a log file a process. */
  readonly logs: string;
  /** Address of the database as each service's own role. */
  readonly databases: Pick<DatabaseAddresses, DatabaseService>;
  readonly brokers: readonly string[];
  /** Where ingest reads balances. */
  readonly sourceDirectory: string;
  /** 0x and 64 hex digits: the signer gets it, ingest and provers what is derived for them. */
  readonly masterKey: string;
  /** 0x and 64 hex digits, of all services. */
  readonly requestKey: string;
  readonly witnessKeys: string;
  readonly provers: number;
  /** Worker threads of each prover. */
  readonly workersPerProver?: number;
  readonly gatewayPort?: number;
  /** More settings, of all services. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Ingest, provers, signer and gateway as separate processes over a real broker and database: what `docker compose`
 * starts, without containers.
 */
export class Cluster {
  private constructor(
    readonly gateway: ChildService,
    readonly ingest: ChildService,
    readonly signer: ChildService,
    readonly provers: readonly ChildService[],
  ) {}

  get services(): readonly ChildService[] {
    return [this.gateway, this.ingest, this.signer, ...this.provers];
  }

  get url(): string {
    return this.gateway.options.url;
  }

  /** All processes, started and ready; when one cannot be started, those that were are ended. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = await Cluster.prepare(options);
    await cluster.start();
    return cluster;
  }

  /** All processes, none of them started. */
  static async prepare(options: ClusterOptions): Promise<Cluster> {
    await mkdir(options.logs, { recursive: true });
    const { provers, gatewayPort, workersPerProver = 1 } = options;
    const ports = await freePorts(provers + 3);
    const keys = deriveKeys(hexBytes(options.masterKey, 32));
    const common = {
      SOLVENT_KAFKA_BROKERS: options.brokers.join(','),
      SOLVENT_WITNESS_KEYS: options.witnessKeys,
      SOLVENT_REQUEST_KEY: options.requestKey,
      SOLVENT_HTTP_HOST: '127.0.0.1',
      ...options.environment,
    };
    const service = (name: string, bundle: DatabaseService, port: number, settings: Record<string, string>) =>
      new ChildService({
        name,
        file: join(options.bundles, `${bundle}.cjs`),
        logFile: join(options.logs, `${name}.log`),
        url: `http://127.0.0.1:${port}`,
        environment: {
          ...common,
          SOLVENT_DATABASE_URL: options.databases[bundle],
          SOLVENT_HTTP_PORT: String(port),
          ...settings,
        },
      });
    return new Cluster(
      // Several clusters may run side by side.
      service('gateway', 'gateway', gatewayPort ?? ports[0]!, { SOLVENT_PROBE_PORT: '0' }),
      service('ingest', 'ingest', ports[1]!, {
        SOLVENT_INGEST_KEYS: serviceKeysText('ingest', keys),
        SOLVENT_SOURCE_DIR: options.sourceDirectory,
        SOLVENT_EXPECTED_WORKERS: String(provers * workersPerProver),
      }),
      service('signer', 'signer', ports[2]!, {
        SOLVENT_MASTER_KEY: options.masterKey,
        SOLVENT_WORKERS: String(workersPerProver),
      }),
      ports.slice(3).map((port, i) =>
        service(`prover-${i + 1}`, 'prover', port, {
          SOLVENT_PROVER_KEYS: serviceKeysText('prover', keys),
          SOLVENT_WORKERS: String(workersPerProver),
        }),
      ),
    );
  }

  /**
   * Starts every process and waits until all are ready; when one cannot be started, those that were are
   * ended.
   */
  async start(): Promise<void> {
    const results = await Promise.allSettled(this.services.map((service) => service.start()));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) {
      await this.stop();
      throw failure.reason;
    }
  }

  /** Ends all processes in good order. */
  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
  }
}
