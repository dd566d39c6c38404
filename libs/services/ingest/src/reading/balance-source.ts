import type { Header } from '@solvent-por/verifier';
import type { SnapshotConfig } from '@solvent-por/snapshot';
import type { ReadProgress, SourceSummary } from '@solvent-por/snapshot/readers';

/** What is read, and how it is placed. It can be posted to a thread. */
export interface ReadingTask {
  /** A balance file or a directory of them: absolute. */
  readonly input: string;
  readonly config: SnapshotConfig;
  readonly header: Header;
  /** Secret: 32 bytes (section 12). */
  readonly placementKey: Uint8Array;
}

/** What the first pass finds. */
export type SourceFacts = SourceSummary;

/** How the second pass cuts. */
export interface CuttingPlan {
  readonly sourceDigest: string;
  readonly batchesPerProof: number;
  readonly batchCount: number;
}

/** k consecutive batches as encodeBatches writes them, compressed: plain balances still. */
export interface CompressedJob {
  readonly first: number;
  readonly batches: number;
  readonly accounts: number;
  readonly payload: Uint8Array;
}

export type ReadingPass = 'check' | 'cut';
export type OnReading = (pass: ReadingPass, progress: ReadProgress) => void;

/** The balances of one snapshot: `check` first, then `jobs`. */
export interface BalanceSource {
  /**
   * Reads all of it: every row, and whether an id stands twice.
   * @throws SolventError RowCode and InputCode
   */
  check(): Promise<SourceFacts>;
  /**
   * Reads it once more, and cuts it. The last job comes only when what was read is known to be what was
   * checked.
   *
   * @param skip first batches of jobs that are not wanted
   * @throws SolventError INPUT_CHANGED (invalid)
   */
  jobs(plan: CuttingPlan, skip: ReadonlySet<number>): AsyncGenerator<CompressedJob, void, void>;
  /** Stops whatever is under way; to be called in any case. */
  close(): Promise<void>;
}
