import { z } from 'zod';
import { invalidConfig } from './config-problems';
import { claims } from './config-schema';

const DIGEST = /^0x[0-9a-f]{64}$/;
const asked = z.looseObject({ claims: claims.optional() });

/** Whether a verifying key is named by its digest, and not by a file. */
export function isKeyDigest(key: string): boolean {
  return DIGEST.test(key);
}

/**
 * Digests of the verifying keys of the private claims that a configuration asks for, 0x and 64 hex digits
 * each; undefined where it asks for none.
 *
 * @param config a parsed configuration, or as it is stored as JSON
 * @throws SolventError CONFIG_INVALID (usage) where a key is named by its file, which only who has it can read
 */
export function claimKeysOf(config: unknown): readonly string[] | undefined {
  const { success, data } = asked.safeParse(config);
  if (!success) throw invalidConfig(['claims: must be an object that lists the verifying keys of claims']);
  const problems = data.claims?.keys.flatMap((key, i) =>
    isKeyDigest(key)
      ? []
      : [`claims.keys[${i}]: must be the SHA-256 digest of the key's file here, as 0x and 64 hex digits`],
  );
  if (problems?.length) throw invalidConfig(problems);
  return data.claims?.keys;
}
