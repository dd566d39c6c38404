import {
  G1_BASE,
  inverse,
  lagrangeAt,
  mod,
  OMEGA,
  pow,
  R,
  ROWS,
  toBytes,
  u32be,
  type G1Point,
  type KzgVerifier,
  type OpeningChecks,
} from '@solvent-por/kzg';
import { ACCOUNT_ROWS } from './account-batch';
import { helperCount, type BatchProof, type ProofColumns } from './batch-proof';
import { GROUP_SIZE, LIMB_BITS, TABLE_SIZE, type Layout, type LinearForm } from './layout';
import { Transcript } from './transcript';

/** Challenges of one proof (section 7). */
export interface ProofChallenges {
  readonly alpha: bigint;
  readonly y: bigint;
  readonly zeta: bigint;
  readonly gamma: bigint;
}

/** What a proof that holds says about one batch. */
export interface VerifiedBatch {
  /** Root of its account tree. */
  readonly accounts: Uint8Array;
  /** Commitments to its K limb columns, in layout order. */
  readonly limbs: readonly G1Point[];
}

/** What a verifier knows before it reads a proof. */
export interface ProofContext {
  readonly layout: Layout;
  readonly headerDigest: Uint8Array;
  readonly kzg: KzgVerifier;
}

/**
 * Verifies one proof of k batches (section 7), but for the openings and relations themselves, which it adds
 * to `checks`:
 * the proof holds exactly if this returns batches and `checks` hold.
 *
 * @returns the k batches; undefined when the proof is invalid whatever the openings say
 * @throws SolventError POINT_MALFORMED
 */
export function verifyBatches(
  proof: BatchProof,
  context: ProofContext,
  checks: OpeningChecks,
): VerifiedBatch[] | undefined {
  const { layout, headerDigest } = context;
  const points = decodeProof(proof, context.kzg);
  const k = proof.accounts.length;
  const { alpha, y, zeta, gamma } = challengesOf(proof, headerDigest);
  if (alpha === 0n) return undefined;

  const { evaluations } = proof;
  const limbWeights = pairedWeights(layout, k, y);
  const yU = pow(y, BigInt(k * layout.paired.length));
  const wValue = mod(
    dot(evaluations.limbs, limbWeights) + yU * mod(total(evaluations.helpers) - evaluations.table),
  );
  const quotient = mod(
    constraintsAt(zeta, proof, wValue, { alpha, y }, helperCount(layout, k)) *
      inverse(pow(zeta, BigInt(ROWS)) - 1n),
  );

  // π_ζ: every column at ζ, folded with powers of γ; the quotient's value is the verifier's own.
  const ordered = [...points.limbs, points.multiplicity, ...points.helpers, points.table];
  const values = [
    ...evaluations.limbs,
    evaluations.multiplicity,
    ...evaluations.helpers,
    evaluations.table,
    quotient,
  ];
  const gammas = powers(gamma, values.length);
  const chunkStep = pow(zeta, BigInt(ROWS - 1));
  const chunkWeights = powers(chunkStep, points.quotient.length).map((x) => mod(x * gammas.at(-1)!));
  checks.add({
    commitment: {
      points: [...ordered, ...points.quotient],
      scalars: [...gammas.slice(0, -1), ...chunkWeights],
    },
    point: zeta,
    value: dot(values, gammas),
    proof: points.openings.zeta,
  });

  // π_ωζ: W at ωζ, so that pairs of reserved rows can be compared.
  const helperOnes = points.helpers.map(() => 1n);
  checks.add({
    commitment: {
      points: [...points.limbs, ...points.helpers, points.table],
      scalars: [...limbWeights, ...helperOnes.map(() => yU), mod(-yU)],
    },
    point: mod(OMEGA * zeta),
    value: evaluations.shifted,
    proof: points.openings.omegaZeta,
  });

  // π_0: U sums to nothing, so that every limb is in the table (logUp).
  checks.add({
    commitment: {
      points: [...points.helpers, points.table],
      scalars: [...helperOnes, R - 1n],
    },
    point: 0n,
    value: 0n,
    proof: points.openings.zero,
  });

  return proof.accounts.map((accounts, batch) => {
    const limbs = points.limbs.slice(batch * layout.limbs, (batch + 1) * layout.limbs);
    for (const relation of layout.relations) {
      const { weights, used } = limbForm(layout, relation, limbs);
      checks.addIdentity([...used, G1_BASE], [...weights, mod(relation.constant)]);
    }
    return { accounts, limbs };
  });
}

/** The transcript of a proof (section 7): every challenge depends on all that was committed before it. */
export function challengesOf(proof: BatchProof, headerDigest: Uint8Array): ProofChallenges {
  const { accounts, commitments, evaluations } = proof;
  const transcript = new Transcript('proof');
  transcript.absorb('header', headerDigest);
  transcript.absorb('first', u32be(proof.first));
  transcript.absorb('accounts', ...accounts);
  transcript.absorb('limbs', ...commitments.limbs);
  transcript.absorb('multiplicity', commitments.multiplicity);
  const alpha = transcript.challenge('alpha');
  transcript.absorb('helpers', ...commitments.helpers);
  transcript.absorb('table', commitments.table);
  const y = transcript.challenge('y');
  transcript.absorb('quotient', ...commitments.quotient);
  const zeta = drawZeta(transcript);
  transcript.absorb('evaluations', ...encodeEvaluations(evaluations));
  return { alpha, y, zeta, gamma: transcript.challenge('gamma') };
}

