import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { concat, equalBytes, SolventError, utf8 } from '@solvent/algebra';
import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import { labelDigest, PRIVATE, writeAtomic, type Origin } from '@solvent/files';
import { canonicalJson, layoutOf, type Header, type Manifest } from '@solvent/proof/verify';
import { batchFile, OUTPUT, proofFile } from './files';
import { AccountIndexWriter } from './account-index';
import { BATCHES_FILE, encodeBatchDigests } from './batch-digests';
import { encodeLeaves, LEAVES_FILE } from './leaves-file';
import { headerOrigin, manifestOrigin } from './origin';
import type { ProofPlan } from './plan';
import { decodeProofFile, type KeptProof } from './proof-file';
import { provedLeaves, type ProvedLeaf } from './proved-leaves';
import { manifestOf } from './sign';
import { SnapshotCloser } from './snapshot-closer';
import { decodeStoredBatch } from './witness-file';

export interface CloseOptions {
  readonly header: Header;
  readonly keys: { readonly signing: Uint8Array };
  readonly previous?: Manifest;
  readonly directory: string;
  readonly plan: ProofPlan;
  /** What the proofs' files belong to. */
  readonly run: Origin;
}

/**
 * Turns a folder in which every proof is made into a finished snapshot: builds the sum tree, proves the totals, chains and signs the manifest,
 * and writes the published files, the manifest last. Everything it writes follows from the proofs and the witness, so a close that
 * was interrupted is simply done again.
 *
 * @throws SolventError PROOF_FILE_DAMAGED | WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN | SOURCE_CHANGED
 */
export async function closeSnapshot(options: CloseOptions): Promise<Manifest> {
  const { header, keys, previous, directory, plan } = options;
  const witness = join(directory, OUTPUT.witness);
  const closer = new SnapshotCloser(header, await loadCommitter());
  const leaves: ProvedLeaf[] = [];
  const digests: Uint8Array[] = [];
  const kzg = nativeVerifier();
  for await (const { line, batches } of proofs(options)) {
    for (const leaf of provedLeaves(line, closer.layout, kzg)) {
      closer.addLeaf(leaf);
      leaves.push(leaf);
    }
    digests.push(...batches);
  }

  const index = new AccountIndexWriter(witness);
  let manifest: Manifest;
  try {
    await addWitness(options, digests, closer, index);
    if (closer.accounts !== plan.accounts)
      throw new SolventError(
        'SOURCE_CHANGED',
        'invalid',
        `${closer.accounts} accounts were proved, ${plan.accounts} were expected`,
      );
    manifest = manifestOf(header, closer.finish(), previous, keys.signing);
    await index.finish(manifestOrigin(manifest));
  } finally {
    await index.close();
  }
  const origin = manifestOrigin(manifest);
  await writeAtomic(join(witness, LEAVES_FILE), encodeLeaves(leaves, origin), PRIVATE);
  await writeAtomic(join(witness, BATCHES_FILE), encodeBatchDigests(digests, origin), PRIVATE);

  const document = utf8(canonicalJson(manifest));
  await writeAtomic(join(directory, OUTPUT.globalProof), globalProof(document, options));
  await writeAtomic(join(witness, OUTPUT.manifest), document, PRIVATE);
  await writeAtomic(join(directory, OUTPUT.manifest), document);
  await rm(join(directory, OUTPUT.progress), { recursive: true, force: true });
  return manifest;
}

/** Adds every batch's witness: the one that its proof was made with, no other. */
async function addWitness(
  { header, directory, plan }: CloseOptions,
  digests: readonly Uint8Array[],
  closer: SnapshotCloser,
  index: AccountIndexWriter,
): Promise<void> {
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
    closer.addWitness(stored);
    await index.add(batch, stored.accounts);
  }
}

async function* proofs({ directory, plan, run }: CloseOptions): AsyncGenerator<KeptProof> {
  for (let first = 0; first < plan.batchCount; first += plan.k)
    yield decodeProofFile(await readFile(proofFile(directory, first)), run, first);
}

async function* globalProof(manifest: Uint8Array, options: CloseOptions): AsyncGenerator<Uint8Array> {
  const lineFeed = Uint8Array.of(10);
  yield concat(manifest, lineFeed);
  for await (const { line } of proofs(options)) {
    yield line;
    yield lineFeed;
  }
}
