import { createReadStream, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { generateSnapshot, checkSnapshot, loadConfig } from '@solvent-por/snapshot/readers';
import { headerOf, type SnapshotConfig } from '@solvent-por/snapshot';
import { accountId, headerDigest, type Header, type Mode } from '@solvent-por/verifier';

/** An exchange's made-up balances, below ingest's source folder, and what a proof of them must say. */
export interface MadeBalances {
  readonly snapshotId: string;
  readonly config: Omit<SnapshotConfig, 'keys' | 'previous' | '$schema'>;
  readonly header: Header;
  readonly source: string;
  readonly directory: string;
  readonly accounts: number;
  /** Sums over the input, read by itself. */
  readonly totals: readonly string[];
}

export interface MadeBalancesOptions {
  readonly sourceDirectory: string;
  readonly snapshotId: string;
  readonly takenAt: string;
  readonly accounts: number;
  readonly mode?: Mode;
  readonly assets?: number;
  readonly files?: number;
}

/** All balances of one run of tests is under the keys that this seed gives. */
export const BALANCES_SEED = 'cluster';

export async function makeBalances(options: MadeBalancesOptions): Promise<MadeBalances> {
  const {
    sourceDirectory,
    snapshotId,
    takenAt,
    accounts,
    mode = 'aggregate',
    assets = 5,
    files = 2,
  } = options;
  const folder = join(sourceDirectory, `${snapshotId}-input`);
  const { configFile } = await generateSnapshot({
    directory: folder,
    accounts,
    mode,
    assets,
    files,
    seed: BALANCES_SEED,
  });
  const loaded = await loadConfig(configFile);
  const { keys: _keys, previous: _previous, $schema: _schema, ...rest } = loaded.config;
  const config = { ...rest, snapshot: snapshotId, takenAt };
  const header = headerOf({ ...loaded.config, snapshot: snapshotId, takenAt });
  const directory = join(folder, 'accounts');
  const { totals } = await checkSnapshot({ input: directory, config: loaded.config, header });
  return {
    snapshotId,
    config,
    header,
    source: `${snapshotId}-input/accounts`,
    directory,
    accounts,
    totals: totals.map(String),
  };
}

export async function removeBalances({ directory }: MadeBalances): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** Ids of the snapshot, made from the keys as they stand in the balances. */
export async function accountIds({ directory, header }: MadeBalances, count: number): Promise<string[]> {
  const digest = headerDigest(header);
  const ids: string[] = [];
  for (const file of readdirSync(directory).sort())
    for await (const line of createInterface({ input: createReadStream(join(directory, file)) }))
      for (const [, key] of line.matchAll(/"id":"([0-9a-f]{64})"/g))
        if (ids.push(toHex(accountId(digest, hexBytes(`0x${key!}`, 32)))) === count) return ids;
  return ids;
}
