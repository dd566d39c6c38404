import { createClient } from '@solvent-por/client';
import { utf8, type KzgVerifier } from '@solvent-por/kzg';
import { canonicalJson, verifyGlobalProof, type LineVerifier, type Manifest } from '@solvent-por/verifier';
import { digestOf } from '../check/chain-link';
import { snapshotReport } from '../check/check-account';
import { SourceError } from '../check/source';
import { Calls } from './calls';
import { pieces } from './pieces';
import { expectedKey, manifestOf } from './check-one';
import type { GlobalProgress, GlobalReport, GlobalSource, Tasks } from './protocol';

/**
 * Verifies a whole global proof as it streams in: this worker reads, orders and sums, others verify its lines.
 * No more of the file is held than the lines under way.
 * @throws SolventError of what cannot be read; SolventApiError of the source
 */
export async function checkGlobal(
  { source, expected, workers, manifest: wanted }: Tasks['global']['give'],
  kzg: KzgVerifier,
  progress: (progress: GlobalProgress) => void,
): Promise<GlobalReport> {
  const { body, total } = await openGlobal(source);
  const pool = linePool(workers);
  try {
    const verdict = await verifyGlobalProof(body, {
      kzg,
      ...expectedKey(expected),
      now: new Date(),
      ...(pool && { lines: pool.verifier }),
      onManifest: (manifest) => refuseOther(manifest, wanted, source),
      onProgress: (at) => progress({ ...at, ...(total !== undefined && { totalBytes: total }) }),
    });
    const snapshot = verdict.manifest && { snapshot: snapshotReport(verdict.manifest) };
    if (!verdict.valid) return { outcome: 'false', code: verdict.code, reason: verdict.reason, ...snapshot };
    const { proofs, checked, notChecked, manifest } = verdict;
    return { outcome: 'holds', proofs, checked, notChecked, snapshot: snapshotReport(manifest) };
  } finally {
    pool?.end();
  }
}

/**
 * A whole proof of another snapshot is not false, and says nothing of this one: nothing more of it is read.
 * @throws SourceError FILE_OTHER_SNAPSHOT, MANIFEST_OTHER
 */
function refuseOther(manifest: Manifest, wanted: string | undefined, source: GlobalSource): void {
  const other = wanted === undefined ? undefined : manifestOf(wanted);
  if (!other || digestOf(other) === digestOf(manifest)) return;
  const { snapshot, takenAt } = manifest.header;
  const code = 'file' in source ? 'FILE_OTHER_SNAPSHOT' : 'MANIFEST_OTHER';
  throw new SourceError(code, `${snapshot} (${takenAt})`);
}

async function openGlobal(
  source: GlobalSource,
): Promise<{ readonly body: AsyncIterable<Uint8Array>; readonly total?: number | undefined }> {
  if ('file' in source) return { body: pieces(source.file.stream()), total: source.file.size };
  return createClient({ endpoint: source.address }).streamGlobalProof(source.snapshot);
}

/** Workers beside this one, each at the line that is its turn; none where one thread is all there is. */
function linePool(
  workers: number,
): { readonly verifier: LineVerifier; readonly end: () => void } | undefined {
  if (workers < 1 || typeof Worker === 'undefined') return undefined;
  const pool = Array.from({ length: workers }, () => new Calls(self.location.href));
  const documents = new WeakMap<Manifest, Uint8Array>();
  const documentOf = (manifest: Manifest) => {
    const bytes = documents.get(manifest) ?? utf8(canonicalJson(manifest));
    documents.set(manifest, bytes);
    return bytes;
  };
  let turn = 0;
  return {
    verifier: {
      // Each has a line at hand while another is on its way.
      concurrency: 2 * workers,
      verify: (line, manifest) =>
        pool[turn++ % workers]!.ask('line', { line, manifest: documentOf(manifest) }),
    },
    end: () => pool.forEach((one) => one.end()),
  };
}
