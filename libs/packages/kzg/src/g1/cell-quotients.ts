import { ROWS } from '../domain';
import { inverse, mod, pow } from '../field';
import { GENERATOR } from '../domain';
import { R } from '../field';
import type { FieldKernels, Vector } from '../kernels';
import { Arena } from './arena';
import { bucketSums, buildMultiples, MULTIPLES, STEP } from './bucket-sums';
import { CELL_ROWS, CELLS } from './cell-polynomials';
import { Recoder, windowsOf } from './fixed-bases';
import { COMPRESSED, G1Instance, memoryForTables, POINT, RECODED, SCALAR } from './instance';
import { checkPowers, loadPoints } from './opening-tables';
import { MULTIPLY_BYTES } from './multiples';
import { transformPoints } from './point-transform';
import { PointSums, type PointAddress } from './sums';

/** Frequencies: a convolution of 64 by 64 needs 128. */
const SIZE = 2 * CELLS;
const LEVELS = 7;
/** A root of unity of order 128; its square is ω^64. */
const ROOT = pow(GENERATOR, (R - 1n) / BigInt(SIZE));
const CELL_ROOT = mod(ROOT * ROOT);
const WIDTH = 6;
/** Frequencies summed side by side. */
const GROUP = 16;
/** Digits of 64 scalars. */
const ENTRIES = CELL_ROWS * windowsOf(WIDTH);

/** Tables for CellQuotients; structured-clonable like OpeningTables. */
export interface CellTables {
  readonly memory: WebAssembly.Memory;
  /** 2^(12k) times point (frequency f, residue i), at points + (64·f + i + 8192·k)·112. */
  readonly points: PointAddress;
}

/**
 * Transforms the ceremony's powers of τ for FK20: seconds, once a process, 20 MB. Only where c-kzg is
 * missing, which does the same when it loads.
 * @param powers [τ^0]₁ … [τ^4095]₁, 48 bytes compressed each, one after another
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal)
 */
export function buildCellTables(
  powers: Uint8Array,
  options: { readonly unshared?: boolean } = {},
): CellTables {
  checkPowers(powers);
  const instance = new G1Instance(options.unshared ? undefined : memoryForTables());
  const sums = new PointSums(instance);
  const points = instance.allocate(MULTIPLES * SIZE * CELL_ROWS * POINT);
  const loaded = loadPoints(instance, powers);
  const arena = new Arena(instance, MULTIPLY_BYTES + (SIZE / 2) * CELL_ROWS * POINT + 4096);
  const copies = instance.allocate(SIZE * CELL_ROWS * POINT);
  instance.exports.clearPoints(copies, SIZE * CELL_ROWS);
  // y_n = s_(−1−n mod 128), s_j = [τ^(64j + i)]₁ for j ≤ 62, else infinity: h_m = Σ_k c_k·y_(m−k).
  const lists = Array.from({ length: CELL_ROWS }, (_, i) =>
    Array.from({ length: SIZE }, (__, n) => {
      const place = copies + (n * CELL_ROWS + i) * POINT;
      const j = SIZE - 1 - n;
      if (j < CELLS - 1) instance.bytes(place, POINT).set(instance.bytes(loaded[CELL_ROWS * j + i]!, POINT));
      return place;
    }),
  );
  transformPoints(sums, arena, lists, ROOT).forEach((list, i) =>
    list.forEach((point, f) =>
      instance.bytes(points + (CELL_ROWS * f + i) * POINT, POINT).set(instance.bytes(point, POINT)),
    ),
  );
  buildMultiples(sums, points, SIZE * CELL_ROWS);
  return { memory: instance.memory, points };
}

/**
 * The commitments C(q_c) of section 9 for all 64 cells of a column, p = q_c·(X^64 − ω^(64c)) + ρ_c, by FK20
 * (2023/033, section 3): what computeCellsAndKzgProofs of EIP-7594 gives, in the time of about 7 commitments.
 * One a thread; it keeps 2 MB in the field kernels: make it before any mark that will be released.
 *
 * With p = Σ_k X^(64k)·p_k(X), C(q_c) = Σ_m ω^(64cm)·h_m, h_m = Σ_(k>m) [p_k(τ)·τ^(64(k−1−m))]₁: a
 * convolution over k for each of the 64 residues of the power, done by transforms, and then a transform of
 * the h_m.
 */
export class CellQuotients {
  private readonly instance: G1Instance;
  private readonly sums: PointSums;
  private readonly recoder: Recoder;
  private readonly arena: Arena;
  private readonly recoded: number;
  private readonly rows: number;
  private readonly places: PointAddress;
  private readonly twiddles: readonly Vector[];

