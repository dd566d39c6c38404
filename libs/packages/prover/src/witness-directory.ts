import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { concat, equalBytes, hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import { labelDigest, type Origin } from '@solvent-por/snapshot/files';
import {
  encodedSum,
  headerDigest,
  ID_BYTES,
  layoutOf,
  leafNode,
  parseManifest,
  SumTree,
  treeRoot,
  verifyManifestSignature,
  type Layout,
  type LeafRange,
  type Manifest,
  type PathNode,
  type SumNode,
} from '@solvent-por/verifier';
import type { ClaimRoots } from '@solvent-por/claims/tree';
import { AccountIndex, type AccountPlace } from './account-index';
import { refuseForeignManifest } from './foreign-manifest';
import {
  CLAIMS_FILE,
  decodeClaimRoots,
  publishedClaimTree,
  refuseWithoutClaims,
} from './claims/claim-roots-file';
import { BATCHES_FILE, decodeBatchDigests } from './batch-digests';
import { batchFile, OUTPUT } from './files';
import type { BatchPlace } from './inclusion-prover';
import { decodeLeaves, LEAVES_FILE } from './leaves-file';
import { missingFile } from './missing-file';
import { headerOrigin, manifestOrigin } from './origin';
import { decodeStoredBatch, type StoredBatch } from './witness-file';

/**
 * The operator's private folder of a finished snapshot: answers look-ups without any key. `manifest.json`
 * says which snapshot it is of; each other file is believed only if it is whole and says that it belongs to
 * that manifest.
 */
export class WitnessDirectory {
  readonly layout: Layout;
  readonly #origin: Origin;
  readonly #headerOrigin: Origin;
  #tree: { readonly leaves: readonly SumNode[]; readonly tree: SumTree } | undefined;
  #batches: readonly Uint8Array[] | undefined;
  #index: AccountIndex | undefined;
  #claims: ClaimRoots | undefined;

  private constructor(
    readonly path: string,
    readonly manifest: Manifest,
  ) {
    this.layout = layoutOf(manifest.header);
    this.#origin = manifestOrigin(manifest);
    this.#headerOrigin = headerOrigin(manifest.header);
  }

  /** @throws SolventError WITNESS_MISSING (usage), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid) */
  static async open(path: string): Promise<WitnessDirectory> {
    const bytes = await readFile(join(path, OUTPUT.manifest)).catch(missingFile(path, OUTPUT.manifest));
    const manifest = genuine(new Uint8Array(bytes));
    await refuseForeignManifest(path, manifestOrigin(manifest));
    return new WitnessDirectory(path, manifest);
  }

  /**
   * Where an account stands, or undefined when it is not in the snapshot.
   * @param id of this snapshot, never the account key
   * @throws SolventError WITNESS_MISSING (usage), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid)
   */
  async find(id: Uint8Array): Promise<AccountPlace | undefined> {
    this.#index ??= await AccountIndex.open(this.path, this.#origin);
    for (const place of await this.#index.find(id)) {
      const { ids } = (await this.readBatch(place.batch)).accounts;
      if (equalBytes(ids.subarray(ID_BYTES * place.row, ID_BYTES * (place.row + 1)), id)) return place;
    }
    return undefined;
  }

  /** How many accounts there are. @throws as find */
  async accounts(): Promise<number> {
    this.#index ??= await AccountIndex.open(this.path, this.#origin);
    return this.#index.count;
  }

  /** @throws SolventError WITNESS_MISSING (usage), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid) */
  async readBatch(batch: number): Promise<StoredBatch> {
    const digests = (this.#batches ??= decodeBatchDigests(await this.#read(BATCHES_FILE), this.#origin));
    const name = basename(batchFile(this.path, batch));
    const file = await this.#read(name);
    const stored = decodeStoredBatch(file, this.layout, this.#headerOrigin, batch, name);
    if (!digests[batch] || !equalBytes(labelDigest(file), digests[batch]))
      throw new SolventError(
        'WITNESS_FILE_FOREIGN',
        'invalid',
        `${name} belongs to another run of snapshot ${this.manifest.header.snapshot}, not to the one of ${OUTPUT.manifest} beside it: put the right file back from a backup, or prove the snapshot again into a new folder`,
        { file: name, batch },
      );
    return stored;
  }

  /**
   * The part of the sum tree that a batch's inclusion proofs show.
   * @throws SolventError WITNESS_MISSING (usage), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid),
   *   INCLUSION_SELF_CHECK (internal)
   */
  async place(batch: number): Promise<BatchPlace> {
    const tree = (this.#tree ??= await this.#loadTree());
    return {
      sum: encodedSum(tree.leaves[batch]!),
      path: tree.tree.path(batch).map((node) => ({ hash: node.hash, sum: encodedSum(node) })),
    };
  }

  /**
   * Every node of the sum tree, by the leaves below it.
   * @throws as place
   */
  async nodes(): Promise<(range: LeafRange) => PathNode> {
    const { tree } = (this.#tree ??= await this.#loadTree());
    return (range) => {
      const node = tree.node(range);
      return { hash: node.hash, sum: encodedSum(node) };
    };
  }

  /**
   * The upper levels of the claim tree.
   * @throws SolventError CLAIMS_NOT_OFFERED | WITNESS_MISSING (usage), WITNESS_FILE_DAMAGED |
   *   WITNESS_FILE_FOREIGN (invalid), CLAIM_SELF_CHECK (internal)
   */
  async claims(): Promise<ClaimRoots> {
    refuseWithoutClaims(this.manifest);
    return (this.#claims ??= publishedClaimTree(
      this.manifest,
      concat(...decodeClaimRoots(await this.#read(CLAIMS_FILE), this.#origin)),
    ));
  }

  async close(): Promise<void> {
    await this.#index?.close();
  }

  async #loadTree(): Promise<{ readonly leaves: readonly SumNode[]; readonly tree: SumTree }> {
    const { header, batchCount, root } = this.manifest;
    const [digest, columns] = [headerDigest(header), hexBytes(this.manifest.columns, 32)];
    const leaves = decodeLeaves(await this.#read(LEAVES_FILE), this.#origin).map(({ accounts, sum }, batch) =>
      leafNode(digest, batch, accounts, sum),
    );
    const tree = new SumTree(leaves);
    // Whatever else may be wrong: no path is given out that does not lead to what was published.
    if (leaves.length !== batchCount || toHex(treeRoot(digest, batchCount, columns, tree.top)) !== root)
      throw new SolventError(
        'INCLUSION_SELF_CHECK',
        'internal',
        `${LEAVES_FILE} does not lead to the root of the manifest: no proof was written`,
      );
    return { leaves, tree };
  }

  async #read(name: string): Promise<Uint8Array> {
    return new Uint8Array(await readFile(join(this.path, name)).catch(missingFile(this.path, name)));
  }
}

/** @throws SolventError WITNESS_FILE_DAMAGED (invalid) unless it is a manifest, as it was signed */
function genuine(bytes: Uint8Array): Manifest {
  let why = '';
  try {
    const manifest = parseManifest(bytes);
    if (verifyManifestSignature(manifest)) return manifest;
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    why = ` (${error.message})`;
  }
  throw new SolventError(
    'WITNESS_FILE_DAMAGED',
    'invalid',
    `${OUTPUT.manifest} of the witness is damaged: it is no manifest as its operator signed it${why}; put the published ${OUTPUT.manifest} of this snapshot in its place`,
    { file: OUTPUT.manifest },
  );
}
