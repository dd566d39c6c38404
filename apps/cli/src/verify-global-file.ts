import { nativeVerifier } from '@solvent-por/kzg/native';
import { WorkerLineVerifier } from '@solvent-por/prover';
import {
  ACCOUNT_ROWS,
  joinFindings,
  verifyGlobalProof,
  type Invalid,
  type Manifest,
  type ManifestTrust,
} from '@solvent-por/verifier';
import type { Context } from './context';
import { about, explainWhole, readPieces } from './files';
import type { CliFindings } from './findings';
import { rate, size } from './format';
import { manifestDocument } from './manifest-summary';

/** What came of a global proof file. */
export type GlobalResult =
  | {
      readonly valid: true;
      readonly manifest: Manifest;
      readonly proofs: number;
      readonly findings: CliFindings;
    }
  | { readonly valid: false; readonly verdict: Invalid; readonly manifest: Manifest | undefined };

/**
 * Verifies a whole global-proof.ndjson, in worker threads and constant memory, with progress.
 * @throws SolventError FILE_UNREADABLE; as verifyGlobalProof for a malformed file
 */
export async function verifyGlobalFile(
  file: string,
  trust: ManifestTrust,
  workers: number,
  context: Context,
): Promise<GlobalResult> {
  const lines = new WorkerLineVerifier(workers);
  const progress = context.progress('verifying');
  const started = performance.now();
  try {
    const verdict = await verifyGlobalProof(readPieces(file), {
      ...trust,
      now: new Date(),
      kzg: nativeVerifier(),
      lines,
      onProgress: ({ batches, batchCount, bytes }) => {
        const speed = rate(batches * ACCOUNT_ROWS, performance.now() - started, 'accounts');
        progress.update(batches, batchCount, `${size(bytes)}, ${speed}`);
      },
    });
    if (!verdict.valid) return { valid: false, verdict, manifest: verdict.manifest };
    const { manifest, proofs } = verdict;
    return { valid: true, manifest, proofs, findings: joinFindings(verdict) };
  } catch (error) {
    return await explainWhole(file, 'global proof', error).catch((explained: unknown) =>
      about(file, () => {
        throw explained;
      }),
    );
  } finally {
    progress.stop();
    await lines.close();
  }
}

/** As `--json` prints it. */
export function globalDocument(file: string, result: GlobalResult): Readonly<Record<string, unknown>> {
  const manifest = result.manifest && manifestDocument(result.manifest);
  return result.valid
    ? { file, valid: true, proofs: result.proofs, ...result.findings, manifest }
    : {
        file,
        valid: false,
        code: result.verdict.code,
        reason: result.verdict.reason,
        manifest: manifest ?? null,
      };
}
