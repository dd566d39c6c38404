import { ROWS } from '../domain';
import { SolventError } from '../errors';
import { R } from '../field';
import type { KzgCommitter } from '../kzg';
import { Arena } from './arena';
import { Recoder, windowsOf } from './fixed-bases';
import { FIRST_RESERVED, MULTIPLES, ONE_POINT, STEP, type LagrangeTables } from './lagrange-tables';
import { COMPRESSED, G1Machine, POINT, RECODED, SCALAR } from './machine';
import { littleEndian } from './scalars';
import { commonValue, mostFrequent, type SmallColumn } from './small-columns';
import { PointSums, type PointAddress } from './sums';
import { weightedSums } from './weighted-sums';

/** Widths of windows to choose from: divisors of the tables' step. */
const WIDTHS = [12, 6, 4, 3] as const;
/** Entries of one group of columns, about: what is added then stays in the cache. */
const GROUP_ENTRIES = 16_384;
const MOST_COLUMNS = 64;
const MOST_ENTRIES = MULTIPLES * ROWS;
/** Bytes beside entries and sums: scalars, and buckets of a group. */
const BESIDE = ROWS * (2 * SCALAR + RECODED + 4) + 2 ** 21;

/** Fills lists of a column; first called without entries, to count. */
type Digits = (column: number, entries: number, slots: number) => void;
/** Appends a column's entries that count once, and says how many. */
type Extras = (column: number, entries: number) => number;

/**
 * Commits to columns over the set-up's Lagrange points by tables and buckets. One a thread; its workspace (8 MB) lies on the tables' memory.
 * What counts is how many rows differ from the most frequent value, and how large the differences are: a column of one value is next to free.
 */
export class ColumnCommitter implements KzgCommitter {
  readonly name = 'wasm';
  private readonly machine: G1Machine;
  private readonly sums: PointSums;
  private readonly recoder: Recoder;
  private readonly arena: Arena;
  private readonly modulus: number;

  constructor(private readonly tables: LagrangeTables) {
    this.machine = new G1Machine(tables.memory);
    this.sums = new PointSums(this.machine);
    this.recoder = new Recoder(this.machine);
    this.modulus = this.machine.allocate(SCALAR);
    const view = new DataView(this.machine.memory.buffer, this.modulus, SCALAR);
    for (let word = 0; word < 4; word++)
      view.setBigUint64(8 * word, BigInt.asUintN(64, R >> BigInt(64 * word)), true);
    this.arena = new Arena(this.machine, BESIDE + MOST_ENTRIES * (4 + POINT / 2));
  }

  /** @throws SolventError SCALAR_MALFORMED (malformed) for an element that is not below r */
  commit(blob: Uint8Array): Uint8Array {
    const { arena, machine, sums, tables } = this;
    const { exports } = machine;
    arena.reset();
    const values = arena.take(ROWS * SCALAR);
    const source = arena.take(ROWS * SCALAR);
    machine.bytes(source, ROWS * SCALAR).set(blob);
    if (exports.fromBlob(values, source, this.modulus) !== ROWS)
      throw new SolventError('SCALAR_MALFORMED', 'malformed', 'a field element must be 32 bytes below r');
    const common = commonValue(machine, values, this.modulus, source);
    const rows = arena.take(4 * ROWS);
    const count = exports.compact(values, rows, ROWS);
    const width = cheapest((w) => count * windowsOf(w));
    const recoded = arena.take(count * RECODED);
    this.recoder.recodeAt(recoded, values, count, width);
    const [windows, subs] = [windowsOf(width), STEP / width];
    const points = this.commitGroup(
      1,
      width,
      (_, entries, slots) =>
        exports.scalarDigits(entries, slots, recoded, rows, count, width, windows, subs, tables.points, ROWS),
      (_, entries) => (common ? this.tableEntries(entries, common, ONE_POINT) : 0),
    );
    return sums.compress(points, arena.take(4 + COMPRESSED));
  }

  /**
   * Commitments to columns of small numbers, limb columns say (section 7): the most frequent value times [1]₁, a sum of small multiples of the
   * points of the rows that differ, and the reserved rows' full-size part from tables.
   * @returns 48 bytes each, compressed
   * @throws SolventError LIMB_OUT_OF_RANGE (internal) for a number above 2047; RangeError for a reserved value that is not in 0…r−1
   */
  commitSmall(columns: readonly SmallColumn[]): Uint8Array[] {
    const plans = columns.map((column, index) => {
      const { value, count } = mostFrequent(column.rows);
      const others = column.rows.length - count;
      const width = cheapest((w) => others * (STEP / w));
      return { column, index, value, width, entries: others * (STEP / width) };
    });
    const result = new Array<Uint8Array>(columns.length);
    for (const width of WIDTHS) {
      const same = plans.filter((plan) => plan.width === width);
      for (let start = 0; start < same.length;) {
        let end = start;
        for (let entries = 0; end < same.length && end - start < MOST_COLUMNS; end++) {
          entries += same[end]!.entries;
          if (end > start && entries > GROUP_ENTRIES) break;
        }
        const group = same.slice(start, end);
        this.commitSmallGroup(group, width).forEach((bytes, i) => (result[group[i]!.index] = bytes));
        start = end;
      }
    }
    return result;
  }

