import { inverse, mod, pow, ROWS, type FieldKernels, type KzgCommitter, type Vector } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  GROUP_SIZE,
  LIMB_BITS,
  TABLE_SIZE,
  type BatchProof,
  type Header,
  type Layout,
} from '@solvent-por/verifier';
import {
  BatchProver,
  type BatchWitness,
  type BlindingStream,
  type LookupColumns,
  type WitnessColumns,
} from '@solvent-por/prover';
import { TEST_KEYS } from '../snapshots';
import type { Hide } from './hiding';
import type { Exponent, Powers } from './powers';
import { violations } from './violations';

/** A change of one cell of a column: `add` is added to what is honest there, mod r. */
export interface CellChange {
  readonly row: number;
  readonly add: bigint;
}

/** A change of one limb; limb columns count batch by batch through the proof. */
export interface LimbChange extends CellChange {
  readonly limb: number;
}

/** What a prover knows when it claims values at ζ. */
export interface EvaluationChallenges {
  readonly alpha: bigint;
  readonly y: bigint;
  readonly zeta: bigint;
}

/** Where to leave the protocol; whatever is not named is done as honestly as the lie allows. */
export interface Cheat {
  /**
   * Limbs, in account or reserved rows; multiplicities and helper rows follow them as far as the table
   * allows.
   */
  readonly limbs?: readonly LimbChange[];
  /** Multiplicities; h_T follows them. */
  readonly multiplicity?: readonly CellChange[];
  /** What to do about a lookup sum that is not zero; by default nothing. */
  readonly hide?: Hide;
  /** The flawed verifier that the proof is made for. */
  readonly powers?: Powers;
  readonly gammaExponent?: (j: number) => number;
  /** The layout of the flawed verifier that the proof is made for. */
  readonly layout?: Layout;
  /** Roots of the account trees. */
  readonly accounts?: (honest: Uint8Array) => Uint8Array;
  /** Changes the four chunks of the quotient, as columns. */
  readonly chunks?: (chunks: readonly Vector[], kernels: FieldKernels) => Vector[];
  /** Lies about values. */
  readonly evaluations?: (
    honest: BatchProof['evaluations'],
    challenges: EvaluationChallenges,
  ) => BatchProof['evaluations'];
}

/** F has degree below 4·n: its values on four cosets say what it is. */
const COSETS = 4;

/** The real prover, but for one cheat. */
export class CheatingProver extends BatchProver {
  /** Whether to find out what a proof breaks of F. */
  examines = true;
  /** What the last proof breaks of F on the domain. */
  violations: readonly string[] = [];
  /** The true values of what the last proof opens at ζ and at ωζ. */
  opened: readonly bigint[] = [];
  private challenges = { alpha: 0n, y: 0n };
  /** Cells of helper columns that are not what the limbs make them, by group and row. */
  private readonly helperCells = new Map<number, Map<number, bigint>>();

  constructor(
    header: Header,
    kernels: FieldKernels,
    committer: KzgCommitter,
    private readonly cheat: Cheat,
  ) {
    super(header, TEST_KEYS, kernels, committer);
    if (cheat.layout) (this as { layout: Layout }).layout = cheat.layout;
  }

  protected override accountsRoot(used: Uint8Array, unused: Uint8Array): Uint8Array {
    const honest = super.accountsRoot(used, unused);
    return this.cheat.accounts?.(honest) ?? honest;
  }

  protected override witnessColumns(
    witness: readonly BatchWitness[],
    blinding: BlindingStream,
  ): WitnessColumns {
    const columns = super.witnessColumns(witness, blinding);
    this.opened = [];
    this.helperCells.clear();
    const { kernels } = this;
    const count = (value: bigint, by: bigint) => {
      if (value < BigInt(TABLE_SIZE)) this.addTo(columns.multiplicity, { row: Number(value), add: by });
    };
    for (const { limb, row } of this.changedCells()) {
      const honest = this.honestLimb(columns, limb, row);
      count(honest, -1n);
      count(this.limbAt(columns, limb, row), 1n);
    }
    // Row 0 holds nothing in honest columns, and nobody looks.
    kernels.load(columns.multiplicity, 0, [0n]);
    for (const change of this.cheat.multiplicity ?? []) this.addTo(columns.multiplicity, change);
    return columns;
  }

  /** One by one: a lie about a limb need not be small. */
  protected override commitLimbs(witness: WitnessColumns, scratch: Vector): Uint8Array[] {
    return witness.limbs.map((_, index) => this.commit(this.limbColumn(witness, index, scratch)));
  }

  protected override limbColumn(witness: WitnessColumns, index: number, target: Vector): Vector {
    super.limbColumn(witness, index, target);
    for (const change of this.cheat.limbs ?? []) if (change.limb === index) this.addTo(target, change);
    return target;
  }

