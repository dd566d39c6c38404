import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { concat, equalBytes, SolventError, utf8 } from '@solvent-por/kzg';
import type { CommitterTables } from '@solvent-por/kzg/native';
import { labelDigest, PRIVATE, writeAtomic, type Origin } from '@solvent-por/snapshot/files';
import { canonicalJson, layoutOf, type Header, type Manifest } from '@solvent-por/verifier';
import { batchFile, OUTPUT, proofFile } from './files';
import { AccountIndexWriter } from './account-index';
import { CLAIMS_FILE, encodeClaimRoots } from './claims/claim-roots-file';
import { BATCHES_FILE, encodeBatchDigests } from './batch-digests';
import { manifestClaims } from './claims/manifest-claims';
import { finaliseInThread } from './finalise-in-thread';
import { encodeLeaves, LEAVES_FILE } from './leaves-file';
import { headerOrigin, manifestOrigin } from './origin';
import type { ProofPlan } from './plan';
import { decodeProofFile, type KeptProof } from './proof-file';
import { manifestOf } from './sign';
import { sumUp, type ProvedSource } from './sum-up';
import { summedLine } from './summed-line';
import type { BatchToFinalise } from './work/finalise';
import { decodeStoredBatch, type StoredBatch } from './witness-file';

export interface FinaliseOptions {
  readonly header: Header;
  readonly keys: { readonly signing: Uint8Array };
  readonly previous?: Manifest;
  /** Digests of the claims' verifying keys, where there is a claim tree. */
  readonly claimKeys?: readonly string[];
  readonly directory: string;
  readonly plan: ProofPlan;
  /** What the proofs' files belong to. */
  readonly run: Origin;
  readonly tables: CommitterTables;
}

/**
 * Turns a folder in which every proof is made into a finished snapshot: sums it up, chains and signs the
 * manifest, and writes the published files, the manifest last. Everything it writes follows from the proofs
 * and the witness, so what was interrupted is simply done again.
 *
 * @throws SolventError PROOF_FILE_DAMAGED | WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN | SOURCE_CHANGED |
 *   ACCOUNT_REPEATED; as sumUp
 */
export async function finaliseSnapshot(options: FinaliseOptions): Promise<Manifest> {
  const { header, keys, previous, claimKeys, directory, plan, tables } = options;
  const witness = join(directory, OUTPUT.witness);
  const index = new AccountIndexWriter(witness);
  const source = new ProvedFolder(options, ({ batch, accounts }) => index.add(batch, accounts));
  const sums: (readonly Uint8Array[])[] = [];
  try {
    const { leaves, ...summed } = await sumUp({
      thread: finaliseInThread(header, tables),
      source,
      onFixed: ({ accounts }) => refuseOtherCount(accounts, plan),
      onSums: (ofProof) => sums.push(ofProof),
    });
    const manifest = manifestOf(header, summed, previous, keys.signing, manifestClaims(summed, claimKeys));
    const origin = manifestOrigin(manifest);
    await index.finish(origin);
    await writeAtomic(join(witness, LEAVES_FILE), encodeLeaves(leaves, origin), PRIVATE);
    await writeAtomic(join(witness, BATCHES_FILE), encodeBatchDigests(source.digests, origin), PRIVATE);
    if (summed.claims)
      await writeAtomic(join(witness, CLAIMS_FILE), encodeClaimRoots(summed.claims.roots, origin), PRIVATE);

    const document = utf8(canonicalJson(manifest));
    await writeAtomic(join(directory, OUTPUT.globalProof), globalProof(document, options, sums));
    await writeAtomic(join(witness, OUTPUT.manifest), document, PRIVATE);
    await writeAtomic(join(directory, OUTPUT.manifest), document);
    await rm(join(directory, OUTPUT.progress), { recursive: true, force: true });
    return manifest;
  } finally {
    await index.close();
  }
}

/** Proofs and witness as `ProvingFolder` keeps them. */
class ProvedFolder implements ProvedSource {
  /** `labelDigest` of each batch's file, as its proof names it. */
  readonly digests: Uint8Array[] = [];
  #passes = 0;

  /** @param onBatch gets every batch once, in order, in the first pass */
  constructor(
    private readonly options: FinaliseOptions,
    private readonly onBatch: (stored: StoredBatch) => Promise<void>,
  ) {}

  async *proofs(): AsyncGenerator<Uint8Array> {
    const { digests } = this;
    digests.length = 0;
    for await (const { proof, batches } of keptProofs(this.options)) {
      digests.push(...batches);
      yield proof;
    }
  }

  /** Every batch's witness: the one that its proof was made with, no other. */
  async *witnesses(): AsyncGenerator<BatchToFinalise, void, void> {
    const { header, directory, plan } = this.options;
    const [layout, origin] = [layoutOf(header), headerOrigin(header)];
    const first = this.#passes++ === 0;
    for (let batch = 0; batch < plan.batchCount; batch++) {
      const path = batchFile(join(directory, OUTPUT.witness), batch);
      const [witness, name] = [await readFile(path), basename(path)];
      if (!equalBytes(labelDigest(witness), this.digests[batch]!))
        throw new SolventError(
          'WITNESS_FILE_FOREIGN',
          'invalid',
          `${name} is not the one that its proof was made with: run the same command again, it is then proved again`,
          { batch },
        );
      // The thread checks what it is given, in either pass.
      if (first) await this.onBatch(decodeStoredBatch(witness, layout, origin, batch, name));
      yield { batch, witness };
    }
  }
}

function refuseOtherCount(accounts: number, plan: ProofPlan): void {
  if (accounts !== plan.accounts)
    throw new SolventError(
      'SOURCE_CHANGED',
      'invalid',
      `${accounts} accounts were proved, ${plan.accounts} were expected`,
    );
}

async function* keptProofs({ directory, plan, run }: FinaliseOptions): AsyncGenerator<KeptProof> {
  for (let first = 0; first < plan.batchCount; first += plan.k)
    yield decodeProofFile(await readFile(proofFile(directory, first)), run, first);
}

/** @param sums of each proof's batches */
async function* globalProof(
  manifest: Uint8Array,
  options: FinaliseOptions,
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
