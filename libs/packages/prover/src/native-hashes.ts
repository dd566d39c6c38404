import { createHash } from 'node:crypto';
import { concat } from '@solvent-por/kzg';
import { AccountTree } from '@solvent-por/verifier';

const [LEAF, NODE] = [Uint8Array.of(3), Uint8Array.of(4)];

/**
 * The same as `accountLeaf`, several times faster where thousands are needed at once.
 * @param values 32 bytes each
 */
export function nativeLeaf(id: Uint8Array, salt: Uint8Array, values: Uint8Array): Uint8Array {
  return createHash('sha256').update(LEAF).update(id).update(salt).update(values).digest();
}

/**
 * A batch's account tree from the leaves of its account rows; those of reserved rows are zero (section 5).
 */
export function nativeAccountTree(used: Uint8Array, unused: Uint8Array, reserved: Uint8Array): AccountTree {
  return new AccountTree(concat(used, unused, reserved), (siblings) =>
    createHash('sha256').update(NODE).update(siblings).digest(),
  );
}

/** Published values as a leaf takes them: 32 bytes each, big-endian. @param values below 2^96 */
export function encodeValues(values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, v) => {
    for (let word = 0; word < 3; word++)
      view.setUint32(32 * v + 28 - 4 * word, Number((value >> BigInt(32 * word)) & 0xffffffffn));
  });
  return bytes;
}
