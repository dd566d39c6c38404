import { ROWS } from '../domain';
import { SolventError } from '../errors';
import { R } from '../field';
import type { KzgCommitter, SmallColumn } from '../kzg';
import { Arena } from './arena';
import { bucketSums, cheapestWidth, MULTIPLES, STEP, WIDTHS, type Extras } from './bucket-sums';
import { Recoder, windowsOf } from './fixed-bases';
import { FIRST_RESERVED, ONE_POINT, type LagrangeTables } from './lagrange-tables';
import { COMPRESSED, G1Instance, POINT, RECODED, SCALAR } from './instance';
import { littleEndian } from './scalars';
import { commonValue, mostFrequent } from './small-columns';
import { PointSums } from './sums';

/** Entries of one group of columns, about: what is added then stays in the cache. */
const GROUP_ENTRIES = 16_384;
const MOST_COLUMNS = 64;
const MOST_ENTRIES = MULTIPLES * ROWS;
/** Bytes beside entries and sums: scalars, and buckets of a group. */
const BESIDE = ROWS * (2 * SCALAR + RECODED + 4) + 2 ** 21;

/**
 * Commits to columns over the set-up's Lagrange points by tables and buckets. One a thread; its workspace (8
 * MB) lies on the tables' memory.
 * What counts is how many rows differ from the most frequent value, and how large the differences are: a
 * column of one value is next to free.
 */
export class ColumnCommitter implements KzgCommitter {
  readonly name = 'wasm';
  private readonly instance: G1Instance;
  private readonly sums: PointSums;
  private readonly recoder: Recoder;
  private readonly arena: Arena;
  private readonly modulus: number;

  constructor(private readonly tables: LagrangeTables) {
    this.instance = new G1Instance(tables.memory);
    this.sums = new PointSums(this.instance);
    this.recoder = new Recoder(this.instance);
    this.modulus = this.instance.allocate(SCALAR);
    const view = new DataView(this.instance.memory.buffer, this.modulus, SCALAR);
    for (let word = 0; word < 4; word++)
      view.setBigUint64(8 * word, BigInt.asUintN(64, R >> BigInt(64 * word)), true);
    this.arena = new Arena(this.instance, BESIDE + MOST_ENTRIES * (4 + POINT / 2));
  }

  /** @throws SolventError SCALAR_MALFORMED (malformed) for an element that is not below r */
  commit(blob: Uint8Array): Uint8Array {
    return this.commitWithin(blob, MOST_ENTRIES)!;
  }

  /**
   * commit() where it takes at most so many entries (a full-size column has 22 a row), else undefined:
   * another library may be faster then.
   * @throws SolventError SCALAR_MALFORMED
   */
  commitWithin(blob: Uint8Array, entries: number): Uint8Array | undefined {
    const { arena, instance, sums, tables } = this;
    const { exports } = instance;
    arena.reset();
    const values = arena.take(ROWS * SCALAR);
    const source = arena.take(ROWS * SCALAR);
    instance.bytes(source, ROWS * SCALAR).set(blob);
    if (exports.fromBlob(values, source, this.modulus) !== ROWS)
      throw new SolventError('SCALAR_MALFORMED', 'malformed', 'a field element must be 32 bytes below r');
    const common = commonValue(instance, values, this.modulus, source);
    const rows = arena.take(4 * ROWS);
    const count = exports.compact(values, rows, ROWS);
    if (exports.digitCount(values, count) > entries) return undefined;
    const width = cheapestWidth((w) => count * windowsOf(w));
    const recoded = arena.take(count * RECODED);
    this.recoder.recodeAt(recoded, values, count, width);
    const [windows, subs] = [windowsOf(width), STEP / width];
    const points = bucketSums(
      sums,
      arena,
      1,
      width,
      (_, entries, slots) =>
        exports.scalarDigits(entries, slots, recoded, rows, count, width, windows, subs, tables.points, ROWS),
      this.extras((_, entries) => (common ? this.tableEntries(entries, common, ONE_POINT) : 0)),
    );
    return sums.compress(points, arena.take(4 + COMPRESSED));
  }

  /**
   * Commitments to columns of small numbers, limb columns say (section 7): the most frequent value times
   * [1]₁, a sum of small multiples of the points of the rows that differ, and the reserved rows' full-size
   * part from tables.
   * @returns 48 bytes each, compressed
   * @throws SolventError LIMB_OUT_OF_RANGE (internal) for a number above 2047; RangeError for a reserved
   *   value that is not in 0…r−1
   */
  commitSmall(columns: readonly SmallColumn[]): Uint8Array[] {
    const plans = columns.map((column, index) => {
      const { value, count } = mostFrequent(column.rows);
      const others = column.rows.length - count;
      const width = cheapestWidth((w) => others * (STEP / w));
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
    const { arena, instance, sums, tables } = this;
    arena.reset();
    const values = group.map(({ column: { rows } }) => {
      const address = arena.take(2 * FIRST_RESERVED);
      instance
        .bytes(address, 2 * FIRST_RESERVED)
        .set(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
      return address;
    });
    const points = bucketSums(
      sums,
      arena,
      group.length,
      width,
      (k, entries, slots) =>
        instance.exports.smallDigits(
          entries,
          slots,
          values[k]!,
          group[k]!.value,
          FIRST_RESERVED,
          width,
          STEP / width,
          tables.points,
        ),
      this.extras((k, entries) => {
        const { column, value } = group[k]!;
        // The common value is taken off in the account rows alone.
        const common = BigInt(value);
        const scalars = column.reserved.map((x) => (x >= common ? x - common : x - common + R));
        return this.tableEntries(entries, littleEndian([...scalars, common]), 0);
      }),
    );
    const bytes = sums.compress(points, arena.take((4 + COMPRESSED) * points.length));
    return points.map((_, k) => bytes.slice(COMPRESSED * k, COMPRESSED * (k + 1)));
  }

  private extras(append: Extras['append']): Extras {
    return { most: (ONE_POINT + 1) * windowsOf(this.tables.reserved.width), append };
  }

  /**
   * Entries of scalars (little-endian) for the reserved rows' points, and [1]₁ last, from point `first` on.
   */
  private tableEntries(entries: number, scalars: Uint8Array, first: number): number {
    const { arena, instance, tables } = this;
    const { width, address } = tables.reserved;
    const count = scalars.length / SCALAR;
    const recoded = arena.take(count * RECODED);
    this.recoder.recode(recoded, scalars, width, arena.take(scalars.length));
    const windows = windowsOf(width);
    const table = address + first * windows * 2 ** (width - 1) * POINT;
    return instance.exports.tableEntries(entries, recoded, count, width, windows, table);
  }
}
