import { createKernels, SolventError } from '@solvent-por/kzg';
import { loadCommitter, nativeVerifier, type CommitterTables } from '@solvent-por/kzg/native';
import { verifyInclusion, type Inclusion, type Manifest } from '@solvent-por/verifier';
import { InclusionProver, type BatchPlace } from '../inclusion-prover';
import { openingsOf, type OpenedBatch, type OpeningTools } from '../openings/account-openings';
import { loadOpener } from '../openings/opener';
import type { OpeningTables } from '@solvent-por/kzg';

/** What threads that open rows may share; what is missing each makes for itself. */
export interface OpeningData {
  /** Of `openingTables`. */
  readonly tables?: OpeningTables | undefined;
  /** Of `buildCommitterTables`. */
  readonly committing?: CommitterTables | undefined;
  /** Load now what only the first look-up of a batch needs. */
  readonly eager?: boolean;
}

/** @throws SolventError SETUP_DIGEST_MISMATCH (internal) */
export async function loadTools({ tables, committing, eager = false }: OpeningData): Promise<OpeningTools> {
  const kernels = createKernels();
  const [committer, opener] = await Promise.all([
    loadCommitter({ eager, ...(committing && { tables: committing }) }),
    loadOpener(kernels, tables),
  ]);
  return { kernels, committer, opener };
}

/**
 * Inclusions of rows of one batch. Batch and tree were checked against the manifest: what is left is this
 * machine, and the verdict on one of them shows it.
 * @throws SolventError ROW_EMPTY | INCLUSION_SELF_CHECK (internal)
 */
export function proveRows(
  tools: OpeningTools,
  manifest: Manifest,
  { opened, place, rows }: { opened: OpenedBatch; place: BatchPlace; rows: readonly number[] },
): readonly Inclusion[] {
  if (rows.length === 0) return [];
  const prover = new InclusionProver(manifest, opened.stored, place, openingsOf(tools, opened, rows));
  const inclusions = rows.map((row) => prover.prove(row));
  const verdict = verifyInclusion(inclusions[0]!, { manifest }, nativeVerifier());
  if (!verdict.valid)
    throw new SolventError(
      'INCLUSION_SELF_CHECK',
      'internal',
      `a proof that was just made does not verify (${verdict.code}): nothing of its batch was written; check this machine's memory and what is stored of the snapshot, then try again`,
    );
  return inclusions;
}

/** Every row of a batch of so many accounts. */
export function allRows(count: number): number[] {
  return Array.from({ length: count }, (_, row) => row);
}
