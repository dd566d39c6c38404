import { BN254_R } from '../field';
import { FULL_ROUNDS, poseidonParameters } from './parameters';

/**
 * Poseidon over BN254's scalar field with circomlib's parameters, x^5 (eprint 2019/458): some tenths of a
 * millisecond. What hashes whole batches is `PoseidonKernel` of `@solvent-por/claims/tree`.
 *
 * @param inputs 1…16 integers of 0…r−1
 * @throws RangeError for any other number of them, or a larger one
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  const { t, partialRounds, constants, matrix } = poseidonParameters(inputs.length);
  if (inputs.some((input) => input < 0n || input >= BN254_R))
    throw new RangeError('what is hashed must be in 0…r−1');
  let state = [0n, ...inputs];
  for (let round = 0; round < FULL_ROUNDS + partialRounds; round++) {
    const half = FULL_ROUNDS / 2;
    const full = round < half || round >= half + partialRounds;
    const raised = state.map((x, i) => {
      const y = x + constants[round * t + i]!;
      return full || i === 0 ? fifthPower(y) : y;
    });
    state = matrix.map((row) => row.reduce((sum, m, j) => sum + m * raised[j]!, 0n) % BN254_R);
  }
  return state[0]!;
}

function fifthPower(x: bigint): bigint {
  const square = (x * x) % BN254_R;
  return (((square * square) % BN254_R) * x) % BN254_R;
}
