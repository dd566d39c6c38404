import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { concat, SolventError, utf8 } from '@solvent/algebra';
import { loadCommitter } from '@solvent/algebra/native';
import {
  canonicalJson,
  headerDigest,
  layoutOf,
  parseUnsummed,
  type Header,
  type Manifest,
} from '@solvent/proof/verify';
import { batchFile, OUTPUT, PRIVATE, proofFile, writeAtomic } from './files';
import { AccountIndexWriter } from './account-index';
import { encodeLeaves, LEAVES_FILE, type StoredLeaf } from './leaves-file';
import type { ProofPlan } from './plan';
import { decodeProofFile } from './proof-file';
import { manifestOf } from './sign';
import { SnapshotCloser } from './snapshot-closer';
import { summedLine } from './summed-line';
import { decodeStoredBatch } from './witness-file';

export interface CloseOptions {
  readonly header: Header;
  readonly keys: { readonly signing: Uint8Array };
  readonly previous?: Manifest;
  readonly directory: string;
  readonly plan: ProofPlan;
}

/**
 * Turns a folder in which every proof is made into a finished snapshot: fixes columns and totals, draws γ, builds the sum tree, proves the totals, chains and signs the manifest,
 * and writes the published files, the manifest last. Everything it writes follows from the proofs and the witness, so a close that
 * was interrupted is simply done again.
 *
 * @throws SolventError PROOF_FILE_DAMAGED | WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN | SOURCE_CHANGED | ACCOUNT_REPEATED
 */
export async function closeSnapshot({
  header,
  keys,
  previous,
  directory,
  plan,
}: CloseOptions): Promise<Manifest> {
  const layout = layoutOf(header);
  const digest = headerDigest(header);
  const witness = join(directory, OUTPUT.witness);
  const firsts = Array.from({ length: Math.ceil(plan.batchCount / plan.k) }, (_, i) => i * plan.k);
  const readProof = async (first: number) =>
    parseUnsummed(decodeProofFile(await readFile(proofFile(directory, first)), first), layout);
  const readBatch = async (batch: number) =>
    decodeStoredBatch(await readFile(batchFile(witness, batch)), layout, digest, batch);
  const closer = new SnapshotCloser(header, await loadCommitter());

  for (const first of firsts) closer.addProof(await readProof(first));
  const index = new AccountIndexWriter(witness);
  try {
    for (let batch = 0; batch < plan.batchCount; batch++) {
      const stored = await readBatch(batch);
      closer.addTotals(stored);
      await index.add(batch, stored.accounts);
    }
    if (closer.accounts !== plan.accounts)
      throw new SolventError(
        'SOURCE_CHANGED',
        'invalid',
        `${closer.accounts} accounts were proved, ${plan.accounts} were expected`,
      );
    await index.finish();
  } finally {
    await index.close();
  }

  const sums = new Map<number, readonly Uint8Array[]>();
  const leaves: StoredLeaf[] = [];
  for (const first of firsts) {
    const proof = await readProof(first);
    const { encoded, points } = closer.sumProof(proof);
    sums.set(first, encoded);
    points.forEach((sum, i) => leaves.push({ accounts: proof.accounts[i]!, sum }));
  }
  for (let batch = 0; batch < plan.batchCount; batch++) closer.addWitness(await readBatch(batch));
  await writeAtomic(join(witness, LEAVES_FILE), encodeLeaves(leaves), PRIVATE);

  const manifest = manifestOf(header, closer.finish(), previous, keys.signing);
  const document = utf8(canonicalJson(manifest));
  await writeAtomic(join(directory, OUTPUT.globalProof), globalProof(document, directory, sums));
  await writeAtomic(join(witness, OUTPUT.manifest), document, PRIVATE);
  await writeAtomic(join(directory, OUTPUT.manifest), document);
  await rm(join(directory, OUTPUT.progress), { recursive: true, force: true });
  return manifest;
}

async function* globalProof(
  manifest: Uint8Array,
  directory: string,
  sums: ReadonlyMap<number, readonly Uint8Array[]>,
): AsyncGenerator<Uint8Array> {
  const lineFeed = Uint8Array.of(10);
  yield concat(manifest, lineFeed);
  for (const [first, sumsOfProof] of sums) {
    yield summedLine(decodeProofFile(await readFile(proofFile(directory, first)), first), sumsOfProof);
    yield lineFeed;
  }
}
