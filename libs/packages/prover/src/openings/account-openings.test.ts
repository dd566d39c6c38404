import {
  divideByPower,
  G1_BASE,
  inverse,
  mod,
  OpeningChecks,
  pow,
  rowPoint,
  type G1Point,
} from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { nobleVerifier, ROWS } from '@solvent-por/kzg';
import { foldValues, verifyInclusion, type Inclusion } from '@solvent-por/verifier';
import {
  coefficientsOf,
  commitTo,
  foldedRowsOf,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  toBatches,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';
import type { StoredBatch } from '../witness-file';
import { cellBlinding, subcellBlinding } from './blinding';
import { plainOpening } from './plain-opening';
import { foldedColumn } from '../folded-column';
import { batchOpenings, openingsOf } from './account-openings';
import { allCells } from './batch-cells';

/** Openings in three steps (section 9): what they prove, and what they don't. */

const kzg = nativeVerifier();
const header = testHeader('aggregate', 1, 2);
const accounts = testAccounts(header, 600);
/** A row, one of its subcell (equal modulo 512), one of its cell alone (modulo 64), one of another cell. */
const [ROW, SUBCELL, CELL, OTHER] = [5, 517, 69, 6] as const;
let builder: SnapshotBuilder;
let stored: StoredBatch;
let snapshot: SmallSnapshot;
let files: Map<number, Inclusion>;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  const line = builder.prove(0, toBatches(accounts));
  stored = line.stored[0]!;
  snapshot = builder.finalise([line]);
  files = new Map([ROW, SUBCELL, CELL, OTHER].map((row) => [row, builder.include(snapshot, stored, row)]));
});

const honest = () => files.get(ROW)!;
type Openings = Inclusion['openings'];
const verify = (openings: Openings, verifier = kzg) =>
  verifyInclusion(
    { ...honest(), openings },
    { manifest: snapshot.manifest, key: accounts[ROW]!.key },
    verifier,
  );
const OPENING = { valid: false, code: 'INCLUSION_OPENING' };
const VALID = { valid: true };
const infinity = Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : 0));

test('honest openings verify by both backends; a cell shares π64, a subcell π8', () => {
  expect(verify(honest().openings)).toMatchObject(VALID);
  expect(verify(honest().openings, nobleVerifier())).toMatchObject(VALID);
  const openings = (row: number) => files.get(row)!.openings;
  expect(openings(SUBCELL).slice(0, 2)).toEqual(openings(ROW).slice(0, 2));
  expect(openings(CELL)[0]).toEqual(openings(ROW)[0]);
  expect(openings(CELL)[1]).not.toEqual(openings(ROW)[1]);
  expect(openings(OTHER)[0]).not.toEqual(openings(ROW)[0]);
});

test('all rows of a batch at once open as each by itself', () => {
  const { kernels, committer, layout } = builder;
  const opened = { layout, stored, gamma: snapshot.gamma };
  const all = batchOpenings(builder, opened, allCells(kernels, committer, layout, stored, snapshot.gamma));
  const many = openingsOf(
    builder,
    opened,
    Array.from({ length: 600 }, (_, row) => row),
  );
  for (const row of [ROW, SUBCELL, CELL, OTHER])
    for (const open of [all, many]) expect(open(row)).toEqual(files.get(row)!.openings);
});

test('swapped in any way', () => {
  const [a, b, c] = honest().openings;
  for (const swapped of [
    [b, a, c],
    [a, c, b],
    [c, b, a],
    [b, c, a],
    [c, a, b],
    [a, a, c],
  ] as Openings[])
    expect(verify(swapped)).toMatchObject(OPENING);
});

test('of another cell, another subcell, another row of the same subcell', () => {
  const [a, b, c] = honest().openings;
  const of = (row: number) => files.get(row)!.openings;
  expect(verify([of(OTHER)[0], b, c])).toMatchObject(OPENING);
  expect(verify([a, of(CELL)[1], c])).toMatchObject(OPENING);
  expect(verify([a, b, of(SUBCELL)[2]])).toMatchObject(OPENING);
  for (const row of [SUBCELL, CELL, OTHER]) expect(verify(of(row))).toMatchObject(OPENING);
  // π64 and π8 of a row that shares both are the same points.
  expect(verify([of(SUBCELL)[0], of(SUBCELL)[1], c])).toMatchObject(VALID);
});

