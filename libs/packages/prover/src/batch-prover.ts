import { elementBytes } from '@solvent-por/claims';
import {
  concat,
  mod,
  OMEGA,
  ROWS,
  u32be,
  type FieldKernels,
  type KzgCommitter,
  type Vector,
} from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  drawZeta,
  encodeEvaluations,
  HASH_BYTES,
  headerDigest,
  helperCount,
  layoutOf,
  Transcript,
  type AccountBatch,
  type BatchProof,
  type Header,
  type Layout,
} from '@solvent-por/verifier';
import {
  commitSmallLimbs,
  limbColumn,
  witnessColumns,
  type BatchSecrets,
  type WitnessColumns,
} from './batch/columns';
import { evaluate, foldColumns, openingQuotient, openingQuotientAtZero } from './batch/evaluations';
import {
  helperColumn,
  lookupColumns,
  lookupSum,
  type LookupColumns,
  type ColumnReaders,
} from './batch/lookup';
import {
  constraintWeights,
  groupSums,
  pairedColumn,
  quotientChunks,
  type ConstraintWeights,
} from './batch/quotient';
import { BlindingStream } from './blinding';
import { nativeAccountTree } from './native-hashes';
import { RESERVED_ROWS, reservedLimbs } from './reserved-rows';
import { buildWitness, type BatchWitness, type ProofKeys } from './witness';

/** Leaves of the reserved rows of an account tree (section 5). */
export const RESERVED_LEAVES = new Uint8Array(HASH_BYTES * RESERVED_ROWS);

/** A proof, and what opens its batches. */
export interface ProofWithSecrets {
  readonly proof: BatchProof;
  readonly batches: readonly BatchSecrets[];
  /**
   * Where the snapshot has a claim tree: of each batch its leaves of the unused account rows (section 13), 32
   * bytes each, big-endian, as `ClaimHasher.batchTree` takes them.
   */
  readonly unusedClaimLeaves?: readonly Uint8Array[];
}

/**
 * Proves k consecutive batches at once (section 7). Each step is a method of its own, so that tests can cheat
 * in one of them and do all others honestly.
 *
 * All columns live in the kernels' memory; limb columns as 16-bit integers with their reserved rows apart,
 * expanded when they are used.
 */
export class BatchProver {
  readonly layout: Layout;
  readonly headerDigest: Uint8Array;

  constructor(
    header: Header,
    protected readonly keys: ProofKeys,
    protected readonly kernels: FieldKernels,
    protected readonly committer: KzgCommitter,
  ) {
    this.layout = layoutOf(header);
    this.headerDigest = headerDigest(header);
  }

  /**
   * @param first index of the first batch
   * @param batches 1…layout.maxBatches batches
   * @param claims whether the snapshot has a claim tree: nothing else in the result depends on it
   * @throws SolventError WITNESS_OUT_OF_RANGE when an account cannot be proved
   */
  prove(first: number, batches: readonly AccountBatch[], claims = false): ProofWithSecrets {
    const mark = this.kernels.mark();
    try {
      const { batches: witness, digest } = buildWitness(
        this.layout,
        this.headerDigest,
        this.keys.salt,
        batches,
      );
      const blinding = new BlindingStream(
        this.keys.blinding,
        this.headerDigest,
        first,
        batches.length,
        digest,
      );
      const columns = this.witnessColumns(witness, blinding);
      const proof = this.proveColumns(first, columns, blinding);
      const secrets = columns.secrets.map((secret) => ({ ...secret, openingSeed: blinding.bytes() }));
      // After the opening seeds nothing is drawn but the claim tree's leaves.
      return {
        ...{ proof, batches: secrets },
        ...(claims && { unusedClaimLeaves: batches.map(({ count }) => claimLeaves(count, blinding)) }),
      };
    } finally {
      this.kernels.release(mark);
    }
  }

  /** Rows of every column that is committed before the first challenge, blinding included. */
  protected witnessColumns(witness: readonly BatchWitness[], blinding: BlindingStream): WitnessColumns {
    return witnessColumns(this.kernels, this.layout, witness, blinding, {
      accountsRoot: (used, unused) => this.accountsRoot(used, unused),
      reservedLimbs: (stream) => this.reservedLimbs(stream),
    });
  }

  /** Root of a batch's account tree. */
  protected accountsRoot(used: Uint8Array, unused: Uint8Array): Uint8Array {
    return nativeAccountTree(used, unused, RESERVED_LEAVES).root;
  }

  /** Reserved rows of one batch's limb columns. */
  protected reservedLimbs(blinding: BlindingStream): bigint[][] {
    return reservedLimbs(this.layout, blinding);
  }

