import { SolventError } from '@solvent-por/kzg';
import {
  type AccountTree,
  HASH_BYTES,
  ID_BYTES,
  layoutOf,
  manifestDigest,
  SALT_BYTES,
  type Inclusion,
  type Manifest,
  type PathNode,
} from '@solvent-por/verifier';
import { RESERVED_LEAVES } from './batch-prover';
import { encodeValues, nativeAccountTree, nativeLeaf } from './native-hashes';
import type { OpenRow } from './openings/account-openings';
import { publishedValues } from './witness';
import type { StoredBatch } from './witness-file';

/** What of the sum tree an inclusion shows beside its account. */
export interface BatchPlace {
  /** sum_b: 48 bytes. */
  readonly sum: Uint8Array;
  readonly path: readonly PathNode[];
}

/** Proves inclusions of one batch (section 9); keeps its account tree. */
export class InclusionProver {
  readonly #layout;
  readonly #manifestDigest: Uint8Array;
  #tree: AccountTree | undefined;

  /** @param open of `rowOpenings` or `batchOpenings` under the manifest's γ */
  constructor(
    manifest: Manifest,
    private readonly stored: StoredBatch,
    private readonly place: BatchPlace,
    private readonly open: OpenRow,
  ) {
    this.#layout = layoutOf(manifest.header);
    this.#manifestDigest = manifestDigest(manifest);
  }

  /** The id in a row, 32 bytes. */
  id(row: number): Uint8Array {
    return this.stored.accounts.ids.slice(ID_BYTES * row, ID_BYTES * (row + 1));
  }

  /**
   * The inclusion proof of the account in a row.
   * @throws SolventError ROW_EMPTY (internal) when there is none
   */
  prove(row: number): Inclusion {
    const { stored, place } = this;
    if (!(row >= 0 && row < stored.accounts.count))
      throw new SolventError('ROW_EMPTY', 'internal', `row ${row} of batch ${stored.batch} holds no account`);
    return {
      manifest: this.#manifestDigest,
      batch: stored.batch,
      row,
      id: this.id(row),
      salt: stored.salts.slice(SALT_BYTES * row, SALT_BYTES * (row + 1)),
      values: publishedValues(this.#layout, stored.accounts, row),
      accountPath: this.#accountTree().path(row),
      sum: place.sum,
      openings: this.open(row),
      path: place.path,
    };
  }

  #accountTree(): AccountTree {
    if (this.#tree) return this.#tree;
    const { accounts, salts, unusedLeaves } = this.stored;
    const leaves = new Uint8Array(HASH_BYTES * accounts.count);
    for (let row = 0; row < accounts.count; row++) {
      const values = encodeValues(publishedValues(this.#layout, accounts, row));
      const salt = salts.subarray(SALT_BYTES * row, SALT_BYTES * (row + 1));
      leaves.set(nativeLeaf(this.id(row), salt, values), HASH_BYTES * row);
    }
    return (this.#tree = nativeAccountTree(leaves, unusedLeaves, RESERVED_LEAVES));
  }
}