  private commitSmallGroup(
    group: readonly { readonly column: SmallColumn; readonly value: number }[],
    width: number,
  ): Uint8Array[] {
    const { arena, machine, sums, tables } = this;
    arena.reset();
    const values = group.map(({ column: { rows } }) => {
      const address = arena.take(2 * FIRST_RESERVED);
      machine
        .bytes(address, 2 * FIRST_RESERVED)
        .set(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
      return address;
    });
    const points = this.commitGroup(
      group.length,
      width,
      (k, entries, slots) =>
        machine.exports.smallDigits(
          entries,
          slots,
          values[k]!,
          group[k]!.value,
          FIRST_RESERVED,
          width,
          STEP / width,
          tables.points,
        ),
      (k, entries) => {
        const { column, value } = group[k]!;
        // The common value is taken off in the account rows alone.
        const common = BigInt(value);
        const scalars = column.reserved.map((x) => (x >= common ? x - common : x - common + R));
        return this.tableEntries(entries, littleEndian([...scalars, common]), 0);
      },
    );
    const bytes = sums.compress(points, arena.take((4 + COMPRESSED) * points.length));
    return points.map((_, k) => bytes.slice(COMPRESSED * k, COMPRESSED * (k + 1)));
  }

  /** Columns whose digits are in windows of the same width, side by side. Returns signed addresses of their commitments. */
  private commitGroup(columns: number, width: number, digits: Digits, extras: Extras): PointAddress[] {
    const { arena, machine, sums } = this;
    const subs = STEP / width;
    const size = 2 ** (width - 1);
    const lists = columns * subs * size;
    const [slots, starts, lengths] = [0, 1, 2].map(() => arena.take(4 * (lists + columns))) as [
      number,
      number,
      number,
    ];
    const each = (entries: number): void => {
      for (let k = 0; k < columns; k++) digits(k, entries, slots + 4 * k * subs * size);
    };
    machine.words(slots, lists).fill(0);
    each(0);
    let end = machine.exports.bounds(slots, starts, lengths, lists, 0);
    const entries = arena.take(4 * (end + columns * (ONE_POINT + 1) * windowsOf(this.tables.reserved.width)));
    each(entries);
    for (let k = 0; k < columns; k++) {
      const count = extras(k, entries + 4 * end);
      machine.words(starts, lists + columns)[lists + k] = end;
      machine.words(lengths, lists + columns)[lists + k] = count;
      end += count;
    }
    sums.total(entries, starts, lengths, lists + columns, arena.take(Math.ceil(end / 2) * POINT));
    const sets = weightedSums(sums, arena, { entries, starts, lengths }, columns * subs, size);
    return this.combine(sets, subs, width, (k) =>
      machine.words(lengths, lists + columns)[lists + k]
        ? machine.words(entries, end)[machine.words(starts, lists + columns)[lists + k]!]
        : undefined,
    );
  }

  /** Σ_sub 2^(width·sub)·sets[sub] + extra of each column. */
  private combine(
    sets: readonly PointAddress[],
    subs: number,
    width: number,
    extra: (column: number) => PointAddress | undefined,
  ): PointAddress[] {
    const { arena, sums } = this;
    const columns = sets.length / subs;
    const totals = Array.from({ length: columns }, () => arena.take(POINT));
    this.machine.exports.clearPoints(totals[0]!, columns);
    for (let sub = subs - 1; sub >= 0; sub--) {
      if (sub < subs - 1)
        for (let bit = 0; bit < width; bit++) sums.double(totals.map((point) => [point, point]));
      sums.add(totals.map((point, k) => [point, point, sets[k * subs + sub]!]));
    }
    sums.add(
      totals.flatMap((point, k) => {
        const more = extra(k);
        return more === undefined ? [] : [[point, point, more] as const];
      }),
    );
    return totals;
  }

  /** Entries of scalars (little-endian) for the reserved rows' points, and [1]₁ last, from point `first` on. */
  private tableEntries(entries: number, scalars: Uint8Array, first: number): number {
    const { arena, machine, tables } = this;
    const { width, address } = tables.reserved;
    const count = scalars.length / SCALAR;
    const recoded = arena.take(count * RECODED);
    this.recoder.recode(recoded, scalars, width, arena.take(scalars.length));
    const windows = windowsOf(width);
    const table = address + first * windows * 2 ** (width - 1) * POINT;
    return machine.exports.tableEntries(entries, recoded, count, width, windows, table);
  }
}

/** The width with the fewest additions: entries, and two for each bucket. */
function cheapest(entries: (width: number) => number): number {
  const cost = (width: number): number => entries(width) + (STEP / width) * 2 ** width;
  return WIDTHS.reduce<number>((best, width) => (cost(width) < cost(best) ? width : best), WIDTHS[0]);
}