test('infinity where it is not right, in any place', () => {
  for (let which = 1; which < 8; which++) {
    const openings = honest().openings.map((point, i) => ((which >> i) & 1 ? infinity : point));
    expect(verify(openings as unknown as Openings)).toMatchObject(OPENING);
  }
});

describe('openings are not unique, and infinity is accepted where it is right', () => {
  test('π64 and π8 at infinity: a plain EIP-4844 point evaluation', () => {
    const { kernels, committer, layout } = builder;
    const mark = kernels.mark();
    const column = foldedColumn(kernels, layout, stored, snapshot.gamma);
    const value = foldValues(snapshot.gamma, honest().values);
    const plain = plainOpening(kernels, committer, column, ROW, value);
    kernels.release(mark);
    expect(verify([infinity, infinity, plain])).toMatchObject(VALID);
    expect(verify([infinity, infinity, plain], nobleVerifier())).toMatchObject(VALID);
    expect(verify([infinity, plain, infinity])).toMatchObject(OPENING);
    expect(verify([plain, infinity, infinity])).toMatchObject(OPENING);
  });

  test('π1 at infinity: the eight rows of a subcell hold the same', () => {
    // Of the accounts one at ROW and SUBCELL each, the rest of their subcell is unused: both hold nothing
    // here.
    const nothing = testAccounts(header, 600).map((account, i) =>
      i % 512 === ROW ? { ...account, amounts: account.amounts.map(() => 0n) } : account,
    );
    const line = builder.prove(0, toBatches(nothing));
    const closed = builder.finalise([line]);
    const [f, z] = [
      coefficients(foldedRowsOf(builder.layout, line.stored[0]!, closed.gamma)),
      rowPoint(ROW),
    ] as const;
    const by64 = divideByPower(f, 64, pow(z, 64n));
    const by8 = divideByPower(by64.remainder, 8, pow(z, 8n));
    expect(by8.remainder.every((x) => x === 0n)).toBe(true);
    const openings: Openings = [commit(by64.quotient), commit(by8.quotient), infinity];
    const file = { ...builder.include(closed, line.stored[0]!, ROW), openings };
    const trusted = { manifest: closed.manifest, key: nothing[ROW]!.key };
    expect(file.values).toEqual([0n, 0n]);
    for (const verifier of [kzg, nobleVerifier()])
      expect(verifyInclusion(file, trusted, verifier)).toMatchObject(VALID);
    // The same points don't open a row beside it.
    const beside = { ...builder.include(closed, line.stored[0]!, OTHER), openings };
    expect(verifyInclusion(beside, { manifest: closed.manifest }, kzg)).toMatchObject(OPENING);
  });

  test('without blinding, by one step less, and by more of a step', () => {
    const f = coefficients(foldedRowsOf(builder.layout, stored, snapshot.gamma));
    const z = rowPoint(ROW);
    const value = foldValues(snapshot.gamma, honest().values);
    const split = (steps: readonly [number, bigint][]): Openings => {
      let rest = f;
      const points = steps.map(([power, blinding]) => {
        if (power === 0) return infinity;
        const a = pow(z, BigInt(power));
        if (power === 1) rest = rest.map((x, i) => (i === 0 ? mod(x - value) : x));
        const { quotient, remainder } = divideByPower(rest, power, a);
        // What is taken off the quotient is put back: blinding·(X^power − a).
        rest = power === 1 ? remainder : [...remainder, blinding];
        if (power > 1) rest[0] = mod(rest[0]! - blinding * a);
        return commit(quotient.map((x, i) => (i === 0 ? mod(x - blinding) : x)));
      });
      return points as unknown as Openings;
    };
    expect(
      verify(
        split([
          [64, 0n],
          [8, 0n],
          [1, 0n],
        ]),
      ),
    ).toMatchObject(VALID);
    expect(
      verify(
        split([
          [64, 3n],
          [8, 4n],
          [1, 0n],
        ]),
      ),
    ).toMatchObject(VALID);
    expect(
      verify(
        split([
          [0, 0n],
          [8, 0n],
          [1, 0n],
        ]),
      ),
    ).toMatchObject(VALID);
    expect(
      verify(
        split([
          [64, 0n],
          [0, 0n],
          [1, 0n],
        ]),
      ),
    ).toMatchObject(VALID);
    // The honest ones are one of these, under the blinding of section 12.
    const s = cellBlinding(stored.openingSeed, snapshot.gamma, ROW % 64);
    const u = subcellBlinding(stored.openingSeed, snapshot.gamma, ROW % 512);
    expect(
      split([
        [64, s],
        [8, u],
        [1, 0n],
      ]),
    ).toEqual(honest().openings);
  });
});

