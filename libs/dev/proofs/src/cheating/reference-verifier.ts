import { G1_BASE, inverse, mod, OMEGA, pow, rowPoint, ROWS, type G1Point } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  challengesOf,
  GROUP_SIZE,
  LIMB_BITS,
  TABLE_SIZE,
  type BatchProof,
  type Layout,
  type ProofContext,
} from '@solvent-por/verifier';
import { specifiedPowers, type Exponent, type Powers } from './powers';

/** What a careless implementation may get wrong. */
export interface Flaw {
  readonly powers?: Powers;
  /** The exponent of γ of the j-th column that is opened at ζ, Q_ζ last; j is right. */
  readonly gammaExponent?: (j: number) => number;
}

/**
 * Section 7 written a second time, each claim checked by itself and with flaws to order: to show that a
 * forgery is not refused by accident, but would pass a verifier that lacks the one thing it aims at.
 *
 * @returns names of the claims that are false
 */
export function referenceFailures(proof: BatchProof, context: ProofContext, flaw: Flaw = {}): string[] {
  const { layout, headerDigest, kzg } = context;
  const k = proof.accounts.length;
  const powers = flaw.powers ?? specifiedPowers(layout, k);
  const { alpha, y, zeta, gamma } = challengesOf(proof, headerDigest);
  const decode = (encoded: readonly Uint8Array[]) => kzg.decodePoints(encoded);
  const { commitments, evaluations, openings } = proof;
  const points = {
    limbs: decode(commitments.limbs),
    multiplicity: decode([commitments.multiplicity])[0]!,
    helpers: decode(commitments.helpers),
    table: decode([commitments.table])[0]!,
    quotient: decode(commitments.quotient),
  };
  const combine = (terms: readonly Term[]) =>
    kzg.multiScalar(
      terms.map(([, point]) => point),
      terms.map(([scalar]) => mod(scalar)),
    );
  /** e(C − y·G + z·π, [1]₂) = e(π, [τ]₂) */
  const opens = (terms: readonly Term[], z: bigint, value: bigint, encoded: Uint8Array) => {
    const [opening] = decode([encoded]);
    return kzg.pairingHolds(combine([...terms, [-value, G1_BASE], [z, opening!]]), opening!);
  };

  const lookupSum: Term[] = [...points.helpers.map((h): Term => [1n, h]), [-1n, points.table]];
  const paired = pairedWeights(layout, k, powers, y);
  const w: Term[] = [
    ...points.limbs.map((l, i): Term => [paired[i]!, l]),
    ...lookupSum.map(([sign, point]): Term => [sign * power(y, powers.lookupSum), point]),
  ];

  const columns = [...points.limbs, points.multiplicity, ...points.helpers, points.table];
  const values = [
    ...evaluations.limbs,
    evaluations.multiplicity,
    ...evaluations.helpers,
    evaluations.table,
    mod(constraintsAt(proof, layout, powers, { alpha, y, zeta }) * inverse(pow(zeta, BigInt(ROWS)) - 1n)),
  ];
  const gammas = values.map((_, j) => pow(gamma, BigInt(flaw.gammaExponent?.(j) ?? j)));
  const chunks = points.quotient.map((chunk, i): Term => [
    gammas.at(-1)! * pow(zeta, BigInt(i * (ROWS - 1))),
    chunk,
  ]);
  const folded: Term[] = [...columns.map((c, j): Term => [gammas[j]!, c]), ...chunks];
  const foldedValue = values.reduce((sum, value, j) => sum + value * gammas[j]!, 0n);

  const claims: [string, boolean][] = [
    ['zeta', opens(folded, zeta, foldedValue, openings.zeta)],
    ['omegaZeta', opens(w, mod(OMEGA * zeta), evaluations.shifted, openings.omegaZeta)],
    ['zero', opens(lookupSum, 0n, 0n, openings.zero)],
  ];
  for (let batch = 0; batch < k; batch++)
    layout.relations.forEach(({ terms, constant }, which) => {
      const relation = terms.flatMap(({ base, coefficient }) => {
        const { firstLimb, limbs } = layout.bases[base]!;
        return Array.from({ length: limbs }, (_, j): Term => [
          coefficient << BigInt(LIMB_BITS * j),
          points.limbs[batch * layout.limbs + firstLimb + j]!,
        ]);
      });
      const name = `relation ${batch * layout.relations.length + which}`;
      claims.push([name, combine([...relation, [constant, G1_BASE]]).is0()]);
    });
  return claims.filter(([, holds]) => !holds).map(([name]) => name);
}

