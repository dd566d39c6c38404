import { BN254_R, invert, modulo } from '../field';
import { Grain } from './grain';

/** Rounds in which every element goes through the S-box. */
export const FULL_ROUNDS = 8;
/** Rounds in which the first one does, by number of inputs (1…16): circomlib's. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68] as const;
/** Most inputs of a hash. */
export const MOST_INPUTS = PARTIAL_ROUNDS.length;

/** What Poseidon is for one number of inputs; t is one more. */
export interface PoseidonParameters {
  readonly t: number;
  readonly partialRounds: number;
  /** Round by round, t each. */
  readonly constants: readonly bigint[];
  /** t rows of t. */
  readonly matrix: readonly (readonly bigint[])[];
}

const made = new Map<number, PoseidonParameters>();

/**
 * circomlib's parameters, drawn again as they were the first time (eprint 2019/458, appendix E): libraries
 * carry 640 KB of them. Tests compare them with poseidon-lite's.
 * @param inputs 1…16
 */
export function poseidonParameters(inputs: number): PoseidonParameters {
  const known = made.get(inputs);
  if (known) return known;
  const partialRounds = PARTIAL_ROUNDS[inputs - 1];
  if (partialRounds === undefined) throw new RangeError('Poseidon takes 1 to 16 inputs');
  const t = inputs + 1;
  const grain = new Grain(t, FULL_ROUNDS, partialRounds);
  const constants = Array.from({ length: t * (FULL_ROUNDS + partialRounds) }, () => grain.element());
  const parameters = { t, partialRounds, constants, matrix: cauchy(grain, t) };
  made.set(inputs, parameters);
  return parameters;
}

/** 1/(x_i + y_j) for 2t different numbers. */
function cauchy(grain: Grain, t: number): bigint[][] {
  for (;;) {
    const drawn = Array.from({ length: 2 * t }, () => grain.integer() % BN254_R);
    if (new Set(drawn).size !== drawn.length) continue;
    return drawn.slice(0, t).map((x) => drawn.slice(t).map((y) => invert(modulo(x + y))));
  }
}
