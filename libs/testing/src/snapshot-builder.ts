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
  type FieldKernels,
  type KzgCommitter,
} from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  BatchProver,
  InclusionProver,
  TotalsProver,
  type BatchPlace,
  type ProofKeys,
  type StoredBatch,
} from '@solvent/proof/prove';
import {
  accountTag,
  canonicalJson,
  headerDigest,
  inclusionChallenge,
  inclusionToJson,
  layoutOf,
  leafNode,
  manifestDigest,
  PROTOCOL,
  proofLine,
  publishedSums,
  SumTree,
  totalsChallenge,
  totalsOpeningValue,
  treeRoot,
  type AccountBatch,
  type BatchProof,
  type BatchSums,
  type Header,
  type Inclusion,
  type Layout,
  type Manifest,
  type UnsignedManifest,
} from '@solvent/proof/verify';
import { openColumn } from './open-column';
import { placeOf, sumRowsOf, tagRowsOf, totalsOf } from './stored-batches';
import { TEST_KEYS } from './snapshots';
import { testCommitter } from './test-committer';

/** One proof with what its operator keeps. */
export interface ProvedLine {
  readonly proof: BatchProof;
  readonly stored: readonly StoredBatch[];
}

/** A batch's part of the sum tree; unlike in a verifier, a cheater may put anything here. */
export type Leaf = BatchSums;

/**
 * Where a cheater departs from the honest way. Each step gets what the honest prover would have taken, and every later step is done
 * honestly with what it returns, so that only the check meant for it can refuse the result.
 */
export interface SnapshotSteps {
  /** The leaves as a verifier derives them from the lines, by their place in the file. */
  readonly leaves?: (honest: readonly Leaf[]) => readonly Leaf[];
  /** What the manifest says and the root contains; the tree has all leaves nevertheless. */
  readonly batchCount?: (honest: number) => number;
  /** The batches whose columns are added up for the totals and their opening. */
  readonly summed?: (honest: readonly StoredBatch[]) => readonly StoredBatch[];
  readonly totals?: (honest: readonly bigint[]) => readonly bigint[];
  readonly root?: (honest: Uint8Array) => Uint8Array;
  readonly totalsOpening?: (honest: Uint8Array) => Uint8Array;
  /** Any JSON at all; it is signed as it is. */
  readonly manifest?: (honest: UnsignedManifest) => object;
  /** Seed that signs. */
  readonly signing?: Uint8Array;
  readonly previous?: Manifest;
}

/** A whole snapshot in memory. */
export interface SmallSnapshot {
  readonly header: Header;
  readonly lines: readonly ProvedLine[];
  readonly leaves: readonly Leaf[];
  readonly tree: SumTree;
  readonly root: Uint8Array;
  readonly totals: readonly bigint[];
  /** As signed: `parseManifest` may refuse it. */
  readonly manifest: Manifest;
  /** Canonical bytes of the manifest. */
  readonly document: Uint8Array;
  /** Bytes of global-proof.ndjson. */
  readonly file: Uint8Array;
}

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
 * Builds whole small snapshots in this thread with the prover's own parts: batches → proofs → leaves → tree → totals → signed manifest →
 * files and inclusions. `prover` may be a cheating subclass.
 */
export class SnapshotBuilder {
  readonly layout: Layout;
  readonly digest: Uint8Array;

  constructor(
    readonly header: Header,
    readonly committer: KzgCommitter,
    readonly kernels: FieldKernels = sharedKernels(),
    readonly keys: ProofKeys = TEST_KEYS,
  ) {
    this.layout = layoutOf(header);
    this.digest = headerDigest(header);
  }

