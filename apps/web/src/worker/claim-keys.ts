import { MAX_VERIFYING_KEY_BYTES, parseVerifyingKey, type VerifyingKey } from '@solvent-por/claims';
import { SolventError, toHex } from '@solvent-por/kzg';
import { sizeOf, type Manifest } from '@solvent-por/verifier';
import { SourceError } from '../check/source';
import type { ClaimProgress } from './claims-protocol';

/** Longest proving key and witness generator that are read: those of 20 values have some 10 MB together. */
const MOST_BYTES = 256 * 1024 * 1024;

/** What claims about a snapshot are proved with. */
export interface ClaimProvingKeys {
  readonly verifyingKey: VerifyingKey;
  readonly zkey: Uint8Array;
  readonly wasm: Uint8Array;
}

/**
 * The verifying key that a manifest names for its number of values. A host can serve nothing else than what the
 * operator signed the digest of.
 *
 * @param address below which each key has a folder named by its digest; ends with a slash
 * @throws SolventError CLAIM_KEY_ALTERED | CLAIM_KEY (kind invalid), CLAIM_KEY_MALFORMED | … (malformed);
 *   SourceError
 */
export async function fetchVerifyingKey(manifest: Manifest, address: string): Promise<VerifyingKey> {
  const { published } = sizeOf(manifest.header);
  for (const digest of manifest.claimKeys ?? []) {
    const key = await fetchKey(digest, address);
    if (key.document.values === published) return key;
  }
  throw new SolventError('CLAIM_KEY', 'invalid', 'the manifest names no verifying key for its layout');
}

/**
 * A verifying key by its digest, which the manifest names.
 * @param digest 0x and 64 hex digits
 * @throws SolventError CLAIM_KEY_ALTERED (kind invalid), CLAIM_KEY_MALFORMED | … (malformed); SourceError
 */
export async function fetchKey(digest: string, address: string): Promise<VerifyingKey> {
  const bytes = await fetchFile(`${address}${digest}/verifying-key.json`, MAX_VERIFYING_KEY_BYTES);
  const key = parseVerifyingKey(bytes);
  if (toHex(key.digest) === digest) return key;
  throw new SolventError(
    'CLAIM_KEY_ALTERED',
    'invalid',
    `what was served as verifying key ${digest} has another digest: it is not what the manifest names`,
  );
}

/**
 * Proving key and witness generator of a verifying key, whose document names their digests: `proveClaim`
 * compares them before it uses either.
 */
export async function fetchProvingKeys(
  verifyingKey: VerifyingKey,
  address: string,
  progress: (progress: ClaimProgress) => void,
): Promise<ClaimProvingKeys> {
  const folder = `${address}${toHex(verifyingKey.digest)}/`;
  const read = [0, 0];
  const totals: (number | undefined)[] = [undefined, undefined];
  const tell = (which: number) => (bytes: number, of: number | undefined) => {
    read[which] = bytes;
    totals[which] = of;
    const [a, b] = totals;
    const known = a !== undefined && b !== undefined;
    progress({ step: 'keys', bytes: read[0]! + read[1]!, ...(known && { totalBytes: a + b }) });
  };
  const [zkey, wasm] = await Promise.all([
    fetchFile(`${folder}proving-key.zkey`, MOST_BYTES, tell(0)),
    fetchFile(`${folder}circuit.wasm`, MOST_BYTES, tell(1)),
  ]);
  return { verifyingKey, zkey, wasm };
}

async function fetchFile(
  address: string,
  most: number,
  tell: (bytes: number, of: number | undefined) => void = () => {},
): Promise<Uint8Array> {
  const lost = (error: unknown) =>
    new SourceError(
      'NETWORK_FAILED',
      `${address}: ${error instanceof Error ? error.message : String(error)}`,
    );
  const response = await fetch(address).catch((error: unknown) => {
    throw lost(error);
  });
  if (!response.ok || !response.body)
    throw new SourceError(`HTTP_${response.status}`, `${address}: status ${response.status}`);
  // Of a compressed answer it is the length of something else.
  const said = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
  const of = said === null ? undefined : Number(said);
  const reader = response.body.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw lost(error);
    });
    if (done) break;
    pieces.push(value);
    bytes += value.length;
    if (bytes > most) {
      await reader.cancel();
      throw new SolventError('CLAIM_ARTEFACT', 'invalid', `${address} is longer than any such file`);
    }
    tell(bytes, of);
  }
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
