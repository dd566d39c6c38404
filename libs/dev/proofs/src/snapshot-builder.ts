import {
  concat,
  encodePoints,
  ROWS,
  rowPoint,
  type G1Point,
  createKernels,
  mod,
  toHex,
  utf8,
  type AccountOpener,
  type FieldKernels,
  type KzgCommitter,
} from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  BatchProver,
  InclusionProver,
  loadOpener,
  openingsOf,
  provedSums,
  TotalsProver,
  type BatchPlace,
  type ProofKeys,
  type RowOpenings,
  type StoredBatch,
} from '@solvent-por/prover';
import {
  batchDigests,
  canonicalJson,
  ColumnsDigest,
  headerDigest,
  inclusionToJson,
  layoutOf,
  leafNode,
  manifestDigest,
  PROTOCOL,
  proofLine,
  SumTree,
  sumsChallenge,
  totalsOpeningValue,
  treeRoot,
  type AccountBatch,
  type BatchProof,
  type Header,
  type Inclusion,
  type Layout,
  type Manifest,
  type SummedProof,
  type UnsignedManifest,
} from '@solvent-por/verifier';
import type { Leaf, ProvedLine, SmallSnapshot, SnapshotSteps } from './small-snapshot';
import { placeOf, totalsOf } from './stored-batches';

import { TEST_KEYS } from './snapshots';
import { testCommitter } from './test-committer';

/** Signs a manifest as it is: false or malformed as it may be. */
export function signAnything(unsigned: object, seed: Uint8Array = TEST_KEYS.signing): Manifest {
  const digest = manifestDigest(unsigned as UnsignedManifest);
  return { ...(unsigned as UnsignedManifest), signature: toHex(ed25519.sign(digest, seed)) };
}

/** The bytes of a global proof file from its lines. */
export function joinLines(...lines: readonly Uint8Array[]): Uint8Array {
  return concat(...lines.flatMap((line) => [line, Uint8Array.of(10)]));
}

export function documentOf(json: object): Uint8Array {
  return utf8(canonicalJson(json));
}

/**
 * Builds whole small snapshots in this thread with the prover's own parts: batches → proofs → columns,
 * totals, γ → sums → tree → totals opening → signed manifest → files and inclusions. `prover` may be a
 * cheating subclass.
 */
export class SnapshotBuilder {
  readonly layout: Layout;
  readonly digest: Uint8Array;

  constructor(
    readonly header: Header,
    readonly committer: KzgCommitter,
    readonly opener: AccountOpener,
    readonly kernels: FieldKernels = sharedKernels(),
    readonly keys: ProofKeys = TEST_KEYS,
  ) {
    this.layout = layoutOf(header);
    this.digest = headerDigest(header);
  }

  static async load(header: Header, keys?: ProofKeys): Promise<SnapshotBuilder> {
    return new SnapshotBuilder(header, await testCommitter(), await sharedOpener(), sharedKernels(), keys);
  }

  /** One proof of batches `first`, `first` + 1, … */
  prove(first: number, batches: readonly AccountBatch[], prover: BatchProver = this.prover()): ProvedLine {
    const { proof, batches: secrets } = prover.prove(first, batches);
    return {
      proof,
      stored: secrets.map((secret, i) => ({ ...secret, batch: first + i, accounts: batches[i]! })),
    };
  }

  /** A prover, or a cheating subclass of it. */
  prover(Class: typeof BatchProver = BatchProver): BatchProver {
    return new Class(this.header, this.keys, this.kernels, this.committer);
  }

  /** The batches in runs of k, one proof each. */
  proveAll(batches: readonly AccountBatch[], k = 1): ProvedLine[] {
    const lines: ProvedLine[] = [];
    for (let first = 0; first < batches.length; first += k)
      lines.push(this.prove(first, batches.slice(first, first + k)));
    return lines;
  }

  /** What a verifier derives from one proof under γ. */
  leavesOf(proof: BatchProof, gamma: bigint): Leaf[] {
    const sums = provedSums(proof, this.layout, gamma, nativeVerifier());
    return proof.accounts.map((accounts, i) => ({ accounts, sum: sums[i]! }));
  }

  /** `columns` of proofs in this order. */
  columnsOf(...proofs: readonly BatchProof[]): Uint8Array {
    const columns = new ColumnsDigest(this.digest);
    for (const proof of proofs) batchDigests(proof, this.layout).forEach((digest) => columns.push(digest));
    return columns.digest();
  }