  protected override lookupColumns(
    witness: WitnessColumns,
    groups: number,
    alpha: bigint,
    blinding: BlindingStream,
  ): LookupColumns {
    const lookup = super.lookupColumns(witness, groups, alpha, blinding);
    const { kernels } = this;
    const term = (x: bigint) => inverse(alpha + x) - inverse(alpha);
    const limbsOf = (G: number, row: number) =>
      witness.limbs
        .slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1))
        .map((_, i) => this.limbAt(witness, GROUP_SIZE * G + i, row));
    for (const { limb, row } of this.changedCells()) {
      const G = Math.floor(limb / GROUP_SIZE);
      const sum = limbsOf(G, row).reduce((total, l) => total + term(l), 0n);
      this.setHelper(G, row, mod(sum));
    }
    kernels.read(witness.multiplicity, 0, TABLE_SIZE).forEach((m, t) => {
      kernels.load(lookup.table, t, [m === 0n ? 0n : mod(m * term(BigInt(t)))]);
    });

    const scratch = kernels.allocate(ROWS);
    this.cheat.hide?.({
      alpha,
      deficit: mod(
        lookup.helpers.reduce(
          (sum, _, G) => sum + this.total(this.helperColumn(witness, lookup, G, scratch)),
          -this.total(lookup.table),
        ),
      ),
      product: (G, row) => limbsOf(G, row).reduce((product, l) => mod(product * (alpha + l)), 1n),
      addToHelper: (G, row, add) => {
        const column = this.helperColumn(witness, lookup, G, scratch);
        this.setHelper(G, row, mod(kernels.read(column, row, 1)[0]! + add));
      },
      addToTable: (row, add) => this.addTo(lookup.table, { row, add }),
    });
    return lookup;
  }

  protected override helperColumn(
    witness: WitnessColumns,
    lookup: LookupColumns,
    G: number,
    target: Vector,
  ): Vector {
    super.helperColumn(witness, lookup, G, target);
    this.helperCells.get(G)?.forEach((value, row) => this.kernels.load(target, row, [value]));
    return target;
  }

  private setHelper(G: number, row: number, value: bigint): void {
    const cells = this.helperCells.get(G) ?? new Map<number, bigint>();
    this.helperCells.set(G, cells.set(row, value));
  }

  protected override pairedColumn(witness: WitnessColumns, u: Vector, y: bigint): Vector {
    const { powers } = this.cheat;
    if (!powers) return super.pairedColumn(witness, u, y);
    const { kernels, layout } = this;
    const [w, limb] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
    kernels.scale(w, u, power(y, powers.lookupSum), ROWS);
    powers.values.forEach((exponent, v) => {
      const batch = Math.floor(v / layout.paired.length);
      const { firstLimb, limbs } = layout.bases[layout.paired[v % layout.paired.length]!]!;
      for (let j = 0; j < limbs; j++) {
        const column = this.limbColumn(witness, batch * layout.limbs + firstLimb + j, limb);
        kernels.addScaled(w, column, mod(power(y, exponent) << BigInt(LIMB_BITS * j)), ROWS);
      }
    });
    return w;
  }

  protected override constraintWeights(groups: number, y: bigint) {
    const { powers } = this.cheat;
    return powers
      ? {
          groups: powers.groups.map((exponent) => power(y, exponent)),
          table: power(y, powers.table),
          pairs: power(y, powers.pairs),
        }
      : super.constraintWeights(groups, y);
  }

  /** On all four cosets: an honest prover takes fewer, because its brackets are 0 in the account rows. */
  protected override groupSums(
    witness: WitnessColumns,
    lookup: LookupColumns,
    alpha: bigint,
    weights: readonly bigint[],
  ): Vector {
    const { kernels } = this;
    const sums = kernels.allocate(COSETS * ROWS);
    kernels.fill(sums, COSETS * ROWS, 0n);
    const columns = Array.from({ length: GROUP_SIZE + 1 }, () => kernels.allocate(ROWS));
    const values = Array.from({ length: GROUP_SIZE + 1 }, () => kernels.allocate(ROWS));
    lookup.helpers.forEach((_, G) => {
      const size = witness.limbs.slice(GROUP_SIZE * G, GROUP_SIZE * (G + 1)).length;
      this.helperColumn(witness, lookup, G, columns[0]!);
      for (let i = 0; i < size; i++) this.limbColumn(witness, GROUP_SIZE * G + i, columns[i + 1]!);
      for (let i = 0; i <= size; i++) kernels.interpolate(columns[i]!, columns[i]!);
      for (let j = 0; j < COSETS; j++) {
        for (let i = 0; i <= size; i++) kernels.coset(values[i]!, columns[i]!, j);
        const [helper, ...limbs] = values.slice(0, size + 1) as [Vector, ...Vector[]];
        kernels.accumulateGroup(kernels.at(sums, j * ROWS), helper, limbs, alpha, weights[G]!);
      }
    });
    return sums;
  }

  protected override quotientChunks(
    witness: WitnessColumns,
    lookup: LookupColumns,
    w: Vector,
    challenges: { alpha: bigint; y: bigint },
    blinding: BlindingStream,
  ): Vector[] {
    const { kernels } = this;
    this.challenges = challenges;
    if (this.examines) this.violations = this.findViolations(witness, lookup, challenges.alpha);
    const chunks = super.quotientChunks(witness, lookup, w, challenges, blinding);
    return this.cheat.chunks?.(chunks, kernels) ?? chunks;
  }

  protected override evaluate(
    witness: WitnessColumns,
    lookup: LookupColumns,
    w: Vector,
    zeta: bigint,
  ): BatchProof['evaluations'] {
    const honest = super.evaluate(witness, lookup, w, zeta);
    return this.cheat.evaluations?.(honest, { ...this.challenges, zeta }) ?? honest;
  }

  protected override foldColumns(
    witness: WitnessColumns,
    lookup: LookupColumns,
    chunks: readonly Vector[],
    zeta: bigint,
    gamma: bigint,
  ): Vector {
    const { gammaExponent } = this.cheat;
    if (!gammaExponent) return super.foldColumns(witness, lookup, chunks, zeta, gamma);
    const { kernels } = this;
    const [folded, limb] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
    kernels.fill(folded, ROWS, 0n);
    const columns: (() => Vector)[] = [
      ...witness.limbs.map((_, index) => () => this.limbColumn(witness, index, limb)),
      () => witness.multiplicity,
      ...lookup.helpers.map((_, G) => () => this.helperColumn(witness, lookup, G, limb)),
      () => lookup.table,
    ];
    columns.forEach((column, j) => kernels.addScaled(folded, column(), power(gamma, gammaExponent(j)), ROWS));
    const last = power(gamma, gammaExponent(columns.length));
    chunks.forEach((chunk, i) =>
      kernels.addScaled(folded, chunk, mod(last * power(zeta, i * (ROWS - 1))), ROWS),
    );
    return folded;
  }

  protected override openAt(column: Vector, z: bigint): Uint8Array {
    const { kernels } = this;
    const [weights, differences] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
    kernels.lagrangeWeights(weights, differences, z);
    this.opened = [...this.opened, kernels.dot(weights, column, ROWS)];
    return super.openAt(column, z);
  }

  private findViolations(witness: WitnessColumns, lookup: LookupColumns, alpha: bigint): string[] {
    const { kernels } = this;
    const rows = (column: Vector) => kernels.read(column, 0, ROWS);
    const limb = kernels.allocate(ROWS);
    return violations(this.layout, alpha, {
      limbs: witness.limbs.map((_, index) => rows(this.limbColumn(witness, index, limb))),
      multiplicity: rows(witness.multiplicity),
      helpers: lookup.helpers.map((_, G) => rows(this.helperColumn(witness, lookup, G, limb))),
      table: rows(lookup.table),
    });
  }

  /** Changed limbs of account rows, each once. */
  private changedCells(): LimbChange[] {
    const cells = (this.cheat.limbs ?? []).filter(({ row }) => row < ACCOUNT_ROWS);
    return cells.filter(
      (cell, i) => cells.findIndex(({ limb, row }) => limb === cell.limb && row === cell.row) === i,
    );
  }

  private honestLimb(witness: WitnessColumns, limb: number, row: number): bigint {
    const [low, high] = this.kernels.bytes(witness.limbs[limb]!.rows + 2 * row, 2) as unknown as [
      number,
      number,
    ];
    return BigInt(low | (high << 8));
  }

  private limbAt(witness: WitnessColumns, limb: number, row: number): bigint {
    const changes = (this.cheat.limbs ?? []).filter((change) => change.limb === limb && change.row === row);
    return mod(changes.reduce((sum, { add }) => sum + add, this.honestLimb(witness, limb, row)));
  }

  private addTo(column: Vector, { row, add }: CellChange): void {
    this.kernels.load(column, row, [mod(this.kernels.read(column, row, 1)[0]! + add)]);
  }

  private total(column: Vector): bigint {
    return this.kernels.read(column, 0, ROWS).reduce((sum, x) => sum + x, 0n);
  }
}

function power(y: bigint, exponent: Exponent): bigint {
  return exponent === undefined ? 0n : pow(y, BigInt(exponent));
}
