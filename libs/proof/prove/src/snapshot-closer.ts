import {
  createKernels,
  OpeningChecks,
  SolventError,
  type G1Point,
  type KzgCommitter,
} from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  addTotalsCheck,
  encodedSums,
  headerDigest,
  layoutOf,
  leafNode,
  SumTreeBuilder,
  treeRoot,
  type Header,
  type Layout,
  type LeafRange,
} from '@solvent/proof/verify';
import { TotalsProver } from './totals-prover';
import { amountAt } from './witness';
import type { StoredBatch } from './witness-file';

/** A node of the sum tree as it is stored, named by the leaves below it; leaves have size 1. */
export interface TreeNode extends LeafRange {
  readonly hash: Uint8Array;
  /** Commitments to its sums: 48 bytes each, compressed. */
  readonly sums: readonly Uint8Array[];
}

/** What a manifest says about its batches. */
export interface ClosedSnapshot {
  readonly root: Uint8Array;
  /** In layout order. */
  readonly totals: readonly bigint[];
  /** 48 bytes. */
  readonly totalsOpening: Uint8Array;
  readonly accounts: number;
  readonly batchCount: number;
}

/**
 * Sums a snapshot up: leaves and witness of every batch become the root, the totals and their opening (section 8), in memory that does not grow
 * with the number of batches. Leaves and witness may come in turn or one after the other, each in the order of the batches.
 */
export class SnapshotCloser {
  readonly layout: Layout;
  readonly headerDigest: Uint8Array;
  readonly #tree: SumTreeBuilder;
  readonly #prover: TotalsProver;
  readonly #totals: bigint[];
  #summed = 0;
  #accounts = 0;

  /** @param onNode gets every node of the sum tree once, the last ones from `finish` */
  constructor(header: Header, committer: KzgCommitter, onNode?: (node: TreeNode) => void) {
    this.layout = layoutOf(header);
    this.headerDigest = headerDigest(header);
    this.#tree = new SumTreeBuilder(
      onNode && ((node, range) => onNode({ ...range, hash: node.hash, sums: encodedSums(node) })),
    );
    this.#prover = new TotalsProver(this.layout, createKernels(), committer);
    this.#totals = this.layout.published.map(() => 0n);
  }

  /** Accounts of the batches whose witness was added. */
  get accounts(): number {
    return this.#accounts;
  }

  /** @throws SolventError CLOSE_ORDER (internal) when it is not the next batch's */
  addLeaf(leaf: {
    readonly batch: number;
    readonly tag: Uint8Array;
    readonly sums: readonly G1Point[];
  }): void {
    refuseOutOfOrder(leaf.batch, this.#tree.count);
    this.#tree.push(leafNode(this.headerDigest, leaf.batch, leaf.tag, leaf.sums));
  }

  /** @throws SolventError CLOSE_ORDER (internal) when it is not the next batch's */
  addWitness(stored: StoredBatch): void {
    refuseOutOfOrder(stored.batch, this.#summed++);
    this.#prover.add(stored);
    publishedTotals(this.layout, stored).forEach((sum, v) => (this.#totals[v]! += sum));
    this.#accounts += stored.accounts.count;
  }

  /**
   * @throws SolventError CLOSE_INCOMPLETE (internal: no batch, or leaves and witness of different ones), CLOSE_SELF_CHECK (internal: the witness is not
   *   what the leaves commit to; nothing may be published)
   */
  finish(): ClosedSnapshot {
    const batchCount = this.#tree.count;
    if (batchCount === 0 || batchCount !== this.#summed)
      throw new SolventError(
        'CLOSE_INCOMPLETE',
        'internal',
        `${batchCount} leaves and the witness of ${this.#summed} batches do not make a snapshot`,
      );
    const top = this.#tree.top();
    const root = treeRoot(this.headerDigest, batchCount, top);
    const totals = this.#totals;
    const totalsOpening = this.#prover.prove(root, totals);
    const kzg = nativeVerifier();
    const checks = new OpeningChecks();
    addTotalsCheck(root, top, totals, kzg.decodePoints([totalsOpening])[0]!, checks);
    if (!checks.holds(kzg))
      throw new SolventError(
        'CLOSE_SELF_CHECK',
        'internal',
        'the totals do not open the sum of the batches: what is stored of some batch is not what was proved',
      );
    return { root, totals, totalsOpening, accounts: this.#accounts, batchCount };
  }
}

function refuseOutOfOrder(batch: number, next: number): void {
  if (batch !== next)
    throw new SolventError('CLOSE_ORDER', 'internal', `batch ${batch} came where ${next} should follow`, {
      batch,
    });
}

/** Sums of one batch's published values. */
function publishedTotals({ inputs, published }: Layout, { accounts }: StoredBatch): bigint[] {
  const sums = new Array<bigint>(inputs).fill(0n);
  for (let row = 0; row < accounts.count; row++)
    for (let v = 0; v < inputs; v++) sums[v]! += amountAt(accounts.amounts, row * inputs + v);
  return published.map(({ form }) =>
    form.terms.reduce((sum, { base, coefficient }) => sum + coefficient * sums[base]!, 0n),
  );
}
