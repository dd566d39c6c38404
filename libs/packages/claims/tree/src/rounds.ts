import { BN254_R, FULL_ROUNDS, invert, modulo, poseidonParameters } from '@solvent-por/claims';
import { apply, applyFromLeft, inner, multiply, solve, type Matrix, type Vector } from './matrix';

/** A sum that the kernel computes: constant + plus + Σ factor·term. */
export interface Row {
  readonly constant: bigint;
  readonly factors: readonly bigint[];
}

const HALF = FULL_ROUNDS / 2;

/**
 * Poseidon as the kernel computes it (assembly/index.ts), with fewer products than it is written with.
 *
 * *Partial rounds.* The constants of all elements but the first pass a partial round's S-box as they are, so
 * they are pushed forward to the round after the last one. What is left is a linear system with one input and
 * one output: with M = [m, w; v, A], s what stands beside the first element x, and y what the S-box makes of
 * it, x' = m·y + w·s, s' = A·s + v·y. A has t − 1 dimensions, so (Cayley-Hamilton) s can be left out:
 * x_{k+1} = Σ α_i·x_{k+1−i} + Σ β_i·y_{k−i}, with Σ over i = 1…t−1 and 0…t−1. That is one sum a round, reduced
 * once, over a window of what went into the S-box and came out of it. The window before the first partial
 * round is made up: its t last entries such that the outputs to come are those of s. After the last one, s is
 * computed from the window.
 *
 * *Units.* As (x/u)^5 = x^5/u^5, what goes into an S-box may be counted in any unit; it gets the one with which
 * one factor of its sum is 1 (`plus`). The hash itself has the unit 1.
 *
 * @param inputs 1…16
 * @returns `inputs`: what is added to the inputs; `rows` in the order of computation
 */
export function kernelRounds(inputs: number): {
  readonly t: number;
  readonly partialRounds: number;
  readonly inputs: readonly bigint[];
  readonly rows: readonly Row[];
} {
  const { t, partialRounds, matrix } = poseidonParameters(inputs);
  const constants = pushedConstants(inputs);
  const rows: Row[] = [];
  const ones = Array<bigint>(t).fill(1n);

  /** The next S-boxes' inputs, of what these gave in these units; returns the units that they get. */
  const mix = (matrix: Matrix, units: Vector, added: Vector, plus: number): bigint[] =>
    matrix.map((line, i) => {
      const factors = line.map((factor, j) => modulo(factor * units[j]!));
      const unit = factors[plus]!;
      rows.push(
        rowOf(
          added[i]!,
          factors.filter((_, j) => j !== plus),
          unit,
        ),
      );
      return unit;
    });

  // The first input is 0, so the first S-box always gives the same.
  const first = constants[0]![0]! ** 5n % BN254_R;
  const others = matrix.map((line) => line.slice(1));
  const added = (r: number) => constants[r]!.map((x, i) => x + matrix[i]![0]! * (r === 1 ? first : 0n));
  let units = mix(others, ones.slice(1), added(1), 0);
  for (let r = 2; r < HALF; r++) units = mix(matrix, raised(units), added(r), 0);

  const system = new Partial(matrix);
  const own = constants.slice(HALF, HALF + partialRounds + 1).map(([x]) => x!);
  const zeros = Array<bigint>(t - 1).fill(0n);
  const gave = raised(units);
  // The window from the oldest entry, as units. What the first S-box gave last is its entry already; the made
  // up ones before it come of the others.
  const madeUp = multiply(system.start(), matrix).slice(0, t - 2);
  let window = [
    ...zeros,
    ...mix(
      madeUp.map((line) => line.slice(1)),
      gave.slice(1),
      zeros,
      0,
    ),
    gave[0]!,
    ...mix(matrix.slice(0, 1), gave, own, 0),
  ];
  const windowFactors = system.factors();
  for (let k = 0; k < partialRounds; k++) {
    const [y] = raised(window.slice(-1)) as [bigint];
    const unit = modulo(system.beta[0]! * y);
    const constant = own
      .slice(0, k + 1)
      .reduce((sum, c, j) => sum - (system.alpha[k + 1 - j] ?? 0n) * c, own[k + 1]!);
    const factors = windowFactors.map((factor, i) => factor * window[i + 1]!);
    rows.push(rowOf(constant, factors.slice(-Math.min(t + 2 * k, 2 * t - 2)), unit));
    window = [...window.slice(2), y, unit];
  }
  const known = own.slice(-t + 1);
  const end = system.end();
  const shifted = end.map((line, i) =>
    known.reduce((sum, c, j) => sum - line[2 * j + 1]! * c, constants[HALF + partialRounds]![i + 1]!),
  );
  units = [...window.slice(-1), ...mix(end, window.slice(1), shifted, 2 * t - 3)];
  for (let r = HALF + partialRounds + 1; r < FULL_ROUNDS + partialRounds; r++)
    units = mix(matrix, raised(units), constants[r]!, 0);
  const last = raised(units);
  const factors = matrix[0]!.map((factor, j) => factor * last[j]!);
  rows.push(rowOf(0n, factors, 1n));
  return { t, partialRounds, inputs: constants[0]!.slice(1), rows };
}

