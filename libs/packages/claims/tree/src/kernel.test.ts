import { bigInt, assert, property } from 'fast-check';
import { BN254_R, elementBytes, poseidon } from '@solvent-por/claims';
import { concat, fromBytes } from '@solvent-por/kzg';
import { setFlagsFromString } from 'node:v8';
import { fusedForm } from './fused-form';
import { integerForm } from './integer-form';
import { PoseidonKernel } from './kernel';

// Node 20 has relaxed SIMD, but not without this.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const kernels = { integer: new PoseidonKernel(integerForm), fused: new PoseidonKernel(fusedForm) };

/** Hashes of `inputs` elements each, all at once. */
function hashes(kernel: PoseidonKernel, lists: readonly (readonly bigint[])[]): bigint[] {
  const inputs = lists[0]!.length;
  kernel.prepare(inputs);
  const padded = kernel.lanes * Math.ceil(lists.length / kernel.lanes);
  return kernel.borrow(padded * (inputs + 1), (address) => {
    const target = address + 32 * padded * inputs;
    kernel.write(address, concat(...lists.flat().map(elementBytes)));
    kernel.hash(target, address, 32 * inputs, padded, inputs);
    const bytes = kernel.read(target, lists.length);
    return lists.map((_, i) => fromBytes(bytes.subarray(32 * i, 32 * (i + 1))));
  });
}

describe.each(['integer', 'fused'] as const)('in the %s kernel', (name) => {
  const kernel = kernels[name];
  test.each(Array.from({ length: 16 }, (_, i) => i + 1))(
    'hashes of %i inputs are those of poseidon',
    (inputs) => {
      const edges = [0n, 1n, BN254_R - 1n, (1n << 253n) - 1n, (1n << 232n) - 1n];
      const lists = edges.map((edge) => Array<bigint>(inputs).fill(edge));
      expect(hashes(kernel, lists)).toEqual(lists.map(poseidon));
      const element = bigInt({ min: 0n, max: BN254_R - 1n });
      assert(
        property(element, element, (a, b) => {
          const more = [1n, 2n, 3n].map((k) =>
            Array.from({ length: inputs }, (_, i) => (k * a + b * BigInt(i)) % BN254_R),
          );
          expect(hashes(kernel, more)).toEqual(more.map(poseidon));
        }),
        { numRuns: 4 },
      );
    },
  );
});
