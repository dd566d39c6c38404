import { OMEGA, ROWS, rowPoint } from '../domain';
import { mod, pow, R } from '../field';
import { createKernels } from '../kernels';
import { AccountOpener, type OpeningBlinding } from './account-openings';
import { CELLS, cellRemainder, rowQuotients, SUBCELLS } from './cell-polynomials';
import { buildOpeningTables } from './opening-tables';
import { G1, hexOf, scalarsOf, setUpPoints, times, type Reference } from '../../testing/points';

const kernels = createKernels();
let opener: AccountOpener;
let powers: Reference[];
beforeAll(async () => {
  const { powers: bytes } = await setUpPoints();
  powers = Array.from({ length: 65 }, (_, j) =>
    G1.fromHex(Buffer.from(bytes.subarray(48 * j, 48 * j + 48)).toString('hex')),
  );
  opener = new AccountOpener(buildOpeningTables(bytes, { rowWidth: 6, cellWidth: 4 }), kernels);
});

const commit = (coefficients: readonly bigint[]): string =>
  hexOf(coefficients.reduce((sum, c, j) => sum.add(times(c, powers[j])), G1.ZERO));
const evaluate = (a: readonly bigint[], x: bigint): bigint => a.reduceRight((sum, c) => mod(sum * x + c), 0n);
const cellOf = (column: readonly bigint[], row: number): bigint[] =>
  Array.from({ length: ROWS / CELLS }, (_, k) => column[(row % CELLS) + CELLS * k]!);
const hex = (bytes: Uint8Array, i: number): string =>
  Buffer.from(bytes.subarray(48 * i, 48 * (i + 1))).toString('hex');
/** Any points will do for C(q_c): what is tested is what is taken off them. */
const QUOTIENTS = Array.from({ length: CELLS }, (_, c) => (c === 3 ? G1.ZERO : times(BigInt(c + 1))));
const quotientBytes = Uint8Array.from(Buffer.from(QUOTIENTS.map(hexOf).join(''), 'hex'));

const random: OpeningBlinding = { cells: scalarsOf(1, CELLS), subcells: scalarsOf(2, SUBCELLS) };
const nothing: OpeningBlinding = {
  cells: new Array<bigint>(CELLS).fill(0n),
  subcells: new Array<bigint>(SUBCELLS).fill(0n),
};
const cases: [string, bigint[], OpeningBlinding][] = [
  ['random values and blinding', scalarsOf(3, ROWS), random],
  ['zeros, blinded', new Array<bigint>(ROWS).fill(0n), random],
  ['zeros without blinding: all but π64 are infinity', new Array<bigint>(ROWS).fill(0n), nothing],
  [
    'r − 1 everywhere',
    new Array<bigint>(ROWS).fill(R - 1n),
    { cells: random.cells.map(() => R - 1n), subcells: random.subcells.map(() => 1n) },
  ],
];
const SOME_ROWS = [0, 1, 63, 64, 511, 512, 1234, 4079];

describe('polynomials behind the openings of a row', () => {
  const column = scalarsOf(4, ROWS);

  test.each(SOME_ROWS)('p − value is what the three quotients say, row %i', (row) => {
    const z = rowPoint(row);
    const [s, u] = [123456789n, R - 5n];
    const rho = cellRemainder(cellOf(column, row), row % CELLS);
    for (const other of [row % CELLS, (row % CELLS) + 640, row])
      expect(evaluate(rho, rowPoint(other))).toBe(column[other]);
    const { subcell, row: own, value } = rowQuotients(cellOf(column, row), row, s, u);
    expect(value).toBe(column[row]);
    expect([subcell.length, own.length]).toEqual([57, 8]);
    // ρ − value = −s·(X^64 − z^64) + q8·(X^8 − z^8) + q1·(X − z) at any point.
    for (const x of [0n, 5n, OMEGA, z]) {
      const right =
        -s * (pow(x, 64n) - pow(z, 64n)) +
        evaluate(subcell, x) * (pow(x, 8n) - pow(z, 8n)) +
        evaluate(own, x) * (x - z);
      expect(mod(evaluate(rho, x) - column[row]!)).toBe(mod(right));
    }
  });
});

describe.each(cases)('openings: %s', (_, column, blinding) => {
  test('of a whole batch and of single rows are the commitments to those polynomials', () => {
    const vector = kernels.allocate(ROWS);
    kernels.load(vector, 0, column);
    const mark = kernels.mark();
    const { cells, subcells, rows } = opener.openBatch(vector, quotientBytes, blinding);
    expect(kernels.mark()).toBe(mark);
    expect(kernels.read(vector, 0, ROWS)).toEqual(column);
    expect([cells.length, subcells.length, rows.length]).toEqual([48 * CELLS, 48 * SUBCELLS, 48 * ROWS]);
    for (const row of SOME_ROWS) {
      const [c, d] = [row % CELLS, row % SUBCELLS];
      const [s, u] = [blinding.cells[c]!, blinding.subcells[d]!];
      const { subcell, row: own } = rowQuotients(cellOf(column, row), row, s, u);
      const expected = [hexOf(QUOTIENTS[c]!.subtract(times(s))), commit(subcell), commit(own)];
      expect([hex(cells, c), hex(subcells, d), hex(rows, row)]).toEqual(expected);
      const single = opener.openRow(
        cellOf(column, row),
        row,
        quotientBytes.subarray(48 * c, 48 * c + 48),
        s,
        u,
      );
      expect(single.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(expected);
      const values = Array.from({ length: 8 }, (__, k) => column[d + SUBCELLS * k]!);
      expect(hex(opener.openOwn(values, row, u), 0)).toBe(expected[2]);
    }
    expect(opener.openShared(vector, quotientBytes, blinding)).toEqual({ cells, subcells });
  });
});

test('powers that are not the ceremony’s are refused', async () => {
  const { powers: bytes } = await setUpPoints();
  const swapped = bytes.slice();
  swapped.copyWithin(0, 48, 96);
  expect(() => buildOpeningTables(swapped)).toThrow(
    expect.objectContaining({ code: 'SETUP_DIGEST_MISMATCH' }),
  );
  expect(() => buildOpeningTables(bytes.subarray(0, 48 * 64))).toThrow(
    expect.objectContaining({ code: 'SETUP_DIGEST_MISMATCH' }),
  );
});
