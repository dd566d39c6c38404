import { createHash } from 'node:crypto';
import { concat, fromBytes, mod, toBytes, u32be } from '@solvent-por/kzg';

/** What a blinding factor of openings is for, as section 12 separates them. */
const [CELL, SUBCELL] = [0x40, 0x08];

/** s of cell c: of all rows equal to c modulo 64 (section 12). */
export function cellBlinding(openingSeed: Uint8Array, gamma: bigint, c: number): bigint {
  return blinding(openingSeed, gamma, CELL, c);
}

/** u of subcell c: of all rows equal to c modulo 512 (section 12). */
export function subcellBlinding(openingSeed: Uint8Array, gamma: bigint, c: number): bigint {
  return blinding(openingSeed, gamma, SUBCELL, c);
}

function blinding(openingSeed: Uint8Array, gamma: bigint, kind: number, c: number): bigint {
  const half = (which: number) =>
    createHash('sha256')
      .update(openingSeed)
      .update(toBytes(gamma))
      .update(Uint8Array.of(kind))
      .update(u32be(c))
      .update(Uint8Array.of(which))
      .digest();
  return mod(fromBytes(concat(half(0), half(1))));
}