type Term = readonly [bigint, G1Point];

/** F(ζ) as the proof's evaluations have it. */
export function constraintsAt(
  { evaluations, accounts }: Pick<BatchProof, 'evaluations'> & { readonly accounts: readonly unknown[] },
  layout: Layout,
  powers: Powers,
  { alpha, y, zeta }: { alpha: bigint; y: bigint; zeta: bigint },
): bigint {
  const { limbs, helpers, table, multiplicity, shifted } = evaluations;
  const [s, t, p] = publicColumns(zeta);
  const paired = pairedWeights(layout, accounts.length, powers, y);
  const u = helpers.reduce((sum, h) => sum + h, -table);
  const w = limbs.reduce((sum, l, i) => sum + l * paired[i]!, u * power(y, powers.lookupSum));
  const groups = helpers.reduce((sum, helper, G) => {
    // Π(α + l)·(h − Σ 1/(α+l) + |G|/α), which is the term without its denominators.
    const shiftedLimbs = limbs.slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1)).map((l) => mod(alpha + l));
    const fractions = shiftedLimbs.reduce((total, x) => total + inverse(x) - inverse(alpha), 0n);
    const product = shiftedLimbs.reduce((total, x) => mod(total * x), 1n);
    return sum + mod(power(y, powers.groups[G]) * product) * mod(helper - fractions);
  }, 0n);
  const tableTerm = (alpha * s + t) * mod(table + multiplicity * inverse(alpha)) - s * multiplicity;
  return mod(
    s * mod(groups) +
      power(y, powers.table) * mod(tableTerm) +
      power(y, powers.pairs) * mod(p * (w + shifted)),
  );
}

/** s, t and p at a point off the domain, by the Lagrange polynomials L_i(z) = ω^i(z^n − 1) / (n(z − ω^i)). */
function publicColumns(z: bigint): [bigint, bigint, bigint] {
  let [s, t, p] = [0n, 0n, 0n];
  const factor = mod((pow(z, BigInt(ROWS)) - 1n) * inverse(BigInt(ROWS)));
  for (let i = 0; i < ROWS; i++) {
    const inTable = i < TABLE_SIZE;
    if (!inTable && i < ACCOUNT_ROWS) continue;
    const lagrange = mod(mod(factor * rowPoint(i)) * inverse(z - rowPoint(i)));
    if (inTable) t += BigInt(i) * lagrange;
    else {
      s -= lagrange;
      if (i % 2 === 0) p += lagrange;
    }
  }
  return [mod(1n + s), mod(t), mod(p)];
}

/** Weights of the limbs in Σ y^…·V_v over the paired base values. */
function pairedWeights(layout: Layout, k: number, powers: Powers, y: bigint): bigint[] {
  return Array.from({ length: k }, (_, batch) =>
    layout.bases.map(({ limbs }, base) => {
      const v = layout.paired.indexOf(base);
      const weight = v < 0 ? 0n : power(y, powers.values[batch * layout.paired.length + v]);
      return Array.from({ length: limbs }, (__, j) => mod(weight << BigInt(LIMB_BITS * j)));
    }),
  ).flat(2);
}

function power(y: bigint, exponent: Exponent): bigint {
  return exponent === undefined ? 0n : pow(y, BigInt(exponent));
}
