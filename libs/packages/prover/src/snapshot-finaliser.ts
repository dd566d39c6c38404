import {
  createKernels,
  encodePoints,
  OpeningChecks,
  SolventError,
  type G1Point,
  type KzgCommitter,
  type KzgVerifier,
} from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  addTotalsCheck,
  batchDigests,
  ColumnsDigest,
  encodedSum,
  headerDigest,
  layoutOf,
  leafNode,
  sumsChallenge,
  SumTreeBuilder,
  treeRoot,
  type BatchProof,
  type Header,
  type Layout,
  type LeafRange,
} from '@solvent-por/verifier';
import { claimTreeAbove } from './claims/claim-roots-file';
import { provedSums } from './proved-sums';
import { TotalsProver } from './totals-prover';
import { amountAt } from './witness';
import type { StoredBatch } from './witness-file';

/** A node of the sum tree as it is stored, named by the leaves below it; leaves have size 1. */
export interface TreeNode extends LeafRange {
  readonly hash: Uint8Array;
  /** Commitment to its folded sums: 48 bytes, compressed. */
  readonly sum: Uint8Array;
}

/** What is fixed before γ is drawn (section 8), and γ. */
export interface FixedSnapshot {
  readonly columns: Uint8Array;
  /** In layout order. */
  readonly totals: readonly bigint[];
  readonly accounts: number;
  readonly batchCount: number;
  readonly gamma: bigint;
}

/** What a manifest says about its batches. */
export interface FinalisedSnapshot extends Omit<FixedSnapshot, 'gamma'> {
  readonly root: Uint8Array;
  /** 48 bytes. */
  readonly totalsOpening: Uint8Array;
  /** The claim tree (section 13), where every batch has its part of one. */
  readonly claims?: {
    /** Roots of the batches' trees, in order: 32 bytes each. */
    readonly roots: readonly Uint8Array[];
    /** 32 bytes. */
    readonly root: Uint8Array;
  };
}

/**
 * Sums a snapshot up (section 8), in memory that does not grow with the number of batches, in two passes over
 * proofs and witness, each in the order of the batches: first everything that γ depends on (`addProof`,
 * `addTotals`), then, with γ, the sums, their tree and the totals' opening (`sumProof`, `addWitness`).
 */
export class SnapshotFinaliser {
  readonly layout: Layout;
  readonly headerDigest: Uint8Array;
  readonly #kzg: KzgVerifier = nativeVerifier();
  readonly #columns: ColumnsDigest;
  readonly #totals: bigint[];
  #proved = 0;
  #counted = 0;
  #accounts = 0;
  readonly #claimRoots: Uint8Array[] = [];
  #fixed: FixedSnapshot | undefined;
  readonly #tree: SumTreeBuilder;
  #prover: TotalsProver | undefined;
  #folded = 0;

