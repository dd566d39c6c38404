import { bitReverse12, ROWS } from '../domain';
import { decodeScalar, SCALAR_BYTES } from '../field';
import type { G1Point, KzgCommitter } from '../kzg';
import { multiScalar } from './multi-scalar';
import { encodePoints } from './points';

/**
 * A committer in pure JavaScript, slow (about a second a full column): a reference for tests of the others.
 * @param lagrangePoints the set-up's 4,096 points of G1 in the order of its file: point i commits to the
 *   column with 1 in row i, 0 elsewhere
 */
export function nobleCommitter(lagrangePoints: readonly G1Point[]): KzgCommitter {
  return {
    name: 'noble',
    commit: (blob) => {
      const scalars = Array.from({ length: ROWS }, (_, row) => {
        const at = bitReverse12(row) * SCALAR_BYTES;
        return decodeScalar(blob.subarray(at, at + SCALAR_BYTES));
      });
      return encodePoints([multiScalar(lagrangePoints, scalars)])[0]!;
    },
  };
}
