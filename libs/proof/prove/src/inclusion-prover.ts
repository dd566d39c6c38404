import {
  fromBytes,
  hexBytes,
  inverses,
  mod,
  ROWS,
  rowPoint,
  SolventError,
  type FieldKernels,
  type KzgCommitter,
  type Vector,
} from '@solvent/algebra';
import {
  accountTag,
  headerDigest,
  ID_BYTES,
  inclusionChallenge,
  layoutOf,
  manifestDigest,
  SALT_BYTES,
  type Inclusion,
  type Manifest,
  type PathNode,
} from '@solvent/proof/verify';
import { concat } from '@solvent/algebra';
import { sumColumns } from './sum-columns';
import { amountAt, nativeTag, tagRows } from './witness';
import type { StoredBatch } from './witness-file';

/** What of the sum tree an inclusion shows beside its account. */
export interface BatchPlace {
  readonly tag: Uint8Array;
  readonly sums: readonly Uint8Array[];
  readonly path: readonly PathNode[];
}

/** Opens rows of one batch (section 9); keeps the batch's columns in the kernels' memory until `release`. */
export class InclusionProver {
  readonly #mark: number;
  readonly #tags: Vector;
  readonly #sums: readonly Vector[];
  readonly #layout;
  readonly #digest: Uint8Array;
  readonly #manifestDigest: Uint8Array;

  constructor(
    private readonly manifest: Manifest,
    private readonly stored: StoredBatch,
    private readonly place: BatchPlace,
    private readonly kernels: FieldKernels,
    private readonly committer: KzgCommitter,
  ) {
    this.#layout = layoutOf(manifest.header);
    this.#digest = headerDigest(manifest.header);
    this.#manifestDigest = manifestDigest(manifest);
    this.#mark = kernels.mark();
    this.#tags = kernels.allocate(ROWS);
    const { accounts, salts, unusedTags, reservedTags } = stored;
    const used = concat(
      ...Array.from({ length: accounts.count }, (_, row) => nativeTag(this.id(row), salt(salts, row))),
    );
    kernels.loadBytes(this.#tags, 0, tagRows({ used, unused: unusedTags }, reservedTags));
    this.#sums = sumColumns(kernels, this.#layout, stored);
  }

  /** The id in a row, 32 bytes. */
  id(row: number): Uint8Array {
    return this.stored.accounts.ids.subarray(ID_BYTES * row, ID_BYTES * (row + 1));
  }

  /**
   * The inclusion proof of the account in a row.
   * @throws SolventError ROW_EMPTY when no account is there
   */
  prove(row: number): Inclusion {
    const { manifest, stored, place } = this;
    if (!(row >= 0 && row < stored.accounts.count))
      throw new SolventError('ROW_EMPTY', 'internal', `row ${row} of batch ${stored.batch} holds no account`);
    const inputs = Array.from({ length: this.#layout.inputs }, (_, v) =>
      amountAt(stored.accounts.amounts, row * this.#layout.inputs + v),
    );
    const values = this.#layout.published.map(({ form }) =>
      form.terms.reduce((sum, { base, coefficient }) => sum + coefficient * inputs[base]!, 0n),
    );
    const id = this.id(row).slice();
    const accountSalt = salt(stored.salts, row).slice();
    const parts = {
      batch: stored.batch,
      row,
      values,
      commitments: { tag: place.tag, sums: place.sums },
    };
    const tag = accountTag(id, accountSalt);
    return {
      ...parts,
      header: manifest.header,
      batchCount: manifest.batchCount,
      id,
      salt: accountSalt,
      opening: this.#open(row, fromBytes(tag), values, inclusionChallenge(parts, this.#digest, tag)),
      path: place.path,
      totals: manifest.totals.map(BigInt),
      totalsOpening: hexBytes(manifest.totalsOpening, 48),
      manifest: this.#manifestDigest,
    };
  }

  release(): void {
    this.kernels.release(this.#mark);
  }

  /** Opening of tag + Σ γ^(v+1)·sums at ω^row (EIP-4844, compute_quotient_eval_within_domain for the row itself). */
  #open(row: number, tag: bigint, values: readonly bigint[], gamma: bigint): Uint8Array {
    const { kernels } = this;
    const mark = kernels.mark();
    const folded = kernels.allocate(ROWS);
    kernels.copy(folded, this.#tags, ROWS);
    let [weight, value] = [1n, tag];
    this.#sums.forEach((column, v) => {
      weight = mod(weight * gamma);
      value = mod(value + weight * values[v]!);
      kernels.addScaled(folded, column, weight, ROWS);
    });

    // 1/(ω^i − ω^row) = ω^(−row)·D[i − row], D[j] = 1/(ω^j − 1): one table serves all rows.
    const table = rowDifferences();
    const differences = kernels.allocate(ROWS);
    const points = kernels.allocate(ROWS);
    kernels.loadBytes(differences, row, table.differences.subarray(0, 32 * (ROWS - row)));
    kernels.loadBytes(differences, 0, table.differences.subarray(32 * (ROWS - row)));
    kernels.loadBytes(points, row, table.points.subarray(0, 32 * (ROWS - row)));
    kernels.loadBytes(points, 0, table.points.subarray(32 * (ROWS - row)));
    kernels.openingQuotient(folded, folded, value, differences);
    kernels.scale(folded, folded, rowPoint(-row), ROWS);
    // q_row = −Σ q_i·ω^(i − row), over i ≠ row.
    kernels.load(folded, row, [mod(-kernels.dot(folded, points, ROWS))]);
    const opening = this.committer.commit(kernels.blob(folded));
    kernels.release(mark);
    return opening;
  }
}

function salt(salts: Uint8Array, row: number): Uint8Array {
  return salts.subarray(SALT_BYTES * row, SALT_BYTES * (row + 1));
}

let cached: { readonly differences: Uint8Array; readonly points: Uint8Array } | undefined;

/** D[j] = 1/(ω^j − 1), D[0] = 0, and ω^j: 32 bytes each, big-endian. */
function rowDifferences(): { readonly differences: Uint8Array; readonly points: Uint8Array } {
  if (!cached) {
    const rows = Array.from({ length: ROWS }, (_, j) => rowPoint(j));
    const differences = [0n, ...inverses(rows.slice(1).map((x) => mod(x - 1n)))];
    cached = { differences: encode(differences), points: encode(rows) };
  }
  return cached;
}

function encode(values: readonly bigint[]): Uint8Array {
  const hex = values.map((x) => x.toString(16).padStart(64, '0')).join('');
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
