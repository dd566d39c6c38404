import type { G1Point } from '@solvent-por/kzg';
import type { StoredBatch } from '@solvent-por/prover';
import type {
  BatchProof,
  Header,
  Manifest,
  SumNode,
  SummedProof,
  SumTree,
  UnsignedManifest,
} from '@solvent-por/verifier';

/** One proof with what its operator keeps. */
export interface ProvedLine {
  readonly proof: BatchProof;
  readonly stored: readonly StoredBatch[];
}

/** A batch's part of the sum tree; unlike in a verifier, a cheater may put anything here. */
export interface Leaf {
  readonly accounts: Uint8Array;
  readonly sum: G1Point;
}

/**
 * Where a cheater departs from the honest way, in the order in which a snapshot is finalised. Each step gets
 * what the honest prover would have taken, and every later step is done honestly with what it returns, so
 * that only the check meant for it can refuse the result.
 */
export interface SnapshotSteps {
  /** The digest of all batches' account trees and columns. */
  readonly columns?: (honest: Uint8Array) => Uint8Array;
  /** What the manifest says and the root contains; the tree has all leaves nevertheless. */
  readonly batchCount?: (honest: number) => number;
  /** The batches whose columns are added up for the totals and their opening. */
  readonly summed?: (honest: readonly StoredBatch[]) => readonly StoredBatch[];
  readonly totals?: (honest: readonly bigint[]) => readonly bigint[];
  /** What the prover folds with; the verifier draws its own from the manifest. */
  readonly gamma?: (honest: bigint) => bigint;
  /** The sums that stand in the lines. */
  readonly sums?: (honest: readonly G1Point[], gamma: bigint) => readonly G1Point[];
  /** The leaves of the tree, by their place in the file. */
  readonly leaves?: (honest: readonly Leaf[]) => readonly Leaf[];
  readonly root?: (honest: Uint8Array) => Uint8Array;
  readonly totalsOpening?: (honest: Uint8Array, gamma: bigint) => Uint8Array;
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
  readonly summed: readonly SummedProof[];
  readonly leaves: readonly Leaf[];
  readonly nodes: readonly SumNode[];
  readonly tree: SumTree;
  readonly columns: Uint8Array;
  /** What the prover folded with. */
  readonly gamma: bigint;
  readonly root: Uint8Array;
  readonly totals: readonly bigint[];
  /** As signed: `parseManifest` may refuse it. */
  readonly manifest: Manifest;
  /** Canonical bytes of the manifest. */
  readonly document: Uint8Array;
  /** Bytes of global-proof.ndjson. */
  readonly file: Uint8Array;
}