  /** Finalises a snapshot over these lines, in this order. */
  finalise(lines: readonly ProvedLine[], steps: SnapshotSteps = {}): SmallSnapshot {
    const { layout, digest, header } = this;
    const take = <T>(step: ((honest: T) => T) | undefined, honest: T): T => (step ? step(honest) : honest);
    const proofs = lines.map(({ proof }) => proof);
    const columns = take(steps.columns, this.columnsOf(...proofs));
    const batchCount = take(
      steps.batchCount,
      proofs.reduce((count, { accounts }) => count + accounts.length, 0),
    );
    const summedBatches = take(
      steps.summed,
      lines.flatMap(({ stored }) => stored),
    );
    const totals = take(steps.totals, totalsOf(layout, summedBatches));
    const gamma = take(steps.gamma, sumsChallenge(digest, batchCount, columns, totals));

    const honestLeaves = proofs.flatMap((proof) => this.leavesOf(proof, gamma));
    const honestSums = honestLeaves.map(({ sum }) => sum);
    const sums = steps.sums?.(honestSums, gamma) ?? honestSums;
    const encoded = encodePoints(sums);
    let at = 0;
    const summed = proofs.map((proof): SummedProof => ({
      ...proof,
      sums: encoded.slice(at, (at += proof.accounts.length)),
    }));
    const leaves = take(
      steps.leaves,
      honestLeaves.map((leaf, i) => ({ ...leaf, sum: sums[i]! })),
    );
    const nodes = leaves.map(({ accounts, sum }, batch) => leafNode(digest, batch, accounts, sum));
    const tree = new SumTree(nodes);
    const root = take(steps.root, treeRoot(digest, batchCount, columns, tree.top));
    const opening = this.openTotals(summedBatches, gamma, totals);
    const unsigned: UnsignedManifest = {
      protocol: PROTOCOL,
      header,
      batchCount,
      columns: toHex(columns),
      root: toHex(root),
      totals: totals.map(String),
      totalsOpening: toHex(steps.totalsOpening?.(opening, gamma) ?? opening),
      claimRoot: null,
      claimKeys: null,
      previous: steps.previous ? toHex(manifestDigest(steps.previous)) : null,
    };
    const manifest = signAnything(steps.manifest?.(unsigned) ?? unsigned, steps.signing);
    const document = documentOf(manifest);
    const file = joinLines(document, ...summed.map(proofLine));
    return {
      header,
      lines,
      summed,
      leaves,
      nodes,
      tree,
      columns,
      gamma,
      root,
      totals,
      manifest,
      document,
      file,
    };
  }

  /**
   * The totals' opening over these batches under γ. Where the totals are false, give the true ones too: then
   * the true sums are opened to their true value, which is as near as a cheater can come.
   */
  openTotals(
    batches: readonly StoredBatch[],
    gamma: bigint,
    totals: readonly bigint[],
    truth = totals,
  ): Uint8Array {
    return this.#scratch(() => {
      const prover = new TotalsProver(this.layout, gamma, this.kernels, this.committer);
      for (const batch of batches) prover.add(batch);
      const opening = prover.prove(totals);
      if (truth === totals) return opening;
      // The prover divided a column by X that is −error at 0, not 0: error / X too many, and 1/X is ω^(−i) in
      // row i.
      const error = mod(totalsOpeningValue(gamma, totals) - totalsOpeningValue(gamma, truth));
      const excess = this.commit(Array.from({ length: ROWS }, (_, row) => mod(error * rowPoint(-row))));
      const [a, b] = nativeVerifier().decodePoints([opening, excess]) as [G1Point, G1Point];
      return encodePoints([a.add(b)])[0]!;
    });
  }

  /** The inclusion of one row, with the path of the snapshot's tree or another one. */
  include(
    snapshot: Pick<SmallSnapshot, 'manifest' | 'nodes' | 'tree'>,
    stored: StoredBatch,
    row: number,
    place: BatchPlace = placeOf(snapshot, stored.batch),
  ): Inclusion {
    return this.#scratch(() => {
      const gamma = this.gammaOf(snapshot.manifest);
      const open = openingsOf(this, { layout: this.layout, stored, gamma }, [row]);
      return new InclusionProver(snapshot.manifest, stored, place, open).prove(row);
    });
  }

  /**
   * Opens p_b of a stored batch at any row to the value that is there (section 9), whatever a file claims;
   * reserved rows, too.
   */
  openRow(stored: StoredBatch, row: number, gamma: bigint): RowOpenings {
    return this.#scratch(() => {
      return openingsOf(this, { layout: this.layout, stored, gamma }, [row])(row);
    });
  }

  /** γ as a verifier draws it. */
  gammaOf({ batchCount, columns, totals }: Manifest): bigint {
    return sumsChallenge(this.digest, batchCount, unhexed(columns), totals.map(BigInt));
  }

  /** Commitment to any rows. */
  commit(rows: readonly bigint[]): Uint8Array {
    return this.#scratch(() => {
      const column = this.kernels.allocate(ROWS);
      this.kernels.load(column, 0, rows);
      return this.committer.commit(this.kernels.blob(column));
    });
  }

  #scratch<T>(work: () => T): T {
    const mark = this.kernels.mark();
    try {
      return work();
    } finally {
      this.kernels.release(mark);
    }
  }
}

/** The bytes of an inclusion file. */
export function inclusionFile(inclusion: Inclusion): Uint8Array {
  return documentOf(inclusionToJson(inclusion));
}

function unhexed(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
}

let kernels: FieldKernels | undefined;

/** One instance for a test file: its tables are built once. */
function sharedKernels(): FieldKernels {
  return (kernels ??= createKernels());
}

let opener: Promise<AccountOpener> | undefined;

/** Of the shared kernels. */
function sharedOpener(): Promise<AccountOpener> {
  return (opener ??= loadOpener(sharedKernels()));
}
