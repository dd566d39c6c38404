import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withClient } from '@solvent-por/services/database';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { prepareDatabase } from '@solvent-por/dev/local';
import { ApiKeyRepository, openDatabase } from '@solvent-por/services/database';
import { verifyGlobalProof } from '@solvent-por/verifier';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { Cluster, type ClusterOptions } from '../src/cluster';
import { BALANCES_SEED, makeBalances, type MadeBalances, type MadeBalancesOptions } from './made-balances';

/** As generateSnapshot derives it from its seed: development keys are no secret. */
const MASTER = createHash('sha256').update(`solvent/v1/generated keys ${BALANCES_SEED}`).digest();

export interface ClusterHarnessOptions extends Partial<ClusterOptions> {
  /** As its server's superuser. */
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
}

/**
 * All services for one test: processes, an operator with an API key, balances to prove, and what must hold at
 * the end.
 */
export class ClusterHarness {
  private constructor(
    readonly cluster: Cluster,
    readonly folder: string,
    readonly databaseUrl: string,
    private readonly apiKey: string,
  ) {}

  /** Makes tables and roles in the database, and an operator's key and prepares the processes; none is started. */
  static async prepare({ databaseUrl, brokers, ...options }: ClusterHarnessOptions): Promise<ClusterHarness> {
    const databases = await prepareDatabase(databaseUrl);
    const database = openDatabase(databases.migrator);
    const { key } = await new ApiKeyRepository(database)
      .create({ name: 'tests', role: 'OPERATOR', createdBy: 'tests' })
      .finally(() => database.close());
    const folder = await mkdtemp(join(tmpdir(), 'solvent-cluster-'));
    await mkdir(join(folder, 'source'));
    const cluster = await Cluster.prepare({
      bundles: join(__dirname, '../../../../dist/services'),
      logs: join(folder, 'logs'),
      sourceDirectory: join(folder, 'source'),
      databases,
      brokers,
      masterKey: toHex(MASTER),
      requestKey: `0x${'33'.repeat(32)}`,
      witnessKeys: `test:0x${'17'.repeat(32)}`,
      provers: 2,
      ...options,
      environment: { SOLVENT_LOG_LEVEL: 'debug', ...options.environment },
    });
    return new ClusterHarness(cluster, folder, databaseUrl, key);
  }

  async start(): Promise<this> {
    await Promise.all(this.cluster.services.map((service) => service.start()));
    return this;
  }

  balances(options: Omit<MadeBalancesOptions, 'sourceDirectory'>): Promise<MadeBalances> {
    return makeBalances({ ...options, sourceDirectory: join(this.folder, 'source') });
  }

  /** One GraphQL operation as the operator. @throws Error with the codes of all errors */
  async query<T>(query: string, variables: object = {}): Promise<T> {
    const response = await fetch(`${this.cluster.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.apiKey}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as {
      data: T;
      errors?: { message: string; extensions?: { code?: string } }[];
    };
    if (errors)
      throw new Error(errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`).join('; '));
    return data;
  }

  async request({ config, source }: MadeBalances): Promise<void> {
    await this.query(
      'mutation ($input: RequestSnapshotInput!) { requestSnapshot(input: $input) { created snapshot { id state } } }',
      { input: { config, source } },
    );
  }

  /** Waits until the snapshot is in this state. @throws Error when it ends in another one, or not in time */
  async until(snapshotId: string, state: string, seconds = 120): Promise<void> {
    for (let tries = 0; tries < seconds * 5; tries++) {
      const row = await this.row(snapshotId);
      if (row?.state === state) return;
      if (row && ['PUBLISHED', 'FAILED'].includes(row.state))
        throw new Error(`${snapshotId} is ${row.state} (${JSON.stringify(row.failure)}), not ${state}`);
      await pause(200);
    }
    throw new Error(
      `${snapshotId} is not ${state} after ${seconds} s: ${JSON.stringify(await this.row(snapshotId))}`,
    );
  }

  async row(snapshotId: string): Promise<{ state: string; failure: unknown } | undefined> {
    const [row] = await this.sql<{ state: string; failure: unknown }>(
      'SELECT state, failure FROM snapshot WHERE id = $1',
      [snapshotId],
    );
    return row;
  }

  async sql<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return withClient(this.databaseUrl, async (client) => (await client.query(text, values)).rows as T[]);
  }

  /** Waits until so many proofs of a snapshot are stored. */
  async untilProofs(snapshotId: string, count: number, seconds = 60): Promise<void> {
    for (let tries = 0; tries < seconds * 20; tries++) {
      const [row] = await this.sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM proof WHERE snapshot_id = $1',
        [snapshotId],
      );
      if (row!.n >= count) return;
      await pause(50);
    }
    throw new Error(`${snapshotId} has not ${count} proofs after ${seconds} s`);
  }

  /**
   * Does something at the moment when a prover has a proof and can't store it yet: it waits for a lock held
   * here, and stores it as soon as `work` is done. What comes from a race would depend on the machine's speed.
   */
  async beforeProofIsStored(snapshotId: string, work: () => Promise<void>): Promise<void> {
    await withClient(this.databaseUrl, async (client) => {
      await client.query('BEGIN');
      // Against writers, not readers.
      await client.query('LOCK TABLE proof IN SHARE ROW EXCLUSIVE MODE');
      for (let tries = 0; ; tries++) {
        const { rows } = await client.query(
          "SELECT 1 FROM pg_locks WHERE relation = 'proof'::regclass AND NOT granted",
        );
        if (rows.length > 0) break;
        if (tries === 1_200) throw new Error(`nobody stores a proof of ${snapshotId}`);
        await pause(50);
      }
      await work();
      await client.query('COMMIT');
    });
  }

  /** Starts what a test that failed has left dead, so that it fails alone. */
  async revive(): Promise<void> {
    for (const service of this.cluster.services) if (!service.isRunning) await service.start();
  }

  /**
   * What must hold after every fault: the global proof verifies, the totals are the input's, each account has
   * exactly one place.
   */
  async expectWhole({ snapshotId, totals, accounts, header }: MadeBalances): Promise<void> {
    await this.until(snapshotId, 'PUBLISHED');
    const response = await fetch(`${this.cluster.url}/snapshots/${snapshotId}/global-proof.ndjson`);
    expect(response.status).toBe(200);
    const verdict = await verifyGlobalProof(response.body as unknown as AsyncIterable<Uint8Array>, {
      kzg: nativeVerifier(),
      operator: hexBytes(deriveKeys(MASTER).operator, 32),
    });
    expect(verdict).toMatchObject({ valid: true });
    expect(verdict.manifest!.header).toEqual(header);
    expect(verdict.manifest!.totals).toEqual(totals);
    const [places] = await this.sql(
      `SELECT count(*)::int AS entries, count(DISTINCT lookup_key)::int AS accounts, count(DISTINCT (batch, row))::int AS rows
       FROM account_entry WHERE snapshot_id = $1`,
      [snapshotId],
    );
    expect(places).toEqual({ entries: accounts, accounts, rows: accounts });
    const [batches] = await this.sql(
      'SELECT sum(accounts)::int AS accounts, count(*)::int AS n FROM batch WHERE snapshot_id = $1',
      [snapshotId],
    );
    expect(batches).toEqual({ accounts, n: verdict.manifest!.batchCount });
  }

  async close(): Promise<void> {
    await this.cluster.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
