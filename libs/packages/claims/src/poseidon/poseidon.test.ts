import { assert, bigInt, property } from 'fast-check';
import * as lite from 'poseidon-lite';
import { BN254_R } from '../field';
import { poseidon } from './poseidon';

const reference = lite as unknown as Record<string, (inputs: readonly bigint[]) => bigint>;

test.each(Array.from({ length: 16 }, (_, i) => i + 1))(
  'a hash of %i inputs is that of poseidon-lite',
  (inputs) => {
    const hash = reference[`poseidon${inputs}`]!;
    for (const each of [0n, 1n, BN254_R - 1n])
      expect(poseidon(Array<bigint>(inputs).fill(each))).toBe(hash(Array<bigint>(inputs).fill(each)));
    const element = bigInt({ min: 0n, max: BN254_R - 1n });
    assert(
      property(element, element, (a, b) => {
        const list = Array.from({ length: inputs }, (_, i) => (a + b * BigInt(i)) % BN254_R);
        expect(poseidon(list)).toBe(hash(list));
      }),
      { numRuns: 5 },
    );
  },
);

test('what is no element, or too many of them, is refused', () => {
  expect(() => poseidon([BN254_R])).toThrow(RangeError);
  expect(() => poseidon([-1n])).toThrow(RangeError);
  expect(() => poseidon([])).toThrow('1 to 16');
  expect(() => poseidon(Array<bigint>(17).fill(0n))).toThrow('1 to 16');
});