/** ζ, drawn again while it is 0 or on the domain (section 7). */
export function drawZeta(transcript: Transcript): bigint {
  for (;;) {
    const zeta = transcript.challenge('zeta');
    if (zeta !== 0n && pow(zeta, BigInt(ROWS)) !== 1n) return zeta;
  }
}

/** The evaluations as they are absorbed: 32 bytes each, in section 7's order. */
export function encodeEvaluations(evaluations: BatchProof['evaluations']): Uint8Array[] {
  const { limbs, multiplicity, helpers, table, shifted } = evaluations;
  return [...limbs, multiplicity, ...helpers, table, shifted].map((x) => toBytes(x));
}

/**
 * Weights of the limb columns in Σ_v y^v·V_v over the paired base values: y^v·2^(11j), batch by batch; 0 for
 * the others.
 */
export function pairedWeights(layout: Layout, k: number, y: bigint): bigint[] {
  const weights = new Array<bigint>(k * layout.limbs).fill(0n);
  let power = 1n;
  for (let batch = 0; batch < k; batch++)
    for (const base of layout.paired) {
      const { firstLimb, limbs } = layout.bases[base]!;
      for (let j = 0; j < limbs; j++)
        weights[batch * layout.limbs + firstLimb + j] = mod(power << BigInt(LIMB_BITS * j));
      power = mod(power * y);
    }
  return weights;
}

/** A linear form of base values as one of limb columns. */
function limbForm(
  layout: Layout,
  form: LinearForm,
  limbs: readonly G1Point[],
): { used: G1Point[]; weights: bigint[] } {
  const used: G1Point[] = [];
  const weights: bigint[] = [];
  for (const { base, coefficient } of form.terms) {
    const { firstLimb, limbs: count } = layout.bases[base]!;
    for (let j = 0; j < count; j++) {
      used.push(limbs[firstLimb + j]!);
      weights.push(mod(coefficient << BigInt(LIMB_BITS * j)));
    }
  }
  return { used, weights };
}

/** F(ζ) of section 7 from the evaluations. */
function constraintsAt(
  zeta: bigint,
  { evaluations: { limbs, helpers, table, multiplicity, shifted } }: BatchProof,
  wValue: bigint,
  { alpha, y }: { alpha: bigint; y: bigint },
  groups: number,
): bigint {
  const { accountRows, pairStarts, tableRow } = publicColumnsAt(zeta);
  const alphaInverse = inverse(alpha);
  let [lookups, power] = [0n, 1n];
  for (let G = 0; G < groups; G++) {
    const denominators = limbs.slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1)).map((l) => mod(alpha + l));
    const product = denominators.reduce((a, b) => mod(a * b), 1n);
    const others = denominators.map((_, i) =>
      denominators.reduce((a, b, j) => (i === j ? a : mod(a * b)), 1n),
    );
    const helper = mod(helpers[G]! + BigInt(denominators.length) * alphaInverse);
    lookups = mod(lookups + power * mod(helper * product - total(others)));
    power = mod(power * y);
  }
  const tableTerm = mod(
    mod(alpha * accountRows + tableRow) * mod(table + multiplicity * alphaInverse) -
      accountRows * multiplicity,
  );
  const pairTerm = mod(pairStarts * (wValue + shifted));
  return mod(accountRows * lookups + power * tableTerm + mod(power * y) * pairTerm);
}

/** s(ζ), p(ζ) and t(ζ): the public columns of section 7, round 3. */
function publicColumnsAt(zeta: bigint): { accountRows: bigint; pairStarts: bigint; tableRow: bigint } {
  const at = lagrangeAt(zeta, PUBLIC_ROWS);
  let tableRow = 0n;
  for (let i = 0; i < TABLE_SIZE; i++) tableRow += BigInt(i) * at[i]!;
  const reserved = at.slice(TABLE_SIZE);
  return {
    accountRows: mod(1n - total(reserved)),
    pairStarts: mod(total(reserved.filter((_, i) => i % 2 === 0))),
    tableRow: mod(tableRow),
  };
}

const PUBLIC_ROWS = [
  ...Array.from({ length: TABLE_SIZE }, (_, i) => i),
  ...Array.from({ length: ROWS - ACCOUNT_ROWS }, (_, i) => ACCOUNT_ROWS + i),
];

interface ProofPoints extends ProofColumns<G1Point> {
  readonly quotient: readonly G1Point[];
  readonly openings: { readonly zeta: G1Point; readonly omegaZeta: G1Point; readonly zero: G1Point };
}

function decodeProof({ commitments, openings }: BatchProof, kzg: KzgVerifier): ProofPoints {
  const { limbs, multiplicity, helpers, table, quotient } = commitments;
  const points = kzg.decodePoints([
    ...limbs,
    multiplicity,
    ...helpers,
    table,
    ...quotient,
    openings.zeta,
    openings.omegaZeta,
    openings.zero,
  ]);
  let at = 0;
  const take = (count: number) => points.slice(at, (at += count));
  const one = () => points[at++]!;
  return {
    limbs: take(limbs.length),
    multiplicity: one(),
    helpers: take(helpers.length),
    table: one(),
    quotient: take(quotient.length),
    openings: { zeta: one(), omegaZeta: one(), zero: one() },
  };
}

function powers(base: bigint, count: number): bigint[] {
  const result = [1n];
  while (result.length < count) result.push(mod(result.at(-1)! * base));
  return result;
}

function dot(a: readonly bigint[], b: readonly bigint[]): bigint {
  return mod(a.reduce((sum, x, i) => sum + x * b[i]!, 0n));
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, x) => sum + x, 0n);
}
