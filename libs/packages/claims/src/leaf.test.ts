import { fromBytes } from '@solvent-por/kzg';
import { poseidon12, poseidon2, poseidon16, poseidon3, poseidon5, poseidon6 } from 'poseidon-lite';
import { BN254_R, elementBytes, elementOf, invert, modulo } from './field';
import { claimLeaf, claimNode, claimNullifier, climbClaims, pathBit, valueDigests } from './leaf';

const counted = (count: number) => Array.from({ length: count }, (_, i) => BigInt(i + 1));
const id = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const claimKey = Uint8Array.from({ length: 31 }, (_, i) => 255 - i);
const halves = [fromBytes(id.subarray(0, 16)), fromBytes(id.subarray(16))];

test('12 values stand for themselves, more are hashed in runs of 16', () => {
  expect(valueDigests(counted(12))).toEqual(counted(12));
  expect(valueDigests(counted(13))).toEqual([poseidon16([...counted(13), 0n, 0n, 0n])]);
  expect(valueDigests(counted(16))).toEqual([poseidon16(counted(16))]);
  expect(valueDigests(counted(17))).toEqual([
    poseidon16(counted(16)),
    poseidon16([17n, ...Array<bigint>(15).fill(0n)]),
  ]);
  expect(valueDigests(counted(192))).toHaveLength(12);
  expect(valueDigests(counted(193))).toHaveLength(1);
});

test('a leaf is of id, claim key and values, a nullifier of claim key and scope, each in a domain of its own', () => {
  const key = fromBytes(claimKey);
  expect(claimLeaf(id, claimKey, [5n])).toBe(poseidon5([2n, ...halves, key, 5n]));
  expect(claimLeaf(id, claimKey, [5n, 6n])).toBe(poseidon6([2n, ...halves, key, 5n, 6n]));
  expect(claimLeaf(id, claimKey, counted(8))).toBe(poseidon12([2n, ...halves, key, ...counted(8)]));
  expect(claimNullifier(claimKey, id.subarray(0, 31))).toBe(
    poseidon3([3n, key, fromBytes(id.subarray(0, 31))]),
  );
  expect(claimNode(1n, 2n)).toBe(poseidon2([1n, 2n]));
});

test('a path has 28 siblings, on the side that each bit of the place says', () => {
  const path = counted(28);
  const place = 0b1010_0000_0000_0110_0000_0001_0001;
  const root = path.reduce(
    (node, sibling, j) => ((place >> j) & 1 ? poseidon2([sibling, node]) : poseidon2([node, sibling])),
    7n,
  );
  expect(climbClaims(7n, path, place)).toBe(root);
  for (const length of [27, 29]) expect(() => climbClaims(7n, counted(length), place)).toThrow(RangeError);
  expect([0, 1, 26, 27].map((j) => pathBit(2 ** 28 - 2, j))).toEqual([0, 1, 1, 1]);
});

test('elements are 32 bytes, each of one number below the order', () => {
  expect(elementOf(elementBytes(BN254_R - 1n), 'it')).toBe(BN254_R - 1n);
  expect(elementBytes(1n)).toHaveLength(32);
  expect(() => elementOf(elementBytes(BN254_R), 'it')).toThrow(
    expect.objectContaining({ code: 'CLAIM_ELEMENT', kind: 'malformed' }),
  );
  expect([-1n, 0n, BN254_R, BN254_R + 2n, -BN254_R].map(modulo)).toEqual([BN254_R - 1n, 0n, 0n, 2n, 0n]);
  for (const x of [1n, 2n, BN254_R - 1n, BN254_R + 3n, -5n]) expect(modulo(invert(x) * x)).toBe(1n);
  expect(invert(2n)).toBe((BN254_R + 1n) / 2n);
});
