import {
  concat,
  mod,
  OMEGA,
  pow,
  ROWS,
  u32be,
  type BlindColumn,
  type FieldKernels,
  type KzgCommitter,
  type Vector,
} from '@solvent/algebra';
import {
  ACCOUNT_ROWS,
  drawZeta,
  encodeEvaluations,
  GROUP_SIZE,
  HASH_BYTES,
  headerDigest,
  helperCount,
  layoutOf,
  pairedWeights,
  QUOTIENT_CHUNKS,
  TABLE_SIZE,
  Transcript,
  type AccountBatch,
  type BatchProof,
  type Header,
  type Layout,
} from '@solvent/proof/verify';
import { BlindingStream } from './blinding';
import { nativeAccountTree } from './native-hashes';
import { RESERVED_ROWS, reservedLimbs, reservedSums } from './reserved-rows';
import { buildWitness, type BatchWitness, type ProofKeys } from './witness';

/** Limb columns that are given to the committer together: bounded, so that 8,192 of them don't stand in memory twice. */
const COLUMNS_AT_ONCE = 512;

/** Leaves of the reserved rows of an account tree (section 5). */
export const RESERVED_LEAVES = new Uint8Array(HASH_BYTES * RESERVED_ROWS);

/** What the prover keeps of one batch, beside its accounts, to open single rows later (section 9). */
export interface BatchSecrets {
  /** 32 bytes an account. */
  readonly salts: Uint8Array;
  /** Account tree leaves of rows count…4079: 32 bytes each. */
  readonly unusedLeaves: Uint8Array;
  /** What the blinding of the batch's openings is derived from: 32 bytes (section 12). */
  readonly openingSeed: Uint8Array;
  /** Rows 4080…4095 of each published value's column. */
  readonly reservedSums: readonly (readonly bigint[])[];
}

export interface ProvedBatches {
  readonly proof: BatchProof;
  readonly batches: readonly BatchSecrets[];
}

