import { bigInt, assert, property } from 'fast-check';
import { BN254_R, elementBytes, invert, poseidon } from '@solvent-por/claims';
import { concat, fromBytes } from '@solvent-por/kzg';
import { setFlagsFromString } from 'node:v8';
import { fusedForm } from './fused-form';
import { integerForm } from './integer-form';
import type * as KernelModule from './kernel';
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
  test('numbers at the edges of digits and limbs are entered and left as they are', () => {
    const { radix } = name === 'fused' ? fusedForm : integerForm;
    const bits = name === 'fused' ? 51n : 29n;
    // What stands in Montgomery form in the lowest digit: at the edges of its balanced half, too, where a
    // product's half lies between two integers.
    const digits = [
      0n,
      1n,
      2n ** (bits - 1n) - 1n,
      2n ** (bits - 1n),
      2n ** (bits - 1n) + 1n,
      2n ** bits - 1n,
    ];
    const forms = digits.flatMap((digit) =>
      [0n, 1n, 3n].map((reach) =>
        [0n, 1n, 2n, 3n].reduce((sum, j) => (j <= reach ? sum + (digit << (bits * j)) : sum), 0n),
      ),
    );
    const numbers = [...forms.map((form) => (form * invert(radix)) % BN254_R), BN254_R - 1n, BN254_R - 2n];
    kernel.borrow(numbers.length, (address) => {
      kernel.write(address, concat(...numbers.map(elementBytes)));
      const left = kernel.read(address, numbers.length);
      expect(numbers.map((_, i) => fromBytes(left.subarray(32 * i, 32 * (i + 1))))).toEqual(numbers);
    });
  });

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

describe('what hashes where nobody chose', () => {
  const defaultLanes = () => {
    let lanes = 0;
    jest.isolateModules(() => {
      const { PoseidonKernel: Fresh } = jest.requireActual<typeof KernelModule>('./kernel');
      lanes = new Fresh().lanes;
    });
    return lanes;
  };
  afterEach(() => {
    jest.restoreAllMocks();
    jest.dontMock('./fused-form');
  });

  test('is the integer kernel where the engine has no relaxed SIMD', () => {
    const { validate } = WebAssembly;
    const { length } = Buffer.from(fusedForm.wasm, 'base64');
    jest
      .spyOn(WebAssembly, 'validate')
      .mockImplementation((bytes) => bytes.byteLength !== length && validate(bytes));
    expect(defaultLanes()).toBe(kernels.integer.lanes);
  });

  test('is the integer kernel where the fused one hashes otherwise, as one that rounds twice would', () => {
    jest.doMock('./fused-form', () => ({ fusedForm: { ...fusedForm, radix: fusedForm.radix + 1n } }));
    expect(defaultLanes()).toBe(kernels.integer.lanes);
  });
});
