import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { accountId, headerDigest, type AccountBatch } from '@solvent-por/verifier';
import { headerOf, parseConfig, type SnapshotConfig, type SnapshotConfigInput } from '@solvent-por/snapshot';
import { SolventError } from '@solvent-por/kzg';
import { checkSnapshot, deriveKeys, readBatches, type CheckedSnapshot } from '../src/index';

export const OPERATOR = deriveKeys(new Uint8Array(32).fill(1)).operator;
const COMMON = { snapshot: 'test', takenAt: '2026-01-31T00:00:00Z', operator: OPERATOR };

/** Three configurations over the same tokens: amounts mean the same in JSON. */
export const aggregate: SnapshotConfigInput = {
  ...COMMON, mode: 'aggregate', unit: 'USD', assets: [{ symbol: 'USD', scale: 2 }], tokens: ['BTC', 'ETH', 'USDT'],
}; // prettier-ignore
export const spot: SnapshotConfigInput = {
  ...COMMON, mode: 'spot', assets: [{ symbol: 'BTC', scale: 8 }, { symbol: 'ETH', scale: 6, limbs: 4 }, { symbol: 'USDT', scale: 0 }],
}; // prettier-ignore
export const margin: SnapshotConfigInput = {
  ...COMMON, mode: 'margin', unit: 'USD', priceScale: 10,
  assets: [
    { symbol: 'BTC', scale: 8, price: '65100.22' }, { symbol: 'ETH', scale: 8, price: '3620.56' }, { symbol: 'USDT', scale: 6, price: '1' },
  ],
}; // prettier-ignore

/** An account key as it stands in a file: 32 bytes of hex, different for each n. */
export function keyOf(n: number): string {
  return (n + 1).toString(16).padStart(64, 'a');
}

/** Files by name in a folder of their own; `remove` in afterAll. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'solvent-test-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const folders: string[] = [];

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export async function check(input: string, given: SnapshotConfigInput): Promise<CheckedSnapshot> {
  const config: SnapshotConfig = parseConfig(given);
  return checkSnapshot({ input, config, header: headerOf(config) });
}

/** The error's code, kind and details; fails when there is none. */
export async function refusal(attempt: Promise<unknown>): Promise<Record<string, unknown>> {
  const outcome = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof SolventError)) throw outcome ?? new Error('it was accepted');
  return { code: outcome.code, kind: outcome.kind, ...outcome.details };
}

export async function batchesOf(input: string, given: SnapshotConfigInput, key = 7): Promise<AccountBatch[]> {
  const config = parseConfig(given);
  const options = { input, config, header: headerOf(config), placementKey: new Uint8Array(32).fill(key) };
  const batches: AccountBatch[] = [];
  for await (const batch of readBatches(options)) batches.push(batch);
  return batches;
}

/** The id that an account key (hex) has in the snapshot of a configuration, in hex. */
export function idIn(given: SnapshotConfigInput, key: string): string {
  const digest = headerDigest(headerOf(parseConfig(given)));
  return Buffer.from(accountId(digest, Buffer.from(key, 'hex'))).toString('hex');
}

/** Each account's values in AccountBatch's order, by hex id. */
export function accountsOf(batches: readonly AccountBatch[]): Map<string, bigint[]> {
  const accounts = new Map<string, bigint[]>();
  for (const { count, ids, amounts } of batches) {
    const words = amounts.length / count;
    for (let i = 0; i < count; i++) {
      const values: bigint[] = [];
      for (let at = i * words; at < (i + 1) * words; at += 3)
        values.push(
          BigInt(amounts[at]!) | (BigInt(amounts[at + 1]!) << 32n) | (BigInt(amounts[at + 2]!) << 64n),
        );
      accounts.set(Buffer.from(ids.subarray(32 * i, 32 * i + 32)).toString('hex'), values);
    }
  }
  return accounts;
}