/**
 * Proves k consecutive batches at once (section 7). Each step is a method of its own, so that tests can cheat in one of them
 * and do all others honestly.
 *
 * All columns live in the kernels' memory; limb columns as 16-bit integers with their reserved rows apart, expanded when they are used.
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
   * @throws SolventError WITNESS_OUT_OF_RANGE when an account cannot be proved
   */
  prove(first: number, batches: readonly AccountBatch[]): ProvedBatches {
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
      // The opening seeds are the last that is drawn.
      return {
        proof,
        batches: columns.secrets.map((secret) => ({ ...secret, openingSeed: blinding.bytes() })),
      };
    } finally {
      this.kernels.release(mark);
    }
  }

  /** Rows of every column that is committed before the first challenge, blinding included. */
  protected witnessColumns(witness: readonly BatchWitness[], blinding: BlindingStream): WitnessColumns {
    const { kernels, layout } = this;
    const unusedLeaves = witness.map(({ count }) =>
      concat(...Array.from({ length: ACCOUNT_ROWS - count }, () => blinding.bytes())),
    );
    const accounts = witness.map(({ leaves }, i) => this.accountsRoot(leaves, unusedLeaves[i]!));

    const counts = new Uint32Array(TABLE_SIZE);
    const limbs: LimbColumn[] = [];
    for (const { limbs: rows } of witness) {
      const reserved = this.reservedLimbs(blinding);
      rows.forEach((column, c) => {
        const address = kernels.allocateBytes(2 * ACCOUNT_ROWS);
        kernels
          .bytes(address, 2 * ACCOUNT_ROWS)
          .set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
        for (let row = 0; row < ACCOUNT_ROWS; row++) counts[column[row]!]!++;
        limbs.push({ rows: address, reserved: reserved[c]! });
      });
    }
    const countsAddress = kernels.allocateBytes(4 * TABLE_SIZE);
    kernels.bytes(countsAddress, 4 * TABLE_SIZE).set(new Uint8Array(counts.buffer));
    const multiplicity = kernels.allocate(ROWS);
    kernels.multiplicity(multiplicity, countsAddress);
    kernels.load(multiplicity, ACCOUNT_ROWS, blinding.elements(RESERVED_ROWS));

    const secrets = witness.map(({ salts }, i) => ({
      salts,
      unusedLeaves: unusedLeaves[i]!,
      reservedSums: reservedSums(
        layout,
        limbs.slice(i * layout.limbs, (i + 1) * layout.limbs).map(({ reserved }) => reserved),
      ),
    }));
    return { accounts, limbs, multiplicity, counts: countsAddress, secrets };
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

    const u = this.lookupSum(witness, lookup);
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
      zero: this.openAtZero(u),
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

  /** Commitments to all limb columns: many at once where the committer can, which is several times cheaper. */
  protected commitLimbs(witness: WitnessColumns, scratch: Vector): Uint8Array[] {
    const { committer } = this;
    if (!committer.commitSmall)
      return witness.limbs.map((_, index) => this.commit(this.limbColumn(witness, index, scratch)));
    const points: Uint8Array[] = [];
    for (let at = 0; at < witness.limbs.length; at += COLUMNS_AT_ONCE)
      points.push(
        ...committer.commitSmall(
          witness.limbs.slice(at, at + COLUMNS_AT_ONCE).map(({ rows, reserved }) => ({
            rows: new Uint16Array(this.kernels.bytes(rows, 2 * ACCOUNT_ROWS).slice().buffer),
            reserved,
          })),
        ),
      );
    return points;
  }

  /** All rows of a limb column, written into `target`. */
  protected limbColumn(witness: WitnessColumns, index: number, target: Vector): Vector {
    const { rows, reserved } = witness.limbs[index]!;
    this.kernels.expandLimbs(target, rows);
    this.kernels.load(target, ACCOUNT_ROWS, reserved);
    return target;
  }

  /** h_G and h_T of the lookup argument (section 7, round 2). */
  protected lookupColumns(
    witness: WitnessColumns,
    groups: number,
    alpha: bigint,
    blinding: BlindingStream,
  ): LookupColumns {
    const { kernels } = this;
    const terms = kernels.allocate(TABLE_SIZE);
    kernels.lookupTerms(terms, alpha);
    const reservedSum = new Array<bigint>(RESERVED_ROWS).fill(0n);
    const helpers = Array.from({ length: groups }, () => {
      const reserved = blinding.elements(RESERVED_ROWS);
      reserved.forEach((value, row) => (reservedSum[row] = mod(reservedSum[row]! + value)));
      return reserved;
    });
    const table = kernels.allocate(ROWS);
    kernels.tableHelper(table, terms, witness.counts);
    const reservedTable: bigint[] = [];
    for (let row = 0; row < RESERVED_ROWS; row += 2) {
      const value = blinding.element();
      reservedTable.push(value, mod(reservedSum[row]! - value + reservedSum[row + 1]!));
    }
    kernels.load(table, ACCOUNT_ROWS, reservedTable);
    return { terms, helpers, table };
  }

  /** All rows of a helper column, written into `target`: cheaper to make again than to keep, where there are thousands. */
  protected helperColumn(witness: WitnessColumns, lookup: LookupColumns, G: number, target: Vector): Vector {
    const members = witness.limbs.slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1));
    this.kernels.helper(
      target,
      lookup.terms,
      members.map(({ rows }) => rows),
    );
    this.kernels.load(target, ACCOUNT_ROWS, lookup.helpers[G]!);
    return target;
  }

  /** U = Σ h_G − h_T. */
  private lookupSum(witness: WitnessColumns, lookup: LookupColumns): Vector {
    const { kernels } = this;
    const [u, helper] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
    kernels.fill(u, ROWS, 0n);
    lookup.helpers.forEach((_, G) => kernels.add(u, u, this.helperColumn(witness, lookup, G, helper), ROWS));
    kernels.subtract(u, u, lookup.table, ROWS);
    return u;
  }

  /** W = Σ y^v·V_v + y^(kP)·U over the paired base values. */
  protected pairedColumn(witness: WitnessColumns, u: Vector, y: bigint): Vector {
    const { kernels, layout } = this;
    const k = witness.accounts.length;
    const w = kernels.allocate(ROWS);
    const limb = kernels.allocate(ROWS);
    kernels.scale(w, u, pow(y, BigInt(k * layout.paired.length)), ROWS);
    pairedWeights(layout, k, y).forEach((weight, index) => {
      if (weight !== 0n) kernels.addScaled(w, this.limbColumn(witness, index, limb), weight, ROWS);
    });
    return w;
  }

  /** The chunks of Q = F / (X^n − 1), blinded, as columns (section 7, round 3). */
  protected quotientChunks(
    witness: WitnessColumns,
    lookup: LookupColumns,
    w: Vector,
    { alpha, y }: { alpha: bigint; y: bigint },
    blinding: BlindingStream,
  ): Vector[] {
    const { kernels } = this;
    const cosets = [0, 1, 2, 3] as const;
    const weights = this.constraintWeights(lookup.helpers.length, y);
    const accumulators = this.groupSums(witness, lookup, alpha, weights.groups);
    const coefficients = Array.from({ length: 3 }, () => kernels.allocate(ROWS));
    const values = Array.from({ length: 3 }, () => kernels.allocate(ROWS));
    [lookup.table, witness.multiplicity, w].forEach((column, i) =>
      kernels.interpolate(coefficients[i]!, column),
    );
    for (const j of cosets) {
      for (let i = 0; i < 3; i++) kernels.coset(values[i]!, coefficients[i]!, j);
      const [table, multiplicity, paired] = values as [Vector, Vector, Vector];
      kernels.finishQuotient(
        kernels.at(accumulators, j * ROWS),
        j,
        { table, multiplicity, w: paired },
        alpha,
        weights.table,
        weights.pairs,
      );
    }
    const quotient = kernels.allocate(cosets.length * ROWS);
    kernels.interpolateCosets(quotient, accumulators);

    const blinds = blinding.elements(QUOTIENT_CHUNKS - 1);
    return cosets.map((i) => {
      const chunk = kernels.allocate(ROWS);
      kernels.copy(chunk, kernels.at(quotient, i * (ROWS - 1)), ROWS - 1);
      kernels.load(chunk, ROWS - 1, [blinds[i] ?? 0n]);
      if (i > 0) kernels.load(chunk, 0, [mod(kernels.read(chunk, 0, 1)[0]! - blinds[i - 1]!)]);
      kernels.evaluate(chunk, chunk);
      return chunk;
    });
  }

  /**
   * Σ_G weight_G·(the bracket of group G) on the four cosets, one after another. The brackets of an honest witness are 0 in the account rows, which spares a
   * quarter of the transforms; and those of groups whose columns have one value there, an asset that nobody holds, say, take none.
   */
  protected groupSums(
    witness: WitnessColumns,
    lookup: LookupColumns,
    alpha: bigint,
    weights: readonly bigint[],
  ): Vector {
    const { kernels } = this;
    const columns = Array.from({ length: GROUP_SIZE + 1 }, () => kernels.allocate(ROWS));
    const values = Array.from({ length: GROUP_SIZE + 1 }, () => kernels.allocate(ROWS));
    const sums = kernels.groupQuotient();
    sums.start(alpha);
    lookup.helpers.forEach((helperReserved, G) => {
      const members = witness.limbs.slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1));
      const blind = members.map((limb) => this.blindColumn(limb));
      if (blind.every((column) => column !== undefined))
        return sums.addBlind(blind, helperReserved, weights[G]!);
      this.helperColumn(witness, lookup, G, columns[0]!);
      members.forEach((_, i) => this.limbColumn(witness, GROUP_SIZE * G + i, columns[i + 1]!));
      sums.add(columns.slice(0, members.length + 1), values.slice(0, members.length + 1), weights[G]!);
    });
    return sums.finish();
  }

  /** A limb column that has one value in all account rows. */
  private blindColumn({ rows, reserved }: LimbColumn): BlindColumn | undefined {
    const bytes = this.kernels.bytes(rows, 2 * ACCOUNT_ROWS);
    const limbs = new Uint16Array(bytes.buffer, bytes.byteOffset, ACCOUNT_ROWS);
    const value = limbs[0]!;
    return limbs.every((limb) => limb === value) ? { value: BigInt(value), reserved } : undefined;
  }

  /** The powers of y in F: y^G for group G, y^NG for the table, y^(NG+1) for the pairs. */
  protected constraintWeights(
    groups: number,
    y: bigint,
  ): { readonly groups: readonly bigint[]; readonly table: bigint; readonly pairs: bigint } {
    const powers = [1n];
    while (powers.length < groups + 2) powers.push(mod(powers.at(-1)! * y));
    return { groups: powers.slice(0, groups), table: powers[groups]!, pairs: powers[groups + 1]! };
  }

  /** Every column's value at ζ, and W(ωζ). */
  protected evaluate(
    witness: WitnessColumns,
    lookup: LookupColumns,
    w: Vector,
    zeta: bigint,
  ): BatchProof['evaluations'] {
    const { kernels } = this;
    const [weights, differences] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
    const scratch = kernels.allocate(ROWS);
    const at = (column: Vector) => kernels.dot(weights, column, ROWS);
    kernels.lagrangeWeights(weights, differences, mod(OMEGA * zeta));
    const shifted = at(w);
    kernels.lagrangeWeights(weights, differences, zeta);
    return {
      limbs: witness.limbs.map((_, index) => at(this.limbColumn(witness, index, scratch))),
      multiplicity: at(witness.multiplicity),
      helpers: lookup.helpers.map((_, G) => at(this.helperColumn(witness, lookup, G, scratch))),
      table: at(lookup.table),
      shifted,
    };
  }

  /** Σ γ^j·(j-th of the limbs, m, helpers, h_T, Q_ζ). */
  protected foldColumns(
    witness: WitnessColumns,
    lookup: LookupColumns,
    chunks: readonly Vector[],
    zeta: bigint,
    gamma: bigint,
  ): Vector {
    const { kernels } = this;
    const folded = kernels.allocate(ROWS);
    const scratch = kernels.allocate(ROWS);
    kernels.fill(folded, ROWS, 0n);
    let weight = 1n;
    const fold = (column: Vector) => {
      kernels.addScaled(folded, column, weight, ROWS);
      weight = mod(weight * gamma);
    };
    witness.limbs.forEach((_, index) => fold(this.limbColumn(witness, index, scratch)));
    fold(witness.multiplicity);
    lookup.helpers.forEach((_, G) => fold(this.helperColumn(witness, lookup, G, scratch)));
    fold(lookup.table);
    const step = pow(zeta, BigInt(ROWS - 1));
    for (const chunk of chunks) {
      kernels.addScaled(folded, chunk, weight, ROWS);
      weight = mod(weight * step);
    }
    return folded;
  }

  /** Commitment to (column − column(z)) / (X − z), z off the domain. */
  protected openAt(column: Vector, z: bigint): Uint8Array {
    const { kernels } = this;
    const [weights, differences] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
    kernels.lagrangeWeights(weights, differences, z);
    kernels.openingQuotient(weights, column, kernels.dot(weights, column, ROWS), differences);
    return this.commit(weights);
  }

  /** Commitment to column / X for a column that is 0 at 0. */
  private openAtZero(column: Vector): Uint8Array {
    const quotient = this.kernels.allocate(ROWS);
    this.kernels.openingQuotientAtZero(quotient, column);
    return this.commit(quotient);
  }

  protected commit(column: Vector): Uint8Array {
    return this.committer.commit(this.kernels.blob(column));
  }
}

/** A limb column: account rows as 16-bit integers in the kernels' memory, reserved rows apart. */
export interface LimbColumn {
  readonly rows: number;
  readonly reserved: readonly bigint[];
}

/** Everything that is committed before the first challenge. */
export interface WitnessColumns {
  /** Roots of the batches' account trees. */
  readonly accounts: readonly Uint8Array[];
  /** Batch by batch, in each in layout order. */
  readonly limbs: readonly LimbColumn[];
  readonly multiplicity: Vector;
  /** Address of the 2,048 counts behind `multiplicity`. */
  readonly counts: number;
  /** All but the opening seeds, which are drawn last. */
  readonly secrets: readonly Omit<BatchSecrets, 'openingSeed'>[];
}

/** What is committed between the first two challenges. */
export interface LookupColumns {
  /** 1/(α + t) − 1/α for t = 0…2047. */
  readonly terms: Vector;
  /** Reserved rows of each h_G; account rows follow from the limbs. */
  readonly helpers: readonly (readonly bigint[])[];
  readonly table: Vector;
}
