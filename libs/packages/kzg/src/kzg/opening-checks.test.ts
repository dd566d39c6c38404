import { mod, R } from '../field';
import type { G1Point, KzgVerifier } from '../kzg';
import { nobleVerifier } from './noble-verifier';
import { OpeningChecks, type Opening, type RowOpening } from './opening-checks';
import type { G1 } from './points';
import { G1_BASE, G1_ZERO } from './points';

/**
 * A stand-in for the ceremony whose τ is known, so that openings can be made without a committer: a point is
 * a multiple of the generator, and the pairing equation e(a, [1]₂) = e(b, [τ]₂) says a = τ·b.
 */
const TAU = 0x2545f4914f6cdd1dn;
const toy: KzgVerifier = {
  ...nobleVerifier(),
  pairingHolds: (a, b, b8 = G1_ZERO, b64 = G1_ZERO) =>
    a.equals(
      times(b, TAU)
        .add(times(b8, TAU ** 8n))
        .add(times(b64, TAU ** 64n)),
    ),
};

function times(point: G1Point, scalar: bigint): G1Point {
  return (point as typeof G1.BASE).multiplyUnsafe(mod(scalar));
}

/** The commitment to f = Σ coefficients[i]·X^i and its opening at z. */
function opening(coefficients: readonly bigint[], z: bigint): Opening {
  const at = (x: bigint): bigint => coefficients.reduceRight((sum, c) => mod(sum * x + c), 0n);
  // The quotient's coefficients by synthetic division, a zero on top.
  const quotient: bigint[] = [];
  coefficients.reduceRight((carry, c) => (quotient.unshift(carry), mod(carry * z + c)), 0n);
  const proof = quotient.reduceRight((sum, c) => mod(sum * TAU + c), 0n);
  return {
    commitment: { points: [times(G1_BASE, at(TAU))], scalars: [1n] },
    point: z,
    value: at(z),
    proof: times(G1_BASE, proof),
  };
}

const honest = [opening([3n, 1n, 4n], 15n), opening([9n, 2n, 6n, 5n], R - 3n), opening([5n, 8n], 0n)];

function checksOf(openings: readonly Opening[], randomBytes?: (length: number) => Uint8Array): OpeningChecks {
  const checks = new OpeningChecks(randomBytes);
  for (const each of openings) checks.add(each);
  return checks;
}

describe('many openings at once', () => {
  it('holds for true claims, for none, and again when asked again', () => {
    const checks = checksOf(honest);
    expect(checks.size).toBe(3);
    expect(checks.holds(toy)).toBe(true);
    expect(checks.holds(toy)).toBe(true);
    expect(checksOf([opening([5n], 8n)]).holds(toy)).toBe(true);
    expect(new OpeningChecks().holds(toy)).toBe(true);
    expect(new OpeningChecks().holds(nobleVerifier())).toBe(true);
  });

  const tampered: [string, (opening: Opening) => Opening][] = [
    ['value', (o) => ({ ...o, value: mod(o.value + 1n) })],
    ['point', (o) => ({ ...o, point: mod(o.point + 1n) })],
    ['proof', (o) => ({ ...o, proof: o.proof.add(G1_BASE) })],
    [
      'commitment',
      (o) => ({ ...o, commitment: { points: [...o.commitment.points, G1_BASE], scalars: [1n, 1n] } }),
    ],
    ['scalar', (o) => ({ ...o, commitment: { ...o.commitment, scalars: [2n] } })],
  ];
  it.each(tampered)('refuses one wrong %s', (_, tamper) => {
    for (let i = 0; i < honest.length; i++) {
      expect(checksOf(honest.map((o, j) => (i === j ? tamper(o) : o))).holds(toy)).toBe(false);
    }
  });

  it('takes combinations: Σ of commitments opened to Σ of values under one proof', () => {
    const [a, b] = [opening([3n, 1n, 4n], 15n), opening([1n, 5n, 9n, 2n], 15n)] as const;
    const joint: Opening = {
      commitment: {
        points: [...a.commitment.points, ...b.commitment.points, G1_ZERO],
        scalars: [1n, 7n, 5n],
      },
      point: 15n,
      value: mod(a.value + 7n * b.value),
      proof: a.proof.add(times(b.proof, 7n)),
    };
    expect(checksOf([joint]).holds(toy)).toBe(true);
    expect(checksOf([{ ...joint, value: mod(joint.value + 1n) }]).holds(toy)).toBe(false);
  });

  it('multiplies each distinct point object once', () => {
    const sizes: number[] = [];
    const counting: KzgVerifier = {
      ...toy,
      multiScalar: (points, scalars) => {
        sizes.push(points.length);
        return toy.multiScalar(points, scalars);
      },
    };
    expect(checksOf([honest[0]!, honest[0]!, honest[0]!]).holds(counting)).toBe(true);
    // The commitment, the generator and the proof on the left; the proof on the right; no identity.
    expect(sizes).toEqual([3, 1]);
  });

  it('refuses combinations of different lengths', () => {
    const checks = new OpeningChecks();
    expect(() => checks.add({ ...honest[0]!, commitment: { points: [G1_BASE], scalars: [] } })).toThrow(
      RangeError,
    );
    expect(() => checks.addIdentity([G1_BASE], [1n, 2n])).toThrow(RangeError);
  });
});

/**
 * Section 7's forgery: two wrong openings whose errors cancel in a sum under one factor. The first claims a
 * value too large by d, the second one too small by d.
 */
