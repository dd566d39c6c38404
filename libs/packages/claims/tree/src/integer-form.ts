import { BN254_R } from '@solvent-por/claims';
import { POSEIDON_WASM } from './generated/poseidon';
import { writePairs, type KernelForm } from './kernel-form';

const LIMBS = 9;
const LIMB_BITS = 29n;
const LIMB_MASK = (1n << LIMB_BITS) - 1n;
const QUAD_BYTES = 144;
const RADIX = (1n << 261n) % BN254_R;

/** Nine limbs of 29 bits, four lanes (assembly/integer.mjs): runs wherever there is SIMD. */
export const integerForm: KernelForm = {
  wasm: POSEIDON_WASM,
  radix: RADIX,
  constant: words,
  initial: (x) => words((x * RADIX) % BN254_R),
  writeFixed(memory, layout) {
    const quad = (address: number, x: bigint): void =>
      limbs(x).forEach((limb, j) => new Uint32Array(memory, address + 16 * j, 4).fill(Number(limb)));
    writePairs(memory, layout['MASK64']!, [LIMB_MASK]);
    new Uint32Array(memory, layout['MASK32']!, 4).fill(Number(LIMB_MASK));
    quad(layout['COMPLEMENT']!, (1n << 261n) - BN254_R);
    writePairs(
      memory,
      layout['BIAS']!,
      limbs(BN254_R).map((limb, j) => limb + (j < LIMBS - 1 ? 1n << LIMB_BITS : 0n) - (j > 0 ? 1n : 0n)),
    );
    quad(layout['MULTIPLES']! + 4 * QUAD_BYTES, BN254_R);
    quad(layout['INTEGER_ONE']!, 1n);
    quad(layout['ENTER']!, (RADIX * RADIX) % BN254_R);
  },
};

function words(x: bigint): Uint8Array {
  return new Uint8Array(Uint32Array.from(limbs(x), Number).buffer);
}

/** The lowest first; the top one takes the rest. */
function limbs(x: bigint): bigint[] {
  return Array.from({ length: LIMBS }, (_, j) =>
    j === LIMBS - 1 ? x >> (LIMB_BITS * 8n) : (x >> (LIMB_BITS * BigInt(j))) & LIMB_MASK,
  );
}
