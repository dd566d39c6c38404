import { SolventError } from '@solvent-por/kzg';
import type { ClaimsTask, InclusionPool, MadeClaimFile } from '@solvent-por/prover';
import type { LookupRepository } from '@solvent-por/services/database';
import type { Manifest } from '@solvent-por/verifier';
import { ClaimLookup, type ClaimFileOutcome } from './claim-lookup';
import { InclusionQueue } from './inclusion-queue';

/** What claim files of a batch are made from, but for its witness, which may have megabytes. */
type ClaimMaterial = Pick<ClaimsTask, 'manifest' | 'batch'>;

export interface ClaimLookupParts {
  readonly workers: Pick<InclusionPool, 'claims' | 'claimsKept'>;
  /** Threads behind `workers`. */
  readonly inclusionWorkers: number;
  readonly lookups: Pick<LookupRepository, 'look' | 'claimRoots'>;
  /** The manifest of a published snapshot. */
  readonly manifest: (snapshotId: string) => Promise<Manifest | undefined>;
  readonly onOutcome: (outcome: ClaimFileOutcome) => void;
  readonly witness: (snapshotId: string, batch: number) => Promise<Uint8Array>;
}

/**
 * Claim files, made in turns as inclusion proofs are, by the same threads: many of a batch together, whose
 * witness is read only where no thread has its claim tree any more.
 */
export function claimLookup({
  workers,
  inclusionWorkers,
  lookups,
  manifest,
  onOutcome,
  witness,
}: ClaimLookupParts): {
  readonly lookup: ClaimLookup;
  /** Accounts asked for and not answered yet. */
  readonly waiting: () => number;
} {
  const queue = new InclusionQueue<ClaimMaterial, MadeClaimFile>({
    workers: inclusionWorkers,
    load: async (id, batch) => ({ manifest: (await manifest(id)) ?? missing(id, 'manifest'), batch }),
    async prove(id, material, rows) {
      const kept = await workers.claimsKept({ ...material, rows });
      if (kept) return kept;
      const [bytes, roots] = await Promise.all([witness(id, material.batch), lookups.claimRoots(id)]);
      return workers.claims({
        ...material,
        ...{ rows, witness: bytes, roots: roots ?? missing(id, 'roots of claim trees') },
      });
    },
  });
  const lookup = new ClaimLookup({
    look: (id, key) => lookups.look(id, key),
    manifest,
    onOutcome,
    prove: (who, id, batch, row) => queue.prove(who, id, batch, row),
  });
  return { lookup, waiting: () => queue.waiting };
}

function missing(snapshotId: string, what: string): never {
  throw new SolventError('STORED_DATA_MISSING', 'internal', `snapshot ${snapshotId} has no ${what} any more`);
}
