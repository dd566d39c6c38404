import { createHash } from 'node:crypto';
import { toHex } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { operatorKeyOf } from '@solvent-por/prover';
import { headerOf, parseConfig } from '@solvent-por/snapshot';
import {
  ProofStore,
  RequestKey,
  sealDigests,
  SnapshotRepository,
  WitnessKeyring,
  type Database,
  type ProvedBatch,
  type ProvedBatches,
  type Publication,
  type SnapshotRequest,
} from '../src';

/** Bytes that follow from a label. */
export function bytesOf(label: string, length = 32): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`${label} ${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

export const REQUEST_KEY = RequestKey.parse(`0x${'33'.repeat(32)}`);
export const keyring = WitnessKeyring.parse(`k1:0x${'11'.repeat(32)}`);

export function operatorOf(label: string): string {
  return toHex(operatorKeyOf(bytesOf(label)));
}

export function requestOf(
  snapshot: string,
  changes: { takenAt?: string; source?: string; operator?: string; scale?: number } = {},
): SnapshotRequest {
  const config = parseConfig({
    mode: 'spot',
    snapshot,
    takenAt: changes.takenAt ?? '2026-01-31T00:00:00Z',
    operator: changes.operator ?? operatorOf('operator'),
    assets: [{ symbol: 'BTC', scale: changes.scale ?? 8 }],
  });
  return { config, header: headerOf(config), source: changes.source ?? 'january', requestedBy: null };
}

/** The form of a proof; its content is any bytes, for the store reads none of it. */
export function proofOf(
  first: number,
  options: { batches?: number; accounts?: number; label?: string } = {},
): ProvedBatches {
  const { batches = 2, accounts = 3, label = 'account' } = options;
  return {
    first,
    proof: storedProofOf(first),
    seconds: 1.5,
    batches: Array.from({ length: batches }, (_, i) => batchOf(first + i, accounts, label)),
  };
}

/** What is stored of a proof: JSON without its sums. */
export function storedProofOf(first: number): Uint8Array {
  return Buffer.from(`{"first":"${bytesOf(`proof ${first}`, 2_490).toString('hex')}"}`);
}

function batchOf(batch: number, count: number, label: string): ProvedBatch {
  return {
    batch,
    accounts: {
      count,
      ids: Buffer.concat(Array.from({ length: count }, (_, row) => idOf(batch, row, label))),
    },
    shardPrefixes: prefixesOf(batch, count),
    witness: bytesOf(`witness ${batch}`, 3_000),
  };
}

export function idOf(batch: number, row: number, label = 'account'): Buffer {
  return bytesOf(`${label} ${batch} ${row}`);
}

/** Shard prefixes of a batch's accounts, u16be each. */
export function prefixesOf(batch: number, accounts = 3): Buffer {
  return bytesOf(`prefixes ${batch}`, 2 * accounts);
}

/** sum_b of a batch. */
export function sumOf(batch: number): Buffer {
  return bytesOf(`sum ${batch}`, 48);
}

/** @param label the snapshot's name */
export function publicationOf(label: string, previousDigest: Uint8Array | null = null): Publication {
  const manifest = bytesOf(`manifest ${label}`, 900);
  return {
    manifest,
    digests: sealDigests(
      keyring,
      { snapshotId: label, attempt: 1 },
      { manifest: createHash('sha256').update(manifest).digest(), lines: [] },
    ),
    manifestDigest: bytesOf(`digest ${label}`),
    previousDigest,
    nodes: [
      { start: 0, size: 1, hash: bytesOf('node 0'), sum: sumOf(0) },
      { start: 1, size: 1, hash: bytesOf('node 1'), sum: sumOf(1) },
      { start: 0, size: 2, hash: bytesOf('top'), sum: bytesOf('sum of all', 48) },
    ],
  };
}

/**
 * A snapshot that is being proved: requested, planned for `batches` batches of 3 accounts, two batches a
 * proof.
 */
export async function proving(
  db: Database,
  request: SnapshotRequest,
  batches = 2,
  accounts = 3 * batches,
): Promise<SnapshotRun> {
  const repository = new SnapshotRepository(db);
  const { snapshot } = await repository.request(request, REQUEST_KEY);
  const run = { snapshotId: snapshot.id, attempt: snapshot.attempt };
  await repository.beginIngest(run);
  await repository.recordPlan(
    run,
    {
      ...{ sourceDigest: toHex(bytesOf('source')), accounts },
      ...{ batchesPerProof: 2, batchCount: batches },
    },
    REQUEST_KEY,
  );
  await repository.finishIngest(run);
  return run;
}

/** A published snapshot of two batches. */
export async function published(
  db: Database,
  request: SnapshotRequest,
  previousDigest: Uint8Array | null = null,
): Promise<SnapshotRun> {
  const run = await proving(db, request);
  await new ProofStore(db, keyring).store(run, proofOf(0));
  const done = await new SnapshotRepository(db).publish(run, publicationOf(run.snapshotId, previousDigest));
  if (!done) throw new Error(`${run.snapshotId} was not published`);
  return run;
}