  static async load(header: Header, keys?: ProofKeys): Promise<SnapshotBuilder> {
    return new SnapshotBuilder(header, await testCommitter(), sharedKernels(), keys);
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

  /** What a verifier derives from one proof. */
  leavesOf({ commitments: { tags, limbs } }: BatchProof): Leaf[] {
    const K = this.layout.limbs;
    const points = nativeVerifier().decodePoints(limbs);
    return tags.map((tag, i) => ({
      tag,
      sums: publishedSums(this.layout, points.slice(i * K, (i + 1) * K)),
    }));
  }

  /** Closes a snapshot over these lines, in this order. */
  close(lines: readonly ProvedLine[], steps: SnapshotSteps = {}): SmallSnapshot {
    const { layout, digest, header } = this;
    const take = <T>(step: ((honest: T) => T) | undefined, honest: T): T => (step ? step(honest) : honest);
    const leaves = take(
      steps.leaves,
      lines.flatMap(({ proof }) => this.leavesOf(proof)),
    );
    const batchCount = take(steps.batchCount, leaves.length);
    const tree = new SumTree(leaves.map(({ tag, sums }, batch) => leafNode(digest, batch, tag, sums)));
    const root = take(steps.root, treeRoot(digest, batchCount, tree.top));
    const summed = take(
      steps.summed,
      lines.flatMap(({ stored }) => stored),
    );
    const totals = take(steps.totals, totalsOf(layout, summed));
    const opening = take(steps.totalsOpening, this.openTotals(summed, root, totals));
    const unsigned: UnsignedManifest = {
      protocol: PROTOCOL,
      header,
      batchCount,
      root: toHex(root),
      totals: totals.map(String),
      totalsOpening: toHex(opening),
      accountRoot: null,
      claimKeys: null,
      previous: steps.previous ? toHex(manifestDigest(steps.previous)) : null,
    };
    const manifest = signAnything(steps.manifest?.(unsigned) ?? unsigned, steps.signing);
    const document = documentOf(manifest);
    const file = joinLines(document, ...lines.map(({ proof }) => proofLine(proof)));
    return { header, lines, leaves, tree, root, totals, manifest, document, file };
  }

  /**
   * The totals' opening over these batches under the challenge of `totals`. Where these are false, give the true ones too: then the true sums
   * are opened to their true value, which is as near as a cheater can come.
   */
  openTotals(
    batches: readonly StoredBatch[],
    root: Uint8Array,
    totals: readonly bigint[],
    truth = totals,
  ): Uint8Array {
    return this.#scratch(() => {
      const prover = new TotalsProver(this.layout, this.kernels, this.committer);
      for (const batch of batches) prover.add(batch);
      const opening = prover.prove(root, totals);
      if (truth === totals) return opening;
      // The prover divided a column by X that is −error at 0, not 0: error / X too many, and 1/X is ω^(−i) in row i.
      const beta = totalsChallenge(root, totals);
      const error = mod(totalsOpeningValue(beta, totals) - totalsOpeningValue(beta, truth));
      const excess = this.commit(Array.from({ length: ROWS }, (_, row) => mod(error * rowPoint(-row))));
      const [a, b] = nativeVerifier().decodePoints([opening, excess]) as [G1Point, G1Point];
      return encodePoints([a.add(b)])[0]!;
    });
  }

  /** The inclusion of one row, with the path of the snapshot's tree or another one. */
  include(
    snapshot: SmallSnapshot,
    stored: StoredBatch,
    row: number,
    place: BatchPlace = placeOf(snapshot, stored.batch),
  ): Inclusion {
    return this.#scratch(() =>
      new InclusionProver(snapshot.manifest, stored, place, this.kernels, this.committer).prove(row),
    );
  }

  /** Opens tag + Σ γ^(v+1)·sums of a stored batch at a row to the value that is there (section 9), whatever a file claims. */
  openRow(stored: StoredBatch, row: number, gamma: bigint): Uint8Array {
    const columns = [tagRowsOf(stored), ...sumRowsOf(this.layout, stored)];
    const folded = columns[0]!.map((_, i) =>
      columns.reduceRight((sum, column) => mod(sum * gamma + column[i]!), 0n),
    );
    return this.#scratch(() => {
      const column = this.kernels.allocate(ROWS);
      this.kernels.load(column, 0, folded);
      return openColumn(this.kernels, this.committer, column, rowPoint(row)).proof;
    });
  }

  /** The inclusion with its row opened under the challenge of what it claims: as well as it can be done for false claims. */
  reopen(inclusion: Inclusion, stored: StoredBatch): Inclusion {
    const gamma = inclusionChallenge(inclusion, this.digest, accountTag(inclusion.id, inclusion.salt));
    return { ...inclusion, opening: this.openRow(stored, inclusion.row, gamma) };
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

let kernels: FieldKernels | undefined;

/** One instance for a test file: its tables are built once. */
function sharedKernels(): FieldKernels {
  return (kernels ??= createKernels());
}
