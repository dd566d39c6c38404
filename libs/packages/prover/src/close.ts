import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { concat, equalBytes, SolventError, utf8 } from '@solvent-por/kzg';
import { loadCommitter, type CommitterTables } from '@solvent-por/kzg/native';
import { labelDigest, PRIVATE, writeAtomic, type Origin } from '@solvent-por/snapshot/files';
import {
  canonicalJson,
  layoutOf,
  parseUnsummed,
  type BatchProof,
  type Header,
  type Layout,
  type Manifest,
} from '@solvent-por/verifier';
import { batchFile, OUTPUT, proofFile } from './files';
import { AccountIndexWriter } from './account-index';
import { BATCHES_FILE, encodeBatchDigests } from './batch-digests';
import { encodeLeaves, LEAVES_FILE, type BatchLeaf } from './leaves-file';
import { headerOrigin, manifestOrigin } from './origin';
import type { ProofPlan } from './plan';
import { decodeProofFile, type KeptProof } from './proof-file';
import { manifestOf } from './sign';
import { SnapshotCloser } from './snapshot-closer';
import { summedLine } from './summed-line';
import { decodeStoredBatch, type StoredBatch } from './witness-file';

export interface CloseOptions {
  readonly header: Header;
  readonly keys: { readonly signing: Uint8Array };
  readonly previous?: Manifest;
  readonly directory: string;
  readonly plan: ProofPlan;
  /** What the proofs' files belong to. */
  readonly run: Origin;
  readonly tables: CommitterTables;
}

/**
 * Turns a folder in which every proof is made into a finished snapshot: fixes columns and totals, draws γ, builds the sum tree, proves the totals, chains and signs the manifest,
 * and writes the published files, the manifest last. Everything it writes follows from the proofs and the witness, so a close that
 * was interrupted is simply done again.
 *
 * @throws SolventError PROOF_FILE_DAMAGED | WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN | SOURCE_CHANGED | ACCOUNT_REPEATED
 */
export async function closeSnapshot(options: CloseOptions): Promise<Manifest> {
  const { header, keys, previous, directory, plan } = options;
  const witness = join(directory, OUTPUT.witness);
  const closer = new SnapshotCloser(header, await loadCommitter({ tables: options.tables }));
  const digests: Uint8Array[] = [];
  for await (const { proof, batches } of proofs(options, closer.layout)) {
    closer.addProof(proof);
    digests.push(...batches);
  }

  const index = new AccountIndexWriter(witness);
  let manifest: Manifest;
  const sums: (readonly Uint8Array[])[] = [];
  const leaves: BatchLeaf[] = [];
  try {
    for await (const stored of storedBatches(options, digests)) {
      closer.addTotals(stored);
      await index.add(stored.batch, stored.accounts);
    }
    if (closer.accounts !== plan.accounts)
      throw new SolventError(
        'SOURCE_CHANGED',
        'invalid',
        `${closer.accounts} accounts were proved, ${plan.accounts} were expected`,
      );
    closer.fix();
    for await (const { proof } of proofs(options, closer.layout)) {
      const { encoded, points } = closer.sumProof(proof);
      sums.push(encoded);
      points.forEach((sum, i) => leaves.push({ accounts: proof.accounts[i]!, sum }));
    }
    for await (const stored of storedBatches(options, digests)) closer.addWitness(stored);
    manifest = manifestOf(header, closer.finish(), previous, keys.signing);
    await index.finish(manifestOrigin(manifest));
  } finally {
    await index.close();
  }
  const origin = manifestOrigin(manifest);
  await writeAtomic(join(witness, LEAVES_FILE), encodeLeaves(leaves, origin), PRIVATE);
  await writeAtomic(join(witness, BATCHES_FILE), encodeBatchDigests(digests, origin), PRIVATE);

  const document = utf8(canonicalJson(manifest));
  await writeAtomic(join(directory, OUTPUT.globalProof), globalProof(document, options, sums));
  await writeAtomic(join(witness, OUTPUT.manifest), document, PRIVATE);
  await writeAtomic(join(directory, OUTPUT.manifest), document);
  await rm(join(directory, OUTPUT.progress), { recursive: true, force: true });
  return manifest;
}

/** Every batch's witness in order: the one that its proof was made with, no other. */
async function* storedBatches(
  { header, directory, plan }: CloseOptions,
  digests: readonly Uint8Array[],
): AsyncGenerator<StoredBatch> {
  const [layout, origin] = [layoutOf(header), headerOrigin(header)];
  for (let batch = 0; batch < plan.batchCount; batch++) {
    const path = batchFile(join(directory, OUTPUT.witness), batch);
    const [file, name] = [await readFile(path), basename(path)];
    const stored = decodeStoredBatch(file, layout, origin, batch, name);
    if (!equalBytes(labelDigest(file), digests[batch]!))
      throw new SolventError(
        'WITNESS_FILE_FOREIGN',
        'invalid',
        `${name} is not the one that its proof was made with: run the same command again, it is then proved again`,
        { batch },
      );
    yield stored;
  }
}

async function* keptProofs({ directory, plan, run }: CloseOptions): AsyncGenerator<KeptProof> {
  for (let first = 0; first < plan.batchCount; first += plan.k)
    yield decodeProofFile(await readFile(proofFile(directory, first)), run, first);
}

async function* proofs(
  options: CloseOptions,
  layout: Layout,
): AsyncGenerator<{ readonly proof: BatchProof; readonly batches: readonly Uint8Array[] }> {
  for await (const { proof, batches } of keptProofs(options))
    yield { proof: parseUnsummed(proof, layout), batches };
}

/** @param sums of each proof's batches */
async function* globalProof(
  manifest: Uint8Array,
  options: CloseOptions,
  sums: readonly (readonly Uint8Array[])[],
): AsyncGenerator<Uint8Array> {
  const lineFeed = Uint8Array.of(10);
  yield concat(manifest, lineFeed);
  let i = 0;
  for await (const { proof } of keptProofs(options)) {
    yield summedLine(proof, sums[i++]!);
    yield lineFeed;
  }
}