/** A sum in some unit. */
function rowOf(constant: bigint, factors: Vector, unit: bigint): Row {
  const per = invert(unit);
  return { constant: modulo(constant * per), factors: factors.map((factor) => modulo(factor * per)) };
}

/** Of what the S-box makes of numbers in these units. */
const raised = (units: Vector) => units.map((unit) => unit ** 5n % BN254_R);

/** Round constants, of which partial rounds have those of the first element alone. */
function pushedConstants(inputs: number): bigint[][] {
  const { t, partialRounds, constants, matrix } = poseidonParameters(inputs);
  const rounds = Array.from({ length: FULL_ROUNDS + partialRounds }, (_, r) =>
    constants.slice(t * r, t * (r + 1)),
  );
  for (let r = HALF; r < HALF + partialRounds; r++) {
    const pushed = apply(matrix, [0n, ...rounds[r]!.slice(1)]);
    rounds[r + 1] = rounds[r + 1]!.map((x, i) => modulo(x + pushed[i]!));
  }
  return rounds;
}

/** The partial rounds as one recurrence. */
class Partial {
  /** α_0 (which is not used) … α_{t−1}, β_0 … β_{t−1}. */
  readonly alpha: Vector;
  readonly beta: Vector;
  readonly #t: number;
  readonly #matrix: Matrix;
  /** w·A^i, i = 0…t−1. */
  readonly #observed: Matrix;

  constructor(matrix: Matrix) {
    const t = (this.#t = matrix.length);
    this.#matrix = matrix;
    const inside = matrix.slice(1).map((line) => line.slice(1));
    const observed: bigint[][] = [matrix[0]!.slice(1)];
    for (let i = 1; i < t; i++) observed.push(applyFromLeft(observed[i - 1]!, inside));
    this.#observed = observed;
    // w·A^{t−1} = Σ α_i·w·A^{t−1−i}: what A annuls, annuls all outputs.
    const lines = observed.slice(0, t - 1).reverse();
    const transposed = lines.map((_, j) => lines.map((line) => line[j]!));
    const solved = solve(
      transposed,
      observed[t - 1]!.map((x) => [x]),
    );
    this.alpha = [0n, ...solved.map(([x]) => x!)];
    // Answers to one y: m, w·v, w·A·v, …
    const answers = [matrix[0]![0]!, ...observed.map((line) => inner(line, this.#column()))];
    this.beta = Array.from({ length: t }, (_, i) =>
      modulo(
        answers[i]! - this.alpha.slice(1, i + 1).reduce((sum, a, j) => sum + a * answers[i - 1 - j]!, 0n),
      ),
    );
  }

  /** Of the 2t − 2 entries of the window, from the oldest: y_{k−t+1}, x_{k−t+2}, …, y_{k−1}, x_k. */
  factors(): bigint[] {
    return Array.from({ length: this.#t - 1 }, (_, j) => this.#t - 1 - j).flatMap((age) => [
      this.beta[age]!,
      this.alpha[age]!,
    ]);
  }

  /** The t last entries of the window before the first partial round, of the state there. */
  start(): Matrix {
    const t = this.#t;
    const factors = this.factors();
    const outputs = Array.from({ length: t }, (_, entry) => {
      let window = Array.from({ length: 2 * t - 2 }, (_, i) => BigInt(i === t - 2 + entry));
      return Array.from({ length: t }, (_, i) => {
        if (i > 0) window = [...window.slice(2), 0n, inner(factors, window)];
        return window[2 * t - 3]!;
      });
    });
    const wanted = Array.from({ length: t }, (_, i) =>
      i === 0 ? [1n, ...Array<bigint>(t - 1).fill(0n)] : [0n, ...this.#observed[i - 1]!],
    );
    return solve(
      wanted.map((_, i) => outputs.map((output) => output[i]!)),
      wanted,
    );
  }

  /** What stands beside x after the last partial round, of the window's last 2t − 2 entries. */
  end(): Matrix {
    const t = this.#t;
    const inside = this.#matrix.slice(1).map((line) => line.slice(1));
    const identity = inside.map((_, i) => inside.map((_, j) => (i === j ? 1n : 0n)));
    // x_{k−t+2+i} = w·A^i·s + m·y_{k−t+1+i} + Σ_{j<i} w·A^{i−1−j}·v·y_{k−t+1+j} for s of t − 1 rounds ago.
    const answers = [this.#matrix[0]![0]!, ...this.#observed.map((line) => inner(line, this.#column()))];
    const then = solve(
      this.#observed.slice(0, t - 1),
      identity.map((_, i) =>
        identity.flatMap((_, j) => [j <= i ? modulo(-answers[i - j]!) : 0n, i === j ? 1n : 0n]),
      ),
    );
    let state: bigint[][] = then;
    for (let j = 0; j < t - 1; j++)
      state = multiply(inside, state).map((line, i) =>
        line.map((x, entry) => (entry === 2 * j ? modulo(x + this.#column()[i]!) : x)),
      );
    return state;
  }

  /** v. */
  #column(): Vector {
    return this.#matrix.slice(1).map(([first]) => first!);
  }
}
