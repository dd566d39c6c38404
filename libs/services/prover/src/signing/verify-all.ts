import { createHash } from 'node:crypto';
import { concat, hexBytes, SolventError, utf8 } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import type { ProofStore } from '@solvent-por/services/database';
import { summedLine } from '@solvent-por/prover';
import { canonicalJson, verifyGlobalProof, type LineVerifier, type Manifest } from '@solvent-por/verifier';

export interface ToBePublished {
  readonly snapshotId: string;
  readonly manifest: Manifest;
  /** The manifest that it follows, as it was published. */
  readonly previous: Manifest | undefined;
  /** Of each proof in order, what stands behind it when it is served. */
  readonly sums: ReadonlyArray<readonly Uint8Array[]>;
}

/**
 * Verifies everything as whoever downloads it will: every proof, the sum tree, the totals, the signature, the
 * place in the chain. What is verified is what is stored, in the bytes that will be served: who wrote it there
 * does not matter then, and what is written there later is not what the digests say.
 *
 * @param signal ends it between two lines
 * @returns SHA-256 of each line after the manifest's, without LF, in order
 * @throws SolventError SIGNING_REFUSED (invalid), of kind malformed as verifyGlobalProof, the signal's reason
 */
export async function verifyAll(
  { snapshotId, manifest, previous, sums }: ToBePublished,
  store: Pick<ProofStore, 'proofs'>,
  lines: LineVerifier,
  signal: AbortSignal,
): Promise<Uint8Array[]> {
  const digests: Uint8Array[] = [];
  async function* file(): AsyncGenerator<Uint8Array> {
    yield utf8(`${canonicalJson(manifest)}\n`);
    let at = 0;
    for await (const { proof } of store.proofs(snapshotId)) {
      signal.throwIfAborted();
      const line = summedLine(proof, sums[at++] ?? []);
      digests.push(sha256(line));
      yield concat(line, utf8('\n'));
    }
  }
  const verdict = await verifyGlobalProof(file(), {
    kzg: nativeVerifier(),
    lines,
    operator: hexBytes(manifest.header.operator, 32),
    // A new key's first manifest follows one of the former key, where the operator told us so.
    ...(previous && { previous: [previous], formerOperators: [hexBytes(previous.header.operator, 32)] }),
  });
  if (verdict.valid) return digests;
  throw new SolventError(
    'SIGNING_REFUSED',
    'invalid',
    `what is stored of ${snapshotId} does not verify (${verdict.code}: ${verdict.reason}): no manifest of it is published. Look who wrote to the database, then request the snapshot again`,
    { verdict: verdict.code },
  );
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