  /** Rounds 1 to 3, evaluations and openings over columns that are fixed. */
  protected proveColumns(first: number, witness: WitnessColumns, blinding: BlindingStream): BatchProof {
    const { kernels } = this;
    const k = witness.accounts.length;
    const groups = helperCount(this.layout, k);
    const transcript = new Transcript('proof');
    transcript.absorb('header', this.headerDigest);
    transcript.absorb('first', u32be(first));

    const scratch = kernels.allocate(ROWS);
    const limbPoints = this.commitLimbs(witness, scratch);
    const multiplicityPoint = this.commit(witness.multiplicity);
    transcript.absorb('accounts', ...witness.accounts);
    transcript.absorb('limbs', ...limbPoints);
    transcript.absorb('multiplicity', multiplicityPoint);
    const alpha = transcript.challenge('alpha');

    const lookup = this.lookupColumns(witness, groups, alpha, blinding);
    const helperPoints = lookup.helpers.map((_, G) =>
      this.commit(this.helperColumn(witness, lookup, G, scratch)),
    );
    const tablePoint = this.commit(lookup.table);
    transcript.absorb('helpers', ...helperPoints);
    transcript.absorb('table', tablePoint);
    const y = transcript.challenge('y');

    const u = lookupSum(kernels, this.columns(witness, lookup));
    const w = this.pairedColumn(witness, u, y);
    const chunks = this.quotientChunks(witness, lookup, w, { alpha, y }, blinding);
    const quotientPoints = chunks.map((column) => this.commit(column));
    transcript.absorb('quotient', ...quotientPoints);
    const zeta = drawZeta(transcript);

    const evaluations = this.evaluate(witness, lookup, w, zeta);
    transcript.absorb('evaluations', ...encodeEvaluations(evaluations));
    const gamma = transcript.challenge('gamma');

    const folded = this.foldColumns(witness, lookup, chunks, zeta, gamma);
    const openings = {
      zeta: this.openAt(folded, zeta),
      omegaZeta: this.openAt(w, mod(OMEGA * zeta)),
      zero: this.commit(openingQuotientAtZero(kernels, u)),
    };
    return {
      first,
      accounts: witness.accounts,
      commitments: {
        limbs: limbPoints,
        multiplicity: multiplicityPoint,
        helpers: helperPoints,
        table: tablePoint,
        quotient: quotientPoints,
      },
      evaluations,
      openings,
    };
  }

  /** Commitments to all limb columns: many at once where the committer can. */
  protected commitLimbs(witness: WitnessColumns, scratch: Vector): Uint8Array[] {
    const { committer } = this;
    return committer.commitSmall
      ? commitSmallLimbs(this.kernels, (columns) => committer.commitSmall!(columns), witness.limbs)
      : witness.limbs.map((_, index) => this.commit(this.limbColumn(witness, index, scratch)));
  }

  /** All rows of a limb column, written into `target`. */
  protected limbColumn(witness: WitnessColumns, index: number, target: Vector): Vector {
    return limbColumn(this.kernels, witness.limbs[index]!, target);
  }

  /** h_G and h_T of the lookup argument (section 7, round 2). */
  protected lookupColumns(
    witness: WitnessColumns,
    groups: number,
    alpha: bigint,
    blinding: BlindingStream,
  ): LookupColumns {
    return lookupColumns(this.kernels, witness, groups, alpha, blinding);
  }

  /** All rows of a helper column, written into `target`. */
  protected helperColumn(witness: WitnessColumns, lookup: LookupColumns, G: number, target: Vector): Vector {
    return helperColumn(this.kernels, witness, lookup, G, target);
  }

  /** W, which is 0 where values are paired and lookups add up. */
  protected pairedColumn(witness: WitnessColumns, u: Vector, y: bigint): Vector {
    const limb = (index: number, target: Vector) => this.limbColumn(witness, index, target);
    return pairedColumn(this.kernels, this.layout, { witness, limb }, u, y);
  }

  /** The chunks of Q, blinded, as columns (section 7, round 3). */
  protected quotientChunks(
    witness: WitnessColumns,
    lookup: LookupColumns,
    w: Vector,
    { alpha, y }: { alpha: bigint; y: bigint },
    blinding: BlindingStream,
  ): Vector[] {
    const { groups, table, pairs } = this.constraintWeights(lookup.helpers.length, y);
    const sums = this.groupSums(witness, lookup, alpha, groups);
    const columns = { table: lookup.table, multiplicity: witness.multiplicity, w };
    return quotientChunks(this.kernels, sums, columns, { alpha, table, pairs }, blinding);
  }

  /** Σ_G weight_G·(the bracket of group G) on the four cosets, one after another. */
  protected groupSums(
    witness: WitnessColumns,
    lookup: LookupColumns,
    alpha: bigint,
    weights: readonly bigint[],
  ): Vector {
    return groupSums(this.kernels, this.columns(witness, lookup), alpha, weights);
  }

  protected constraintWeights(groups: number, y: bigint): ConstraintWeights {
    return constraintWeights(groups, y);
  }

  /** Every column's value at ζ, and W(ωζ). */
  protected evaluate(
    witness: WitnessColumns,
    lookup: LookupColumns,
    w: Vector,
    zeta: bigint,
  ): BatchProof['evaluations'] {
    return evaluate(this.kernels, this.columns(witness, lookup), w, zeta);
  }

  /** Σ γ^j·(j-th of the limbs, m, helpers, h_T, Q_ζ). */
  protected foldColumns(
    witness: WitnessColumns,
    lookup: LookupColumns,
    chunks: readonly Vector[],
    zeta: bigint,
    gamma: bigint,
  ): Vector {
    return foldColumns(this.kernels, this.columns(witness, lookup), chunks, zeta, gamma);
  }

  /** Commitment to (column − column(z)) / (X − z), z off the domain. */
  protected openAt(column: Vector, z: bigint): Uint8Array {
    return this.commit(openingQuotient(this.kernels, column, z));
  }

  protected commit(column: Vector): Uint8Array {
    return this.committer.commit(this.kernels.blob(column));
  }

  /** As the methods above make them. */
  private columns(witness: WitnessColumns, lookup: LookupColumns): ColumnReaders {
    return {
      witness,
      lookup,
      limb: (index, target) => this.limbColumn(witness, index, target),
      helper: (G, target) => this.helperColumn(witness, lookup, G, target),
    };
  }
}

/** Leaves of the unused account rows of one batch's claim tree (section 13). */
function claimLeaves(count: number, blinding: BlindingStream): Uint8Array {
  return concat(...Array.from({ length: ACCOUNT_ROWS - count }, () => elementBytes(blinding.claimElement())));
}
