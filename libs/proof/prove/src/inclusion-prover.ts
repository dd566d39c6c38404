import { SolventError, type G1Point, type LowDegreeCommitter } from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  type AccountTree,
  headerDigest,
  HASH_BYTES,
  ID_BYTES,
  layoutOf,
  manifestChallenge,
  manifestDigest,
  SALT_BYTES,
  type Inclusion,
  type Manifest,
  type PathNode,
} from '@solvent/proof/verify';
import { RESERVED_LEAVES } from './batch-prover';
import { foldedRows } from './folded-column';
import { encodeValues, nativeAccountTree, nativeLeaf } from './native-hashes';
import { CELL_ROWS, CELLS } from './openings/polynomials';
import { openRows } from './openings/row-opener';
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
  readonly #gamma: bigint;
  #tree: AccountTree | undefined;

  /**
   * @param quotient C(q) of cell c, 48 bytes: of `cellQuotients`, or `cellQuotient` where few cells are asked for
   */
  constructor(
    manifest: Manifest,
    private readonly stored: StoredBatch,
    private readonly place: BatchPlace,
    private readonly quotient: (c: number) => Uint8Array,
    private readonly low: LowDegreeCommitter,
  ) {
    this.#layout = layoutOf(manifest.header);
    this.#manifestDigest = manifestDigest(manifest);
    this.#gamma = manifestChallenge(manifest, headerDigest(manifest.header));
  }

  /** The id in a row, 32 bytes. */
  id(row: number): Uint8Array {
    return this.stored.accounts.ids.slice(ID_BYTES * row, ID_BYTES * (row + 1));
  }

  /**
   * The inclusion proofs of accounts, in the order of the rows; those of one cell share their work.
   * @throws SolventError ROW_EMPTY when no account is in one of the rows
   */
  prove(rows: readonly number[]): Inclusion[] {
    const { stored } = this;
    for (const row of rows)
      if (!(row >= 0 && row < stored.accounts.count))
        throw new SolventError(
          'ROW_EMPTY',
          'internal',
          `row ${row} of batch ${stored.batch} holds no account`,
        );
    const made = new Map<number, Inclusion>();
    const byCell = new Map<number, number[]>();
    for (const row of new Set(rows)) byCell.set(row % CELLS, [...(byCell.get(row % CELLS) ?? []), row]);
    for (const [c, inCell] of byCell)
      openRows(this.#column(), c, inCell, this.low).forEach((openings, i) =>
        made.set(inCell[i]!, this.#inclusion(inCell[i]!, openings)),
      );
    return rows.map((row) => made.get(row)!);
  }

  #inclusion(row: number, openings: Inclusion['openings']): Inclusion {
    const { stored, place } = this;
    return {
      manifest: this.#manifestDigest,
      batch: stored.batch,
      row,
      id: this.id(row),
      salt: stored.salts.slice(SALT_BYTES * row, SALT_BYTES * (row + 1)),
      values: publishedValues(this.#layout, stored.accounts, row),
      accountPath: this.#accountTree().path(row),
      sum: place.sum,
      openings,
      path: place.path,
    };
  }

  #column() {
    const { stored } = this;
    return {
      cell: (c: number) =>
        foldedRows(
          this.#layout,
          stored,
          this.#gamma,
          Array.from({ length: CELL_ROWS }, (_, m) => c + CELLS * m),
        ),
      quotient: (c: number): G1Point => nativeVerifier().decodePoints([this.quotient(c)])[0]!,
      openingSeed: stored.openingSeed,
      gamma: this.#gamma,
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
