import { ROWS } from '../domain';
import { mod } from '../field';
import type { FieldKernels, Vector } from '../kernels';
import { Arena } from './arena';
import { CELLS, ownQuotient, rowQuotients, SUBCELLS } from './cell-polynomials';
import { Recoder, windowsOf, type FixedBases } from './fixed-bases';
import { COMPRESSED, G1Instance, POINT, RECODED, SCALAR } from './instance';
import {
  CELL_SUBCELLS,
  OpeningPolynomials,
  ROW_COEFFICIENTS,
  SUBCELL_COEFFICIENTS,
  SUBCELL_ROOT,
  subcellShifts,
  type BatchQuotients,
} from './opening-polynomials';
import { MULTIPLY_BYTES } from './multiples';
import { readPoints, type OpeningTables } from './opening-tables';
import { transformPoints } from './point-transform';
import { littleEndian } from './scalars';
import { PointSums, type PointAddress } from './sums';

/** What rows of one batch share of their openings: 48 bytes a point, compressed. */
export interface SharedOpenings {
  /** π64 of cell c = row mod 64 at 48·c. */
  readonly cells: Uint8Array;
  /** π8 of subcell row mod 512. */
  readonly subcells: Uint8Array;
}

/** Openings of all rows of one batch. */
export interface BatchOpenings extends SharedOpenings {
  /** π1 of row i at 48·i, 4,096 of them (those of the reserved rows are true openings too, and nobody's). */
  readonly rows: Uint8Array;
}

/** Blinding of section 12, in 0…r−1. */
export interface OpeningBlinding {
  /** s of the 64 cells. */
  readonly cells: readonly bigint[];
  /** u of the 512 subcells. */
  readonly subcells: readonly bigint[];
}

/** Coefficients of all subcells' openings before the transform, and how many of each power. */
const SUBCELL_COUNTS = Array.from({ length: SUBCELL_COEFFICIENTS }, (_, j) => CELLS * subcellShifts(j));
const SUBCELL_SCALARS = SUBCELL_COUNTS.reduce((sum, count) => sum + count, 0);

/** Entries of the three sums of one row, and the additions' places. */
const TREE_ENTRIES = 4096;

/**
 * Makes the three openings of section 9 from a batch's column p_b and the 64 cell quotients C(q_c). One a
 * thread: its workspace and scratch (4 MB) lie on the tables' memory, and its field tables in the kernels'
 * memory: make it before any mark that will be released.
 */
export class AccountOpener {
  private readonly instance: G1Instance;
  private readonly sums: PointSums;
  private readonly recoder: Recoder;
  private readonly polynomials: OpeningPolynomials;
  private readonly recoded: number;
  private readonly scratch: number;
  private readonly arena: Arena;
  private readonly cells: PointAddress;
  private readonly subcells: PointAddress;
  private readonly rows: PointAddress;

  constructor(
    private readonly tables: OpeningTables,
    private readonly kernels: FieldKernels,
  ) {
    this.instance = new G1Instance(tables.memory);
    this.sums = new PointSums(this.instance);
    this.recoder = new Recoder(this.instance);
    this.polynomials = new OpeningPolynomials(kernels);
    const scalars = Math.max(ROW_COEFFICIENTS * ROWS, SUBCELL_SCALARS);
    this.recoded = this.instance.allocate(scalars * RECODED);
    this.cells = this.instance.allocate(2 * CELLS * POINT);
    this.subcells = this.instance.allocate(SUBCELLS * POINT);
    this.rows = this.instance.allocate(ROWS * POINT);
    this.scratch = this.instance.allocate(
      Math.max(scalars * SCALAR, 4 * TREE_ENTRIES + (TREE_ENTRIES / 2) * POINT),
    );
    this.arena = new Arena(this.instance, MULTIPLY_BYTES + (SUBCELLS / 2) * POINT);
  }

  /**
   * All openings of a batch (section 9, "The prover").
   * @param column p_b on its 4,096 rows, natural order, in the kernels' memory; left as it is
   * @param quotients C(q_c) of cells 0…63, 48 bytes each (CellQuotients)
   */
  openBatch(column: Vector, quotients: Uint8Array, blinding: OpeningBlinding): BatchOpenings {
    return this.withPolynomials(column, blinding, ({ subcells, rows }) => ({
      cells: this.openCells(quotients, blinding.cells),
      subcells: this.openSubcells(subcells),
      rows: this.openRows(
        this.kernels.readLittleEndian(rows, 0, ROW_COEFFICIENTS * ROWS),
        littleEndian(blinding.subcells),
      ),
    }));
  }

