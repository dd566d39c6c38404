import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, SolventError } from '@solvent/algebra';
import {
  encodedSum,
  headerDigest,
  ID_BYTES,
  layoutOf,
  leafNode,
  parseManifest,
  SumTree,
  type Layout,
  type Manifest,
  type SumNode,
} from '@solvent/proof/verify';
import { AccountIndex, type AccountPlace } from './account-index';
import { batchFile, OUTPUT } from './files';
import type { BatchPlace } from './inclusion-prover';
import { decodeLeaves, LEAVES_FILE } from './leaves-file';
import { decodeStoredBatch, type StoredBatch } from './witness-file';

/** The operator's private folder of a finished snapshot: answers look-ups without any key. */
export class WitnessDirectory {
  readonly layout: Layout;
  readonly #headerDigest: Uint8Array;
  #tree: { readonly leaves: readonly SumNode[]; readonly tree: SumTree } | undefined;
  #index: AccountIndex | undefined;

  private constructor(
    readonly path: string,
    readonly manifest: Manifest,
  ) {
    this.layout = layoutOf(manifest.header);
    this.#headerDigest = headerDigest(manifest.header);
  }

  /** @throws SolventError WITNESS_MISSING | MANIFEST_MALFORMED */
  static async open(path: string): Promise<WitnessDirectory> {
    const manifest = await readFile(join(path, OUTPUT.manifest)).catch(() => {
      throw new SolventError(
        'WITNESS_MISSING',
        'usage',
        `${path} is not a finished snapshot's witness folder (${OUTPUT.manifest} is missing): give the folder \`witness\` that \`solvent prove\` wrote`,
      );
    });
    return new WitnessDirectory(path, parseManifest(new Uint8Array(manifest)));
  }

  /** Where an account stands, or undefined when it is not in the snapshot. @param id of this snapshot, never the account key */
  async find(id: Uint8Array): Promise<AccountPlace | undefined> {
    this.#index ??= await AccountIndex.open(this.path);
    for (const place of await this.#index.find(id)) {
      const { ids } = (await this.readBatch(place.batch)).accounts;
      if (equalBytes(ids.subarray(ID_BYTES * place.row, ID_BYTES * (place.row + 1)), id)) return place;
    }
    return undefined;
  }

  /** @throws SolventError WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN */
  async readBatch(batch: number): Promise<StoredBatch> {
    const file = await readFile(batchFile(this.path, batch));
    return decodeStoredBatch(new Uint8Array(file), this.layout, this.#headerDigest, batch);
  }

  /** The part of the sum tree that a batch's inclusion proofs show. */
  async place(batch: number): Promise<BatchPlace> {
    const tree = (this.#tree ??= await this.#loadTree());
    return {
      sum: encodedSum(tree.leaves[batch]!),
      path: tree.tree.path(batch).map((node) => ({ hash: node.hash, sum: encodedSum(node) })),
    };
  }

  async close(): Promise<void> {
    await this.#index?.close();
  }

  async #loadTree(): Promise<{ readonly leaves: readonly SumNode[]; readonly tree: SumTree }> {
    const file = await readFile(join(this.path, LEAVES_FILE));
    const leaves = decodeLeaves(new Uint8Array(file), this.manifest.batchCount).map(
      ({ accounts, sum }, batch) => leafNode(this.#headerDigest, batch, accounts, sum),
    );
    return { leaves, tree: new SumTree(leaves) };
  }
}