describe('errors that cancel', () => {
  const forged = [
    { ...honest[0]!, value: mod(honest[0]!.value + 5n) },
    { ...honest[1]!, value: mod(honest[1]!.value - 5n) },
  ];
  const sharedFactor = (length: number): Uint8Array => new Uint8Array(length).fill(0x5a);

  it('pass under one shared factor, which is why there is none', () => {
    expect(checksOf(forged, sharedFactor).holds(toy)).toBe(true);
    expect(checksOf(forged.slice(0, 1), sharedFactor).holds(toy)).toBe(false);
  });

  it('are refused under independent factors', () => {
    for (let i = 0; i < 20; i++) expect(checksOf(forged).holds(toy)).toBe(false);
  });

  it('pass between identities under one shared factor, and are refused under independent ones', () => {
    const identities = (randomBytes?: (length: number) => Uint8Array): OpeningChecks => {
      const checks = new OpeningChecks(randomBytes);
      checks.addIdentity([G1_BASE], [5n]);
      checks.addIdentity([G1_BASE], [-5n]);
      return checks;
    };
    expect(identities(sharedFactor).holds(toy)).toBe(true);
    expect(identities().holds(toy)).toBe(false);
  });

  it('are refused between an identity and an opening even under one shared factor: their sums are apart', () => {
    const checks = checksOf(forged.slice(0, 1), sharedFactor);
    checks.addIdentity([G1_BASE], [5n]);
    expect(checks.holds(toy)).toBe(false);
  });

  it('every claim draws 128 secret bits of its own', () => {
    const drawn: Uint8Array[] = [];
    const checks = checksOf(honest, (length) => {
      drawn.push(globalThis.crypto.getRandomValues(new Uint8Array(length)));
      return drawn[drawn.length - 1]!;
    });
    checks.addIdentity([G1_BASE], [R]);
    expect(drawn.map(({ length }) => length)).toEqual([16, 16, 16, 16]);
    expect(checks.holds(toy)).toBe(true);
  });

  it('no factor is zero, even of bytes that are 0 or 1', () => {
    for (const last of [0, 1]) {
      const bytes = (length: number) => new Uint8Array(length).fill(last, length - 1);
      expect(checksOf(forged.slice(0, 1), bytes).holds(toy)).toBe(false);
    }
  });
});

describe('identities', () => {
  const point = times(G1_BASE, 77n);
  it('hold where the combination is infinity', () => {
    const checks = checksOf(honest);
    checks.addIdentity([point, G1_BASE], [R - 2n, 154n]);
    checks.addIdentity([], []);
    expect(checks.holds(toy)).toBe(true);
  });

  it('are refused otherwise', () => {
    const checks = checksOf(honest);
    checks.addIdentity([point, G1_BASE], [R - 2n, 153n]);
    expect(checks.holds(toy)).toBe(false);
  });
});

describe('an opening in three steps', () => {
  /** f − f(z) divided by X^64 − z^64, what is left by X^8 − z^8, what is left by X − z. */
  function rowOpening(coefficients: readonly bigint[], z: bigint): RowOpening {
    const at = (polynomial: readonly bigint[], x: bigint): bigint =>
      polynomial.reduceRight((sum, c) => mod(sum * x + c), 0n);
    let left = [...coefficients];
    const proofs = [64, 8, 1].map((n) => {
      const quotient: bigint[] = [];
      for (let i = left.length - 1; i >= n; i--) {
        quotient[i - n] = left[i]!;
        left[i - n] = mod(left[i - n]! + left[i]! * z ** BigInt(n));
      }
      left = left.slice(0, n);
      return times(G1_BASE, at(quotient, TAU));
    });
    return {
      commitment: { points: [times(G1_BASE, at(coefficients, TAU))], scalars: [1n] },
      point: z,
      value: at(coefficients, z),
      proofs: proofs as unknown as RowOpening['proofs'],
    };
  }
  const polynomial = Array.from({ length: 150 }, (_, i) => BigInt(i * i + 3));
  const rows = [5n, 2n, 1n].map((z) => rowOpening(polynomial, z));
  const holds = (...claims: readonly RowOpening[]) => {
    const checks = checksOf(honest);
    for (const claim of claims) checks.addRow(claim);
    return checks.holds(toy);
  };

  it('holds beside others', () => {
    expect(holds(...rows)).toBe(true);
    // Of a polynomial that needs no cell, or nothing at all.
    for (const length of [1, 8, 64]) expect(holds(rowOpening(polynomial.slice(0, length), 5n))).toBe(true);
  });

  it('is refused with another value, point or commitment', () => {
    for (const row of rows) {
      expect(holds({ ...row, value: row.value + 1n })).toBe(false);
      expect(holds({ ...row, point: row.point + 1n })).toBe(false);
      expect(holds({ ...row, commitment: { ...row.commitment, scalars: [2n] } })).toBe(false);
    }
  });

  it('is refused with any of its proofs changed, left out or in another one’s place', () => {
    for (const row of rows) {
      const [cell, subcell, single] = row.proofs;
      for (let i = 0; i < 3; i++)
        for (const other of [G1_ZERO, row.proofs[i]!.add(G1_BASE)]) {
          const changed = row.proofs.map((proof, j) => (i === j ? other : proof));
          expect(holds({ ...row, proofs: changed as unknown as RowOpening['proofs'] })).toBe(false);
        }
      expect(holds({ ...row, proofs: [subcell, cell, single] })).toBe(false);
      expect(holds({ ...row, proofs: [cell, single, subcell] })).toBe(false);
    }
  });

  it('is refused where its error cancels another one’s', () => {
    const [first, second] = rows as [RowOpening, RowOpening];
    expect(holds({ ...first, value: first.value + 5n }, { ...second, value: second.value - 5n })).toBe(false);
  });
});
