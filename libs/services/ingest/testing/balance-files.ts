import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { RequestKey } from '@solvent-por/services/database';
import { decodeBatches } from '@solvent-por/prover';
import { accountId, headerDigest, layoutOf, type AccountBatch, type Header } from '@solvent-por/verifier';
import { headerOf, parseConfig, type SnapshotConfig, type SnapshotConfigInput } from '@solvent-por/snapshot';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import type { CompressedJob, ReadingTask } from '../src/reading/balance-source';

export const KEYS = deriveKeys(new Uint8Array(32).fill(1));
export const REQUEST_KEY = RequestKey.parse(`0x${'33'.repeat(32)}`);

const COMMON = { snapshot: 'november-2026', takenAt: '2026-11-01T00:00:00Z', operator: KEYS.operator };

export const AGGREGATE: SnapshotConfigInput = {
  ...COMMON,
  mode: 'aggregate',
  unit: 'USD',
  assets: [{ symbol: 'USD', scale: 2 }],
  tokens: ['BTC', 'ETH', 'USDT'],
};

/** As many assets as make jobs large. */
export function marginOf(assets: number): SnapshotConfigInput {
  return {
    ...COMMON,
    mode: 'margin',
    unit: 'USD',
    priceScale: 10,
    assets: Array.from({ length: assets }, (_, i) => ({ symbol: `T${i}`, scale: 8, price: '1' })),
  };
}

/** An account key: 64 hex digits that no compression shortens, different for each n. */
export function keyOf(n: number): string {
  let word = (n + 1) >>> 0;
  let id = '';
  for (let i = 0; i < 8; i++) {
    word = (Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    id += word.toString(16).padStart(8, '0');
  }
  return n.toString(16).padStart(8, '0') + id.slice(8);
}

/** The ids that accounts have in a snapshot, in hex. */
export function idsIn(header: Header, numbers: readonly number[]): string[] {
  const digest = headerDigest(header);
  return numbers.map((n) => Buffer.from(accountId(digest, Buffer.from(keyOf(n), 'hex'))).toString('hex'));
}

/** Accounts from `from` on: account n has n + 1 of USDT and a debt of 1 in BTC. */
export function records(format: 'okx' | 'ndjson' | 'csv', count: number, from = 0): string {
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  if (format === 'csv')
    return `id,BTC,ETH,USDT\n${numbers.map((n) => `${keyOf(n)},${-0.01},0,${((n + 1) / 100).toFixed(2)}\n`).join('')}`;
  const lines = numbers.map((n) => `{"id":"${keyOf(n)}","assets":{"BTC":"-1","USDT":"${n + 1}"}}`);
  return format === 'okx' ? `[${lines.join(',\n')}]` : `${lines.join('\n')}\n`;
}

export const gzipped = (text: string): Buffer => gzipSync(text);

/** Folders with files in them; `remove` in afterAll. */
export class Folders {
  readonly #made: string[] = [];

  of(files: Readonly<Record<string, string | Uint8Array>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'solvent-ingest-'));
    this.#made.push(folder);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  }

  remove(): void {
    for (const folder of this.#made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

export function taskOf(input: string, given: SnapshotConfigInput = AGGREGATE): ReadingTask {
  const config: SnapshotConfig = parseConfig(given);
  return { input, config, header: headerOf(config), placementKey: KEYS.placement };
}

/** What is in a job. */
export function batchesOf({ payload }: Pick<CompressedJob, 'payload'>, header: Header): AccountBatch[] {
  const { inputs, maxBatches } = layoutOf(header);
  return decodeBatches(gunzipSync(payload), inputs.length, maxBatches);
}

/** The account ids of a job, in their places. */
export function idsOf(job: Pick<CompressedJob, 'payload'>, header: Header): string[][] {
  return batchesOf(job, header).map(({ count, ids }) =>
    Array.from({ length: count }, (_, i) => Buffer.from(ids.subarray(32 * i, 32 * i + 32)).toString('hex')),
  );
}

/** Values of each account by id. */
export function valuesOf(job: Pick<CompressedJob, 'payload'>, header: Header): Map<string, bigint[]> {
  const { inputs } = layoutOf(header);
  const values = new Map<string, bigint[]>();
  for (const { count, ids, amounts } of batchesOf(job, header))
    for (let i = 0; i < count; i++)
      values.set(
        Buffer.from(ids.subarray(32 * i, 32 * i + 32)).toString('hex'),
        inputs.map((_, v) => {
          const at = 3 * (inputs.length * i + v);
          return BigInt(amounts[at]!) | (BigInt(amounts[at + 1]!) << 32n) | (BigInt(amounts[at + 2]!) << 64n);
        }),
      );
  return values;
}
