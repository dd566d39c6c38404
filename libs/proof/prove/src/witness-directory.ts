import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePoints, equalBytes, SolventError } from '@solvent/algebra';
import {
  headerDigest,
  ID_BYTES,
  layoutOf,
  leafNode,
  parseManifest,
  SumTree,
  type Layout,
  type Manifest,
} from '@solvent/proof/verify';
import { AccountIndex, type AccountPlace } from './account-index';
import { batchFile, OUTPUT } from './files';
import type { BatchPlace } from './inclusion-prover';
import { decodeLeaves, LEAVES_FILE, type StoredLeaf } from './leaves-file';
import { decodeStoredBatch, type StoredBatch } from './witness-file';

/** The operator's private folder of a finished snapshot: answers look-ups without any key. */
export class WitnessDirectory {
  readonly layout: Layout;
  readonly #headerDigest: Uint8Array;
  #tree: { readonly leaves: readonly StoredLeaf[]; readonly tree: SumTree } | undefined;
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

  /** Where an account stands, or undefined when it is not in the snapshot. */
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
    const { leaves, tree } = (this.#tree ??= await this.#loadTree());
    const { tag, sums } = leaves[batch]!;
    return {
      tag,
      sums: encodePoints(sums),
      path: tree.path(batch).map((node) => ({ hash: node.hash, sums: encodePoints(node.sums) })),
    };
  }

  async close(): Promise<void> {
    await this.#index?.close();
  }

  async #loadTree(): Promise<{ leaves: StoredLeaf[]; tree: SumTree }> {
    const file = await readFile(join(this.path, LEAVES_FILE));
    const leaves = decodeLeaves(new Uint8Array(file), this.manifest.batchCount, this.layout.published.length);
    const nodes = leaves.map(({ tag, sums }, batch) => leafNode(this.#headerDigest, batch, tag, sums));
    return { leaves, tree: new SumTree(nodes) };
  }
}
