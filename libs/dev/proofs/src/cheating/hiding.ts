import { inverse, mod } from '@solvent-por/kzg';

/**
 * Where a cheat finds itself in round 2: its limbs and multiplicities are committed, α is known, and U, which
 * must sum to nothing, sums to `deficit`. It may now change any cell of the helpers and of h_T.
 */
export interface HidingPlace {
  readonly alpha: bigint;
  readonly deficit: bigint;
  /** Π(α + l) over the limbs of group G in an account row. */
  product(G: number, row: number): bigint;
  addToHelper(G: number, row: number, value: bigint): void;
  addToTable(row: number, value: bigint): void;
}

/** Makes U sum to nothing at the price of another constraint. */
export type Hide = (place: HidingPlace) => void;

/** Breaks one group's constraint in one account row. */
export function inHelper(G: number, row: number): Hide {
  return ({ deficit, addToHelper }) => addToHelper(G, row, -deficit);
}

/** Breaks the table's constraint in one account row. */
export function inTable(row: number): Hide {
  return ({ deficit, addToTable }) => addToTable(row, deficit);
}

/** Breaks U's cancelling in one pair of reserved rows. */
export function inReservedRow(row: number): Hide {
  return ({ deficit, addToTable }) => addToTable(row, deficit);
}

/** Breaks two groups' constraints in one row so that they cancel where both have the same power of y. */
export function acrossGroups(G: number, H: number, row: number): Hide {
  return ({ deficit, product, addToHelper }) => {
    // δ_G·Π_G + δ_H·Π_H = 0 and δ_G + δ_H = −deficit
    const ratio = mod(product(H, row) * inverse(product(G, row)));
    const change = mod(-deficit * inverse(1n - ratio));
    addToHelper(H, row, change);
    addToHelper(G, row, -change * ratio);
  };
}

/**
 * Breaks a group's constraint and the table's in one row so that they cancel where both have the same power
 * of y.
 */
export function acrossGroupAndTable(G: number, row: number): Hide {
  return ({ alpha, deficit, product, addToHelper, addToTable }) => {
    // δ·Π_G + ε·(α + t) = 0 and δ − ε = −deficit; t = row
    const ratio = mod(product(G, row) * inverse(alpha + BigInt(row)));
    const change = mod(-deficit * inverse(1n + ratio));
    addToHelper(G, row, change);
    addToTable(row, -change * ratio);
  };
}
