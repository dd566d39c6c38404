import type { WatchedSnapshot } from './progress-feed';

/** What of a failure is shown, to operators. */
export interface ShownFailure {
  readonly code: string;
  readonly message: string;
  /** Of the source, and the record in it, where one is at fault. */
  readonly file: string | null;
  readonly row: number | null;
}

export interface ShownProgress extends WatchedSnapshot {
  readonly failure: ShownFailure | null;
}

/** How far a snapshot is, as the database knows it. */
export class ProgressReader {
  constructor(
    private readonly progress: (snapshotId: string) => Promise<Omit<WatchedSnapshot, 'snapshotId'> | null>,
  ) {}

  async read(snapshotId: string): Promise<ShownProgress | null> {
    const found = await this.progress(snapshotId);
    if (!found) return null;
    const { state, batches, batchesProved, proofs, failure } = found;
    return { snapshotId, state, batches, batchesProved, proofs, failure: failureOf(failure) };
  }
}

function failureOf(failure: unknown): ShownFailure | null {
  if (typeof failure !== 'object' || failure === null) return null;
  const { code, message, details } = failure as Readonly<Record<string, unknown>>;
  const { file, row } = (details ?? {}) as Readonly<Record<string, unknown>>;
  return {
    code: String(code),
    message: String(message),
    file: typeof file === 'string' ? file : null,
    row: Number.isSafeInteger(row) ? (row as number) : null,
  };
}