  /** π64 and π8 of a batch, as openBatch(): with them, `openOwn` makes the rest of a row. */
  openShared(column: Vector, quotients: Uint8Array, blinding: OpeningBlinding): SharedOpenings {
    return this.withPolynomials(column, blinding, ({ subcells }) => ({
      cells: this.openCells(quotients, blinding.cells),
      subcells: this.openSubcells(subcells),
    }));
  }

  private withPolynomials<R>(
    column: Vector,
    { cells, subcells }: OpeningBlinding,
    use: (quotients: BatchQuotients) => R,
  ): R {
    const mark = this.kernels.mark();
    try {
      return use(this.polynomials.quotients(column, cells, subcells));
    } finally {
      this.kernels.release(mark);
    }
  }

  /**
   * π1 of one row from its subcell alone; a quarter of a millisecond.
   * @param values p_b at the rows row mod 512, + 512, + 1024, … (8 of them, 0…r−1)
   * @param u blinding of the row's subcell
   * @returns 48 bytes
   */
  openOwn(values: readonly bigint[], row: number, u: bigint): Uint8Array {
    const { sums, tables } = this;
    const [entries, places] = [this.scratch, this.scratch + 4 * TREE_ENTRIES];
    const own = ownQuotient(values, row, u);
    const length = this.entriesOf(entries, tables.rows, own.slice(0, ROW_COEFFICIENTS));
    const blind = this.entriesOf(
      entries + 4 * length,
      tables.cells,
      own.slice(ROW_COEFFICIENTS),
      ROW_COEFFICIENTS,
    );
    return sums.compress(sums.totals(entries, [0, length + blind], places), this.recoded);
  }

  /**
   * The openings of one row from its cell alone; about a millisecond.
   * @param values p_b at the rows row mod 64, + 64, + 128, … (64 of them, 0…r−1)
   * @param quotient C(q_c) of that cell, 48 bytes
   * @param s blinding of the row's cell (row mod 64)
   * @param u and of its subcell (row mod 512)
   * @returns π64, π8, π1, 48 bytes each
   */
  openRow(
    values: readonly bigint[],
    row: number,
    quotient: Uint8Array,
    s: bigint,
    u: bigint,
  ): [Uint8Array, Uint8Array, Uint8Array] {
    const { instance, sums, tables } = this;
    const { subcell, row: own } = rowQuotients(values, row, s, u);
    this.readQuotients(quotient);
    const entries = this.scratch;
    const places = entries + 4 * TREE_ENTRIES;
    const starts: number[] = [];
    let length = 0;
    const append = (bases: FixedBases, scalars: readonly bigint[], first = 0): void => {
      length += this.entriesOf(entries + 4 * length, bases, scalars, first);
    };
    starts.push(length);
    instance.words(entries, 1)[0] = this.cells;
    length++;
    append(tables.cells, [mod(-s)]);
    starts.push(length);
    append(tables.cells, subcell);
    starts.push(length);
    append(tables.rows, own.slice(0, ROW_COEFFICIENTS));
    append(tables.cells, own.slice(ROW_COEFFICIENTS), ROW_COEFFICIENTS);
    const heads = this.sums.totals(entries, [...starts, length], places);
    const points = sums.compress(heads, this.recoded);
    return [0, 1, 2].map((i) => points.slice(COMPRESSED * i, COMPRESSED * (i + 1))) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
  }

  /** Entries of Σ scalars[i]·[τ^(first + i)]₁; returns how many. */
  private entriesOf(entries: number, bases: FixedBases, scalars: readonly bigint[], first = 0): number {
    this.recoder.recode(this.recoded, littleEndian(scalars), bases.width, this.scratch + 4 * TREE_ENTRIES);
    return this.instance.exports.tableEntries(
      entries,
      this.recoded,
      scalars.length,
      bases.width,
      windowsOf(bases.width),
      tableOf(bases, first, 0),
    );
  }