describe('a claim that is false by e', () => {
  const e = 7n;
  /** The row's claim with a wrong value, and points of the cheater's choice. */
  const claim = (points: readonly G1Point[], error = e) => {
    const checks = new OpeningChecks();
    const [sum] = kzg.decodePoints([honest().sum]);
    checks.addRow({
      commitment: { points: [sum!], scalars: [1n] },
      point: rowPoint(ROW),
      value: mod(foldValues(snapshot.gamma, honest().values) + error),
      proofs: points as [G1Point, G1Point, G1Point],
    });
    return checks;
  };
  const decoded = () => kzg.decodePoints([...honest().openings]);
  const times = (x: bigint) => kzg.multiScalar([G1_BASE], [mod(x)]);

  test('passes a verifier that pairs two openings with the same power of τ: errors cancel between them', () => {
    const z = rowPoint(ROW);
    const powers = [pow(z, 64n), pow(z, 8n), z];
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      // x on one and −x on the other change nothing where both meet the same power of τ, but x·(z^a − z^b) on
      // the left.
      const x = mod(e * inverse(mod(powers[i]! - powers[j]!)));
      const points = decoded().map((point, k) =>
        k === i ? point.add(times(x)) : k === j ? point.subtract(times(x)) : point,
      );
      const order = [2, 1, 0];
      const careless = {
        ...kzg,
        pairingHolds: (a: G1Point, ...right: (G1Point | undefined)[]) => {
          const merged = [...right] as G1Point[];
          const [from, to] = [order[i]!, order[j]!];
          // The opening that is moved meets the power of the other one.
          const moved = times(x * lastFactor);
          merged[to] = merged[to]!.add(moved);
          merged[from] = merged[from]!.subtract(moved);
          return kzg.pairingHolds(a, merged[0]!, merged[1], merged[2]);
        },
      };
      let lastFactor = 0n;
      const checks = new OpeningChecks((length) => {
        const bytes = globalThis.crypto.getRandomValues(new Uint8Array(length));
        lastFactor = 1n + BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
        return bytes;
      });
      const [sum] = kzg.decodePoints([honest().sum]);
      checks.addRow({
        commitment: { points: [sum!], scalars: [1n] },
        point: z,
        value: mod(foldValues(snapshot.gamma, honest().values) + e),
        proofs: points as [G1Point, G1Point, G1Point],
      });
      expect(checks.holds(careless)).toBe(true);
      expect(claim(points).holds(kzg)).toBe(false);
    }
  });

  test('is refused whatever is added to the openings by a prover that does not know τ', () => {
    for (const moves of [
      [e, 0n, 0n],
      [0n, e, 0n],
      [0n, 0n, e],
      [e, -e, 0n],
      [1n, 1n, 1n],
    ])
      expect(claim(decoded().map((point, k) => point.add(times(moves[k]!)))).holds(kzg)).toBe(false);
    expect(claim(decoded(), 0n).holds(kzg)).toBe(true);
  });
});

function coefficients(rows: readonly bigint[]): bigint[] {
  const { kernels } = builder;
  const mark = kernels.mark();
  const column = kernels.allocate(ROWS);
  kernels.load(column, 0, rows);
  const found = coefficientsOf(kernels, column);
  kernels.release(mark);
  return found;
}

function commit(polynomial: readonly bigint[]): Uint8Array {
  return commitTo(builder.kernels, builder.committer, polynomial);
}
