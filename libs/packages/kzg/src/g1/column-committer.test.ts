import fc from 'fast-check';
import { bitReverse12, ROWS } from '../domain';
import { mod, R, SCALAR_BYTES, toBytes } from '../field';
import type { SmallColumn } from '../kzg';
import { ColumnCommitter } from './column-committer';
import { buildLagrangeTables } from './lagrange-tables';
import { anyScalar, G1, hexOf, scalarsOf, setUpPoints, times, type Reference } from '../../testing/points';

let committer: ColumnCommitter;
let lagrange: Uint8Array;
beforeAll(async () => {
  ({ lagrange } = await setUpPoints());
  committer = new ColumnCommitter(buildLagrangeTables(lagrange));
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const pointOf = (row: number): Reference => G1.fromHex(hex(lagrange.subarray(48 * row, 48 * row + 48)));

function blobOf(column: readonly bigint[]): Uint8Array {
  const blob = new Uint8Array(ROWS * SCALAR_BYTES);
  column.forEach((value, i) => blob.set(toBytes(value), bitReverse12(i) * SCALAR_BYTES));
  return blob;
}

/** common·[1]₁ and the rows that differ: exact, and quick with few of them. */
function expected(common: bigint, others: ReadonlyMap<number, bigint>): string {
  let sum = times(common);
  for (const [row, value] of others) sum = sum.add(times(mod(value - common), pointOf(row)));
  return hexOf(sum);
}

const anyOthers = fc
  .array(fc.tuple(fc.nat(ROWS - 1), anyScalar), { maxLength: 12 })
  .map((list) => new Map(list));

describe('a column of one value but for a few rows', () => {
  it('commits to that value times [1]₁ and the differences', () => {
    fc.assert(
      fc.property(anyScalar, anyOthers, (common, others) => {
        const column = Array.from({ length: ROWS }, (_, i) => others.get(i) ?? common);
        expect(hex(committer.commit(blobOf(column)))).toBe(expected(common, others));
      }),
      { numRuns: 25 },
    );
  });

  it('of small numbers too', () => {
    const anySmall = fc.oneof(fc.constantFrom(0, 1, 2047, 2046, 1024), fc.nat(2047));
    fc.assert(
      fc.property(
        anySmall,
        fc.array(fc.tuple(fc.nat(4079), anySmall), { maxLength: 12 }),
        fc.array(anyScalar, { minLength: 16, maxLength: 16 }),
        (common, list, reserved) => {
          const rows = new Uint16Array(4080).fill(common);
          for (const [row, value] of list) rows[row] = value;
          const others = new Map([
            ...list.map(([row]) => [row, BigInt(rows[row]!)] as const),
            ...reserved.map((value, i) => [4080 + i, value] as const),
          ]);
          const [commitment] = committer.commitSmall([{ rows, reserved }]);
          expect(hex(commitment!)).toBe(expected(BigInt(common), others));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('many small columns at once', () => {
  const shapes: ((row: number) => number)[] = [
    () => 0,
    () => 2047,
    (row) => (row * 7919) % 2048,
    (row) => (row % 4 === 0 ? (row * 31) % 2048 : 0),
    (row) => (row % 50 === 0 ? 2047 : 1),
    (row) => (row % 2) * 2047,
  ];
  const column = (shape: number, seed: number): SmallColumn => ({
    rows: Uint16Array.from({ length: 4080 }, (_, row) => shapes[shape]!(row + seed)),
    reserved: scalarsOf(seed, 16),
  });

  it('each gets what it gets alone, in its place', () => {
    const columns = Array.from({ length: 150 }, (_, i) => column(i % shapes.length, i));
    const together = committer.commitSmall(columns).map(hex);
    const singly = columns.map(({ rows, reserved }) =>
      hex(committer.commit(blobOf([...Array.from(rows, BigInt), ...reserved]))),
    );
    expect(together).toEqual(singly);
  });

  it('rows that are a view of a larger array', () => {
    const { rows, reserved } = column(2, 9);
    const larger = new Uint16Array(4090).fill(99);
    larger.set(rows, 5);
    const [a, b] = committer.commitSmall([
      { rows, reserved },
      { rows: larger.subarray(5, 4085), reserved },
    ]);
    expect(hex(b!)).toBe(hex(a!));
  });

  it('none', () => expect(committer.commitSmall([])).toEqual([]));

  it('a number above 2047 is refused', () => {
    const { rows, reserved } = column(0, 1);
    rows[4079] = 2048;
    expect(() => committer.commitSmall([{ rows, reserved }])).toThrow(
      expect.objectContaining({ code: 'LIMB_OUT_OF_RANGE' }),
    );
  });

  it('a reserved value that is not below r is refused', () => {
    const { rows } = column(0, 1);
    const reserved = [...scalarsOf(1, 15), R];
    expect(() => committer.commitSmall([{ rows, reserved }])).toThrow(RangeError);
  });
});

describe('commitments', () => {
  it('are additive, for full-size columns', () => {
    const [a, b] = [scalarsOf(5, ROWS), scalarsOf(6, ROWS)];
    const [p, q, sum] = [a, b, a.map((x, i) => mod(x + b[i]!))].map((column) =>
      G1.fromHex(hex(committer.commit(blobOf(column)))),
    );
    expect(p!.add(q!).equals(sum!)).toBe(true);
  });

  it('an element that is not below r is refused', () => {
    const blob = blobOf(new Array<bigint>(ROWS).fill(0n));
    blob.set(toBytes(R), 32 * 77);
    expect(() => committer.commit(blob)).toThrow(expect.objectContaining({ code: 'SCALAR_MALFORMED' }));
  });

  it('are left to another library where they would take too long', () => {
    const dense = blobOf(scalarsOf(7, ROWS));
    expect(committer.commitWithin(dense, 24_000)).toBeUndefined();
    expect(hex(committer.commitWithin(dense, 100_000)!)).toBe(hex(committer.commit(dense)));
    const constant = blobOf(new Array<bigint>(ROWS).fill(R - 7n));
    expect(hex(committer.commitWithin(constant, 0)!)).toBe(hexOf(times(-7n)));
  });
});

test('Lagrange points that are not the ceremony’s are refused', () => {
  const swapped = lagrange.slice();
  swapped.copyWithin(0, 48, 96);
  expect(() => buildLagrangeTables(swapped)).toThrow(
    expect.objectContaining({ code: 'SETUP_DIGEST_MISMATCH' }),
  );
});
