// Columns of the range check (section 7): what they hold in the account rows; reserved rows are left alone.
import { add, load4, multiply, reduceSmall } from './generated/arithmetic';
import { ELEMENT } from './layout';
import { A, B, C, enter, loadRow, storeRow } from './vectors';

const ACCOUNT_ROWS: usize = 4080;
const TABLE: usize = 2048;

// @ts-ignore: decorator
@inline
function limb(limbs: usize, row: usize): usize {
  return <usize>load<u16>(limbs + 2 * row);
}

/** The OR of 4,080 limbs: the host checks that it is below 2048 before any of them indexes a table. */
export function limbsUnion(limbs: usize): u32 {
  let union: u32 = 0;
  for (let row: usize = 0; row < ACCOUNT_ROWS; row++) union |= <u32>limb(limbs, row);
  return union;
}

/** 0, 1, … 2047 as elements. */
export function integers(table: usize): void {
  memory.fill(table, 0, TABLE * ELEMENT);
  for (let i: usize = 0; i < TABLE; i++) store<u32>(table + i * ELEMENT, <u32>i);
  enter(table, TABLE);
}

/** column = table[limb], account rows. */
export function expandLimbs(column: usize, table: usize, limbs: usize): void {
  for (let row: usize = 0; row < ACCOUNT_ROWS; row++) {
    const source = table + limb(limbs, row) * ELEMENT;
    const target = column + row * ELEMENT;
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
  }
}

// @ts-ignore: decorator
@inline
function gather(out: usize, terms: usize, limbs: usize, row: usize): void {
  load4(
    out,
    terms + limb(limbs, row) * ELEMENT,
    terms + limb(limbs, row + 1) * ELEMENT,
    terms + limb(limbs, row + 2) * ELEMENT,
    terms + limb(limbs, row + 3) * ELEMENT,
  );
}

/** column = Σ terms[limb] over one to three limb columns (0 where there is none), account rows. */
export function helper(column: usize, terms: usize, limbs0: usize, limbs1: usize, limbs2: usize): void {
  for (let row: usize = 0; row < ACCOUNT_ROWS; row += 4) {
    gather(C, terms, limbs0, row);
    if (limbs1) {
      gather(A, terms, limbs1, row);
      add(C, C, A);
    }
    if (limbs2) {
      gather(B, terms, limbs2, row);
      add(C, C, B);
    }
    reduceSmall(C, C);
    storeRow(C, column + row * ELEMENT);
  }
}

/** column = counts (u32 each) in rows 1 … 2047, 0 in the other account rows. */
export function multiplicity(column: usize, counts: usize): void {
  memory.fill(column, 0, ACCOUNT_ROWS * ELEMENT);
  for (let row: usize = 1; row < TABLE; row++) store<u32>(column + row * ELEMENT, load<u32>(counts + 4 * row));
  enter(column, TABLE);
}

/** column = counts · terms in rows 1 … 2047, 0 in the other account rows. */
export function tableHelper(column: usize, terms: usize, counts: usize): void {
  multiplicity(column, counts);
  for (let row: usize = 0; row < TABLE; row += 4) {
    loadRow(A, column + row * ELEMENT);
    loadRow(B, terms + row * ELEMENT);
    multiply(C, A, B);
    storeRow(C, column + row * ELEMENT);
  }
}
