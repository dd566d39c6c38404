import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClaimSnapshot } from '@solvent-por/dev/proofs';
import { toHex, utf8 } from '@solvent-por/kzg';
import {
  ProofStore,
  sealDigests,
  SnapshotRepository,
  type Database,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import { canonicalJson, manifestDigest } from '@solvent-por/verifier';
import { configOf } from './proved-snapshot';
import { REQUEST_KEY } from './test-gateway';

/** Publishes a snapshot of which nothing was proved: claims need its signed manifest alone. */
export async function publishClaimSnapshot(
  database: Database,
  keyring: WitnessKeyring,
  { manifest, accounts }: ClaimSnapshot,
): Promise<void> {
  const { header, batchCount } = manifest;
  const snapshots = new SnapshotRepository(database);
  const { snapshot } = await snapshots.request(
    { config: configOf(header), header, source: 'balances', requestedBy: null },
    REQUEST_KEY,
  );
  const run = { snapshotId: snapshot.id, attempt: snapshot.attempt };
  await snapshots.beginIngest(run);
  await snapshots.recordPlan(
    run,
    {
      ...{ sourceDigest: `0x${'5'.repeat(64)}`, accounts: accounts.length },
      ...{ batchesPerProof: batchCount, batchCount },
    },
    REQUEST_KEY,
  );
  await snapshots.finishIngest(run);
  const size = Math.ceil(accounts.length / batchCount);
  const batches = Array.from({ length: batchCount }, (_, batch) => {
    const ids = accounts.slice(size * batch, size * (batch + 1)).map(({ id }) => id);
    return {
      batch,
      accounts: { count: ids.length, ids: Buffer.concat(ids) },
      shardPrefixes: Buffer.alloc(2 * ids.length),
      witness: Buffer.alloc(8),
    };
  });
  const proof = { first: 0, proof: utf8('{}'), seconds: 1, batches };
  await new ProofStore(database, keyring).store(run, proof);
  const document = utf8(canonicalJson(manifest));
  const published = await snapshots.publish(run, {
    ...{ manifest: document, manifestDigest: manifestDigest(manifest), previousDigest: null, nodes: [] },
    digests: sealDigests(keyring, run, {
      manifest: createHash('sha256').update(document).digest(),
      lines: [],
    }),
  });
  if (!published) throw new Error(`${header.snapshot} was not published`);
}

/** A folder as `solvent ceremony export` writes it. */
export async function claimKeyFolder(
  files: Readonly<Record<string, Uint8Array>>,
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'solvent-claim-keys-'));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** What the name of a key's file is. */
export const nameOf = (digest: Uint8Array, extension: string) => `${toHex(digest)}.${extension}`;