  /** π64 = C(q) − s·[1]₁. */
  private openCells(quotients: Uint8Array, s: readonly bigint[]): Uint8Array {
    this.readQuotients(quotients);
    const blinds = this.cells + CELLS * POINT;
    this.instance.exports.clearPoints(blinds, CELLS);
    this.accumulate(blinds, littleEndian(s), this.tables.cells, [{ power: 0, count: CELLS }]);
    const points = listOf(this.cells, CELLS);
    this.sums.add(points.map((point, c) => [point, point, (blinds + c * POINT) | 1]));
    return this.sums.compress(points, this.scratch);
  }

  /**
   * A cell's eight openings are a transform of eight points, which take half as many additions as they would.
   */
  private openSubcells(coefficients: Vector): Uint8Array {
    const { arena, sums } = this;
    const scalars = this.kernels.readLittleEndian(coefficients, 0, SUBCELL_SCALARS);
    this.instance.exports.clearPoints(this.subcells, SUBCELLS);
    const powers = SUBCELL_COUNTS.map((count, power) => ({ power, count }));
    this.accumulate(this.subcells, scalars, this.tables.cells, powers);
    const parts = listOf(this.subcells, SUBCELLS);
    const lists = Array.from({ length: CELLS }, (_, c) =>
      Array.from({ length: CELL_SUBCELLS }, (__, m) => parts[c + CELLS * m]!),
    );
    arena.reset();
    const opened = transformPoints(sums, arena, lists, SUBCELL_ROOT);
    return sums.compress(
      parts.map((_, d) => opened[d % CELLS]![Math.floor(d / CELLS)]!),
      this.scratch,
    );
  }

  /** The top coefficient, u, is its subcell's: u·[τ^7]₁ is made once for eight rows. */
  private openRows(scalars: Uint8Array, u: Uint8Array): Uint8Array {
    const { instance } = this;
    instance.exports.clearPoints(this.subcells, SUBCELLS);
    this.accumulate(this.subcells, u, this.tables.cells, [{ power: ROW_COEFFICIENTS, count: SUBCELLS }]);
    const size = SUBCELLS * POINT;
    for (let start = 0; start < ROWS * POINT; start += size)
      instance.bytes(this.rows + start, size).set(instance.bytes(this.subcells, size));
    const powers = Array.from({ length: ROW_COEFFICIENTS }, (_, power) => ({ power, count: ROWS }));
    this.accumulate(this.rows, scalars, this.tables.rows, powers);
    return this.sums.compress(listOf(this.rows, ROWS), this.scratch);
  }

  /**
   * accumulator i += Σ scalar·[τ^power]₁ over the powers with more than i scalars, which follow each other
   * power by power; one window of one power at a time, so that its multiples stay in the cache.
   */
  private accumulate(
    accumulators: PointAddress,
    scalars: Uint8Array,
    bases: FixedBases,
    powers: readonly { readonly power: number; readonly count: number }[],
  ): void {
    const { instance, sums } = this;
    const { exports, capacity } = instance;
    this.recoder.recode(this.recoded, scalars, bases.width, this.scratch);
    let recoded = this.recoded;
    for (const { power, count } of powers) {
      for (let window = 0; window < windowsOf(bases.width); window++) {
        const table = tableOf(bases, power, window);
        for (let start = 0; start < count; start += capacity) {
          const list = exports.tableStep(
            accumulators + start * POINT,
            recoded + start * RECODED,
            RECODED,
            Math.min(capacity, count - start),
            bases.width,
            window,
            table,
          );
          sums.run(list);
        }
      }
      recoded += count * RECODED;
    }
  }

  private readQuotients(compressed: Uint8Array): void {
    this.instance.bytes(this.scratch, compressed.length).set(compressed);
    readPoints(this.instance, this.cells, this.scratch, compressed.length / COMPRESSED);
  }
}

/** The multiples of one fixed point for one window. */
function tableOf({ address, width }: FixedBases, point: number, window: number): number {
  return address + (point * windowsOf(width) + window) * 2 ** (width - 1) * POINT;
}

function listOf(first: PointAddress, count: number): PointAddress[] {
  return Array.from({ length: count }, (_, i) => first + i * POINT);
}
