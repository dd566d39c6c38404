import { concat, ROWS, type FieldKernels, type KzgCommitter, type Vector } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, TABLE_SIZE, type Layout } from '@solvent-por/verifier';
import type { BlindingStream } from '../blinding';
import { RESERVED_ROWS, reservedSums } from '../reserved-rows';
import type { BatchWitness } from '../witness';

/**
 * Limb columns that are given to the committer together: bounded, so that 8,192 of them don't stand in memory
 * twice.
 */
const COLUMNS_AT_ONCE = 512;

/** What the prover keeps of one batch, beside its accounts, to open single rows later (section 9). */
export interface BatchSecrets {
  /** 32 bytes an account. */
  readonly salts: Uint8Array;
  /** Account tree leaves of rows count…4079: 32 bytes each. */
  readonly unusedLeaves: Uint8Array;
  /** What the blinding of the batch's openings is derived from: 32 bytes (section 12). */
  readonly openingSeed: Uint8Array;
  /** Rows 4080…4095 of each published value's column. */
  readonly reservedSums: readonly (readonly bigint[])[];
}

/** A limb column: account rows as 16-bit integers in the kernels' memory, reserved rows apart. */
export interface LimbColumn {
  readonly rows: number;
  readonly reserved: readonly bigint[];
}

/** Everything that is committed before the first challenge. */
export interface WitnessColumns {
  /** Roots of the batches' account trees. */
  readonly accounts: readonly Uint8Array[];
  /** Batch by batch, in each in layout order. */
  readonly limbs: readonly LimbColumn[];
  readonly multiplicity: Vector;
  /** Address of the 2,048 counts behind `multiplicity`. */
  readonly counts: number;
  /** All but the opening seeds, which are drawn last. */
  readonly secrets: readonly Omit<BatchSecrets, 'openingSeed'>[];
}

/** Parts of columns that come from elsewhere. */
export interface ColumnParts {
  /** Root of a batch's account tree. */
  readonly accountsRoot: (used: Uint8Array, unused: Uint8Array) => Uint8Array;
  /** Reserved rows of one batch's limb columns. */
  readonly reservedLimbs: (blinding: BlindingStream) => bigint[][];
}

/** Rows of every column that is committed before the first challenge, blinding included. */
export function witnessColumns(
  kernels: FieldKernels,
  layout: Layout,
  witness: readonly BatchWitness[],
  blinding: BlindingStream,
  parts: ColumnParts,
): WitnessColumns {
  const unusedLeaves = witness.map(({ count }) =>
    concat(...Array.from({ length: ACCOUNT_ROWS - count }, () => blinding.bytes())),
  );
  const accounts = witness.map(({ leaves }, i) => parts.accountsRoot(leaves, unusedLeaves[i]!));

  const counts = new Uint32Array(TABLE_SIZE);
  const limbs: LimbColumn[] = [];
  for (const { limbs: rows } of witness) {
    const reserved = parts.reservedLimbs(blinding);
    rows.forEach((column, c) => {
      const address = kernels.allocateBytes(2 * ACCOUNT_ROWS);
      kernels
        .bytes(address, 2 * ACCOUNT_ROWS)
        .set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
      for (let row = 0; row < ACCOUNT_ROWS; row++) counts[column[row]!]!++;
      limbs.push({ rows: address, reserved: reserved[c]! });
    });
  }
  const countsAddress = kernels.allocateBytes(4 * TABLE_SIZE);
  kernels.bytes(countsAddress, 4 * TABLE_SIZE).set(new Uint8Array(counts.buffer));
  const multiplicity = kernels.allocate(ROWS);
  kernels.multiplicity(multiplicity, countsAddress);
  kernels.load(multiplicity, ACCOUNT_ROWS, blinding.elements(RESERVED_ROWS));

  const secrets = witness.map(({ salts }, i) => ({
    salts,
    unusedLeaves: unusedLeaves[i]!,
    reservedSums: reservedSums(
      layout,
      limbs.slice(i * layout.limbs, (i + 1) * layout.limbs).map(({ reserved }) => reserved),
    ),
  }));
  return { accounts, limbs, multiplicity, counts: countsAddress, secrets };
}

/** All rows of a limb column, written into `target`. */
export function limbColumn(kernels: FieldKernels, { rows, reserved }: LimbColumn, target: Vector): Vector {
  kernels.expandLimbs(target, rows);
  kernels.load(target, ACCOUNT_ROWS, reserved);
  return target;
}

/**
 * Commitments to limb columns, many at once: several times cheaper than one by one, where the committer can.
 */
export function commitSmallLimbs(
  kernels: FieldKernels,
  commitSmall: NonNullable<KzgCommitter['commitSmall']>,
  limbs: readonly LimbColumn[],
): Uint8Array[] {
  const points: Uint8Array[] = [];
  for (let at = 0; at < limbs.length; at += COLUMNS_AT_ONCE)
    points.push(
      ...commitSmall(
        limbs.slice(at, at + COLUMNS_AT_ONCE).map(({ rows, reserved }) => ({
          rows: new Uint16Array(kernels.bytes(rows, 2 * ACCOUNT_ROWS).slice().buffer),
          reserved,
        })),
      ),
    );
  return points;
}