  /** @param onNode gets every node of the sum tree once, the last ones from `finish` */
  constructor(
    header: Header,
    private readonly committer: KzgCommitter,
    onNode?: (node: TreeNode) => void,
  ) {
    this.layout = layoutOf(header);
    this.headerDigest = headerDigest(header);
    this.#columns = new ColumnsDigest(this.headerDigest);
    this.#totals = this.layout.published.map(() => 0n);
    this.#tree = new SumTreeBuilder(
      onNode && ((node, range) => onNode({ ...range, hash: node.hash, sum: encodedSum(node) })),
    );
  }

  /** Accounts of the batches whose totals were added. */
  get accounts(): number {
    return this.#accounts;
  }

  /** First pass. @throws SolventError FINALISE_ORDER (internal) when it is not the next one */
  addProof(proof: Pick<BatchProof, 'first' | 'accounts' | 'commitments'>): void {
    refuseOutOfOrder(proof.first, this.#proved);
    for (const digest of batchDigests(proof, this.layout)) this.#columns.push(digest);
    this.#proved += proof.accounts.length;
  }

  /** First pass. @throws SolventError FINALISE_ORDER (internal) when it is not the next batch's */
  addTotals(stored: StoredBatch): void {
    refuseOutOfOrder(stored.batch, this.#counted++);
    batchTotals(this.layout, stored).forEach((sum, v) => (this.#totals[v]! += sum));
    this.#accounts += stored.accounts.count;
    if (stored.claims) this.#claimRoots.push(stored.claims.root.slice());
  }

  /**
   * Ends the first pass: columns and totals stand, γ is drawn.
   * @throws SolventError FINALISE_INCOMPLETE (internal: no batch, or proofs and witness of different ones)
   */
  fix(): FixedSnapshot {
    if (this.#fixed) return this.#fixed;
    const batchCount = this.#proved;
    if (batchCount === 0 || batchCount !== this.#counted) throw incomplete(batchCount, this.#counted);
    const columns = this.#columns.digest();
    const totals = this.#totals;
    const gamma = sumsChallenge(this.headerDigest, batchCount, columns, totals);
    this.#prover = new TotalsProver(this.layout, gamma, createKernels(), this.committer);
    return (this.#fixed = { columns, totals, accounts: this.#accounts, batchCount, gamma });
  }

  /**
   * Second pass: the sums of a proof's batches, derived from its own commitments, never from what is stored
   * beside it.
   * @returns sum_b of its batches, encoded and as points
   * @throws SolventError FINALISE_ORDER (internal), POINT_MALFORMED
   */
  sumProof(proof: BatchProof): {
    readonly encoded: readonly Uint8Array[];
    readonly points: readonly G1Point[];
  } {
    const { gamma } = this.fix();
    refuseOutOfOrder(proof.first, this.#tree.count);
    const sums = provedSums(proof, this.layout, gamma, this.#kzg);
    const encoded = encodePoints(sums);
    sums.forEach((sum, i) =>
      this.#tree.push(leafNode(this.headerDigest, proof.first + i, proof.accounts[i]!, sum, encoded[i]!)),
    );
    return { encoded, points: sums };
  }

  /** Second pass. @throws SolventError FINALISE_ORDER (internal) when it is not the next batch's */
  addWitness(stored: StoredBatch): void {
    this.fix();
    refuseOutOfOrder(stored.batch, this.#folded++);
    this.#prover!.add(stored);
  }

  /**
   * Ends the second pass.
   * @throws SolventError FINALISE_INCOMPLETE (internal), FINALISE_SELF_CHECK (internal: the witness is not what the
   *   proofs commit to; nothing may be published)
   */
  finish(): FinalisedSnapshot {
    const { gamma, ...fixed } = this.fix();
    const { batchCount, columns, totals } = fixed;
    if (this.#tree.count !== batchCount || this.#folded !== batchCount)
      throw incomplete(this.#tree.count, this.#folded);
    const top = this.#tree.top();
    const totalsOpening = this.#prover!.prove(totals);
    const checks = new OpeningChecks();
    addTotalsCheck(top.sum, gamma, totals, this.#kzg.decodePoints([totalsOpening])[0]!, checks);
    if (!checks.holds(this.#kzg))
      throw new SolventError(
        'FINALISE_SELF_CHECK',
        'internal',
        'the totals do not open the sum of the batches: what is stored of some batch is not what was proved',
      );
    const root = treeRoot(this.headerDigest, batchCount, columns, top);
    return { ...fixed, root, totalsOpening, ...this.#claims(batchCount) };
  }

  /** One tree, or none: what some batches have a part of is none. */
  #claims(batchCount: number): Pick<FinalisedSnapshot, 'claims'> {
    const roots = this.#claimRoots;
    if (roots.length !== batchCount) return {};
    return { claims: { roots, root: claimTreeAbove(roots).root } };
  }
}

function incomplete(proved: number, stored: number): SolventError<'FINALISE_INCOMPLETE'> {
  return new SolventError(
    'FINALISE_INCOMPLETE',
    'internal',
    `proofs of ${proved} batches and the witness of ${stored} do not make a snapshot`,
  );
}

function refuseOutOfOrder(batch: number, next: number): void {
  if (batch !== next)
    throw new SolventError('FINALISE_ORDER', 'internal', `batch ${batch} came where ${next} should follow`, {
      batch,
    });
}

/** Sums of one batch's published values. */
function batchTotals({ inputs, published }: Layout, { accounts }: StoredBatch): bigint[] {
  const sums = inputs.map(() => 0n);
  for (let row = 0; row < accounts.count; row++)
    for (let v = 0; v < inputs.length; v++) sums[v]! += amountAt(accounts.amounts, row * inputs.length + v);
  return published.map((value) => value.inputs.reduce((sum, input) => sum + sums[input]!, 0n));
}
