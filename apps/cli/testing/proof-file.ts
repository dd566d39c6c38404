import { readFileSync } from 'node:fs';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { proofName } from '@solvent-por/prover';
import { accountId, headerDigest, parseManifest } from '@solvent-por/verifier';

/** The id of an account in a snapshot. @param key 0x and 64 hex digits */
export function idOf(manifest: string, key: string): string {
  const { header } = parseManifest(new Uint8Array(readFileSync(manifest)));
  return toHex(accountId(headerDigest(header), hexBytes(key, 32)));
}

/** The name that prove-user gives an account's file. */
export function proofFileOf(manifest: string, key: string): string {
  return proofName(hexBytes(idOf(manifest, key), 32));
}
