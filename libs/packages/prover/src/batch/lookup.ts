import { mod, ROWS, type FieldKernels, type Vector } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, GROUP_SIZE, TABLE_SIZE } from '@solvent-por/verifier';
import type { BlindingStream } from '../blinding';
import { RESERVED_ROWS } from '../reserved-rows';
import type { WitnessColumns } from './columns';

/** What is committed between the first two challenges. */
export interface LookupColumns {
  /** 1/(α + t) − 1/α for t = 0…2047. */
  readonly terms: Vector;
  /** Reserved rows of each h_G; account rows follow from the limbs. */
  readonly helpers: readonly (readonly bigint[])[];
  readonly table: Vector;
}

/** h_G and h_T of the lookup argument (section 7, round 2). */
export function lookupColumns(
  kernels: FieldKernels,
  witness: WitnessColumns,
  groups: number,
  alpha: bigint,
  blinding: BlindingStream,
): LookupColumns {
  const terms = kernels.allocate(TABLE_SIZE);
  kernels.lookupTerms(terms, alpha);
  const reservedSum = new Array<bigint>(RESERVED_ROWS).fill(0n);
  const helpers = Array.from({ length: groups }, () => {
    const reserved = blinding.elements(RESERVED_ROWS);
    reserved.forEach((value, row) => (reservedSum[row] = mod(reservedSum[row]! + value)));
    return reserved;
  });
  const table = kernels.allocate(ROWS);
  kernels.tableHelper(table, terms, witness.counts);
  const reservedTable: bigint[] = [];
  for (let row = 0; row < RESERVED_ROWS; row += 2) {
    const value = blinding.element();
    reservedTable.push(value, mod(reservedSum[row]! - value + reservedSum[row + 1]!));
  }
  kernels.load(table, ACCOUNT_ROWS, reservedTable);
  return { terms, helpers, table };
}

/**
 * All rows of a helper column, written into `target`: cheaper to make again than to keep, where there are
 * thousands.
 */
export function helperColumn(
  kernels: FieldKernels,
  witness: WitnessColumns,
  lookup: LookupColumns,
  G: number,
  target: Vector,
): Vector {
  const members = witness.limbs.slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1));
  kernels.helper(
    target,
    lookup.terms,
    members.map(({ rows }) => rows),
  );
  kernels.load(target, ACCOUNT_ROWS, lookup.helpers[G]!);
  return target;
}

/**
 * The columns of a proof that are committed before the quotient. Limbs and helpers are made when they are
 * used, into a vector of the caller's.
 */
export interface ColumnReaders {
  readonly witness: WitnessColumns;
  readonly lookup: LookupColumns;
  readonly limb: (index: number, target: Vector) => Vector;
  readonly helper: (G: number, target: Vector) => Vector;
}

/** U = Σ h_G − h_T. */
export function lookupSum(kernels: FieldKernels, { lookup, helper }: ColumnReaders): Vector {
  const [u, column] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
  kernels.fill(u, ROWS, 0n);
  lookup.helpers.forEach((_, G) => kernels.add(u, u, helper(G, column), ROWS));
  kernels.subtract(u, u, lookup.table, ROWS);
  return u;
}