  constructor(
    private readonly tables: CellTables,
    private readonly kernels: FieldKernels,
  ) {
    this.instance = new G1Instance(tables.memory);
    this.sums = new PointSums(this.instance);
    this.recoder = new Recoder(this.instance);
    const scalars = SIZE * CELL_ROWS;
    this.recoded = this.instance.allocate(scalars * RECODED);
    this.rows = this.instance.allocate(4 * scalars);
    this.instance.words(this.rows, scalars).set(Uint32Array.from({ length: scalars }, (_, i) => i));
    this.places = this.instance.allocate(SIZE * POINT);
    this.arena = new Arena(
      this.instance,
      Math.max(GROUP * ENTRIES * (4 + POINT / 2) + 2 ** 20, scalars * SCALAR, MULTIPLY_BYTES + 2 ** 16),
    );
    this.twiddles = Array.from({ length: LEVELS }, (_, level) => {
      const half = 2 ** level;
      const powers = Array.from({ length: half }, (__, t) => pow(ROOT, BigInt((SIZE / 2 / half) * t)));
      const vector = kernels.allocate(scalars);
      kernels.load(
        vector,
        0,
        Array.from({ length: scalars }, (__, i) => {
          const k = Math.floor(i / CELL_ROWS) % (2 * half);
          return k < half ? 1n : powers[k - half]!;
        }),
      );
      return vector;
    });
  }

  /**
   * @param column p on its 4,096 rows, natural order, in the kernels' memory; left as it is
   * @returns C(q_c), c = 0…63: 48 bytes each, compressed
   */
  quotients(column: Vector): Uint8Array {
    const { instance, sums, arena, kernels } = this;
    const mark = kernels.mark();
    const spectrum = kernels.readLittleEndian(this.spectrum(column), 0, SIZE * CELL_ROWS);
    kernels.release(mark);
    arena.reset();
    this.recoder.recode(this.recoded, spectrum, WIDTH, arena.take(spectrum.length));
    for (let f = 0; f < SIZE; f += GROUP) {
      arena.reset();
      this.frequencies(f).forEach((point, k) =>
        instance.bytes(this.places + (f + k) * POINT, POINT).set(instance.bytes(point, POINT)),
      );
    }
    arena.reset();
    const all = Array.from({ length: SIZE }, (_, f) => this.places + f * POINT);
    const [h] = transformPoints(sums, arena, [all], inverse(ROOT));
    // h_63 is infinity.
    const [quotients] = transformPoints(sums, arena, [h!.slice(0, CELLS)], CELL_ROOT);
    return sums.compress(quotients!, arena.take((4 + COMPRESSED) * CELLS));
  }

  /** Sums over the residues for frequencies first … first + GROUP − 1. */
  private frequencies(first: number): PointAddress[] {
    const { exports } = this.instance;
    return bucketSums(this.sums, this.arena, GROUP, WIDTH, (k, entries, slots) => {
      const at = (first + k) * CELL_ROWS;
      exports.scalarDigits(
        entries,
        slots,
        this.recoded + at * RECODED,
        this.rows + 4 * at,
        CELL_ROWS,
        WIDTH,
        windowsOf(WIDTH),
        STEP / WIDTH,
        this.tables.points,
        SIZE * CELL_ROWS,
      );
    });
  }

  /** [f][i]: the transform over k of coefficients 64k + i, divided by 128. */
  private spectrum(column: Vector): Vector {
    const { kernels } = this;
    const values = kernels.allocate(ROWS);
    // The coefficients are the transform read backwards, over n.
    kernels.evaluate(values, column);
    kernels.scale(values, values, mod(inverse(BigInt(ROWS)) * inverse(BigInt(SIZE))), ROWS);
    const work = kernels.allocate(SIZE * CELL_ROWS);
    kernels.fill(work, SIZE * CELL_ROWS, 0n);
    for (let coefficient = 0; coefficient < ROWS; coefficient++) {
      const [k, i] = [Math.floor(coefficient / CELL_ROWS), coefficient % CELL_ROWS];
      const target = kernels.at(work, reversed7(k) * CELL_ROWS + i);
      kernels.copy(target, kernels.at(values, (ROWS - coefficient) % ROWS), 1);
    }
    const block = kernels.allocate(ROWS);
    this.twiddles.forEach((twiddles, level) => {
      kernels.multiply(work, work, twiddles, SIZE * CELL_ROWS);
      const half = 2 ** level * CELL_ROWS;
      for (let start = 0; start < SIZE * CELL_ROWS; start += 2 * half) {
        const [a, b] = [kernels.at(work, start), kernels.at(work, start + half)];
        kernels.add(block, a, b, half);
        kernels.subtract(b, a, b, half);
        kernels.copy(a, block, half);
      }
    });
    return work;
  }
}

function reversed7(k: number): number {
  let reverse = 0;
  for (let bit = 0; bit < LEVELS; bit++) reverse |= ((k >> bit) & 1) << (LEVELS - 1 - bit);
  return reverse;
}
