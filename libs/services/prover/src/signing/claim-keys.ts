import { join } from 'node:path';
import {
  DEVELOPMENT_WARNING,
  MAX_VERIFYING_KEY_BYTES,
  parseVerifyingKey,
  refuseUnfitKey,
  type VerifyingKey,
} from '@solvent-por/claims';
import { SolventError, toHex } from '@solvent-por/kzg';
import { readSmallFile } from '@solvent-por/snapshot/files';
import { sizeOf, type Header } from '@solvent-por/verifier';
import type { Log } from '@solvent-por/services/kit';

/** What the signer knows of verifying keys of private claims. */
export interface SignersClaimKeys {
  /** The key under a digest; undefined where the signer does not have it. */
  readonly find: (digest: string) => Promise<Pick<VerifyingKey, 'document'> | undefined>;
  /** Whether a key of a development set-up is signed. */
  readonly allowDevelopment: boolean;
}

/**
 * From a folder of the operator's, as `solvent ceremony export` writes it: `<digest>.json`.
 * @param folder undefined: there are none
 */
export function claimKeysIn(folder: string | undefined): SignersClaimKeys['find'] {
  return async (digest) => {
    if (folder === undefined) return undefined;
    const bytes = await readSmallFile(join(folder, `${digest}.json`), MAX_VERIFYING_KEY_BYTES).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      },
    );
    const key = bytes && parseVerifyingKey(new Uint8Array(bytes));
    return key && toHex(key.digest) === digest ? key : undefined;
  };
}

/**
 * Refuses keys that a manifest must not name: who signs a digest has looked at what stands under it. The gateway
 * looked before, and may have been told other things than the signer.
 * @param digests 0x and 64 hex digits each
 * @throws SolventError CLAIM_KEY_UNKNOWN | CLAIM_KEY_OTHER_LAYOUT | CLAIM_KEY_DEVELOPMENT (usage), those of
 *   `parseVerifyingKey` (malformed)
 */
export async function refuseUnfitKeys(
  digests: readonly string[],
  header: Header,
  { find, allowDevelopment }: SignersClaimKeys,
  log: Pick<Log, 'warn'>,
): Promise<void> {
  const values = sizeOf(header).published;
  for (const digest of digests) {
    const key = await find(digest);
    if (!key)
      throw new SolventError(
        'CLAIM_KEY_UNKNOWN',
        'usage',
        `the signer does not have the verifying key ${digest}, so it cannot see of which set-up it is: put what \`solvent ceremony export\` wrote into the folder SOLVENT_CLAIM_KEYS of the signer, then request the snapshot again`,
      );
    const development = refuseUnfitKey(key, {
      ...{ values, name: digest, allowed: allowDevelopment },
      allow: 'set SOLVENT_CLAIM_DEVELOPMENT of the signer',
    });
    if (development)
      log.warn({ snapshotId: header.snapshot, digest }, `private claims: ${DEVELOPMENT_WARNING}`);
  }
}
