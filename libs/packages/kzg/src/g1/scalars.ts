import { R } from '../field';
import { SCALAR } from './instance';

/**
 * Scalars as the G1 kernels read them: 32 bytes little-endian each.
 * @throws RangeError for one that is not in 0…r−1
 */
export function littleEndian(scalars: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(scalars.length * SCALAR);
  const view = new DataView(bytes.buffer);
  scalars.forEach((scalar, i) => {
    if (scalar < 0n || scalar >= R) throw new RangeError('a scalar must be in 0…r−1');
    for (let word = 0; word < 4; word++)
      view.setBigUint64(i * SCALAR + 8 * word, BigInt.asUintN(64, scalar >> BigInt(64 * word)), true);
  });
  return bytes;
}
