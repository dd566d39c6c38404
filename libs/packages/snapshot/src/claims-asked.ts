import { invalidConfig } from './config-problems';
import type { SnapshotConfig } from './config-schema';

const DIGEST = /^0x[0-9a-f]{64}$/;

/** Whether a verifying key is named by its digest, and not by a file. */
export function isKeyDigest(key: string): boolean {
  return DIGEST.test(key);
}

/**
 * Digests of the verifying keys of the private claims that a configuration asks for, 0x and 64 hex digits
 * each; undefined where it asks for none.
 * @throws SolventError CONFIG_INVALID (usage) where a key is named by its file, which only who has it can read
 */
export function claimKeysOf({ claims }: Pick<SnapshotConfig, 'claims'>): readonly string[] | undefined {
  const problems = claims?.keys.flatMap((key, i) =>
    isKeyDigest(key)
      ? []
      : [`claims.keys[${i}]: must be the SHA-256 digest of the key's file here, as 0x and 64 hex digits`],
  );
  if (problems?.length) throw invalidConfig(problems);
  return claims?.keys;
}
