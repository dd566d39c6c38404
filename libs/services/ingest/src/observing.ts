import type { OnReading, ReadingPass } from './reading/balance-source';

/**
 * - `ingested`: every job that is not proved yet is published
 * - `refused`: the snapshot is FAILED, with the reason
 * - `stale`: the run is over, or further than ingest
 * - `busy`: another instance is at it
 * - `abandoned`: it was told to stop; the next one goes on where this one stood
 */
export type IngestOutcome = 'ingested' | 'refused' | 'stale' | 'busy' | 'abandoned';

/** What ingest counts. */
export interface IngestMeter {
  /** So much more was read; bytes are those on disk. */
  read(pass: ReadingPass, accounts: number, bytes: number): void;
  /** A job of so many compressed bytes, in all its parts. */
  published(bytes: number): void;
  /** Of reserves: bytes of lines that were stored for provers. */
  readReserves(bytes: number): void;
  refused(code: string): void;
  /** A run that was begun has ended. */
  ended(outcome: IngestOutcome | 'error', seconds: number): void;
}

/** Readers say how far they are, counters want how much further. To be made anew for each source. */
export function countReading(meter: IngestMeter): OnReading {
  const before = { check: { accounts: 0, bytes: 0 }, cut: { accounts: 0, bytes: 0 } };
  return (pass, { accounts, bytes }) => {
    const last = before[pass];
    before[pass] = { accounts, bytes };
    meter.read(pass, accounts - last.accounts, bytes - last.bytes);
  };
}
