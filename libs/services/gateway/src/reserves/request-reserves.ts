import { reservesRequested, type EventContract, type SnapshotRun } from '@solvent-por/services/contracts';
import { parseSource } from '../snapshots/request-snapshot';

export interface ReservesRequestPorts {
  /** @throws SolventError as ReservesRepository.request */
  readonly request: (wanted: {
    readonly snapshotId: string;
    readonly source: string;
    readonly requestedBy: string | null;
  }) => Promise<{ readonly created: boolean; readonly attempt: number }>;
  readonly publish: <T>(contract: EventContract<T>, message: T) => Promise<void>;
  /** Nothing is lost: ingest looks for requests that no message told it of. */
  readonly onNotPublished: (run: SnapshotRun, error: unknown) => void;
}

/** Takes operators' requests of reserves, tells ingest. */
export class ReservesRequests {
  constructor(private readonly ports: ReservesRequestPorts) {}

  /**
   * @param input.source a folder below ingest's source folder
   * @returns false when the same had been asked for before, and has not failed
   * @throws SolventError SOURCE_MALFORMED, SNAPSHOT_NOT_FOUND, RESERVES_PUBLISHED, RESERVES_EXISTS
   */
  async request(input: {
    readonly snapshotId: string;
    readonly source: string;
    readonly requestedBy: string | null;
  }): Promise<boolean> {
    const { ports } = this;
    const { created, attempt } = await ports.request({ ...input, source: parseSource(input.source) });
    const run = { snapshotId: input.snapshotId, attempt };
    // Asked again, it is told again: the first message may have been lost, and a second one does nothing.
    await ports.publish(reservesRequested, run).catch((error: unknown) => ports.onNotPublished(run, error));
    return created;
  }
}
