import { resolve } from 'node:path';
import {
  DEVELOPMENT_WARNING,
  MAX_VERIFYING_KEY_BYTES,
  parseVerifyingKey,
  refuseUnfitKey,
} from '@solvent-por/claims';
import { SolventError, toHex } from '@solvent-por/kzg';
import { claimKeysOf, headerOf, isKeyDigest, type SnapshotConfig } from '@solvent-por/snapshot';
import { readSmallFile } from '@solvent-por/snapshot/files';
import { sizeOf } from '@solvent-por/verifier';
import type { Context } from './context';
import { printable } from './format';

/**
 * The configuration with the verifying keys of its private claims by their digests: each that it names by its
 * file is read and judged. So is each that it names by its digest where the manifest is signed here; services
 * judge these themselves.
 *
 * @param directory the configuration's folder; a relative path starts there
 * @param options.signs whether the manifest is signed here
 * @throws SolventError CLAIM_KEY_UNREADABLE | CLAIM_KEY_OTHER | CLAIM_KEY_OTHER_LAYOUT | CLAIM_KEY_DEVELOPMENT |
 *   CONFIG_INVALID (usage), CLAIM_KEY_MALFORMED | CLAIM_POINT | DOCUMENT_* (malformed)
 */
export async function withKeyDigests(
  config: SnapshotConfig,
  directory: string,
  { signs }: { readonly signs: boolean },
  context: Context,
): Promise<SnapshotConfig> {
  if (!config.claims) return config;
  const { published } = sizeOf(headerOf(config));
  const keys: string[] = [];
  for (const key of config.claims.keys) {
    if (!isKeyDigest(key)) keys.push(await judged(resolve(directory, key)));
    else keys.push(signs ? await judged(resolve(directory, `${key}.json`), key) : key);
  }
  const named = { ...config, claims: { keys: [...new Set(keys)] } };
  claimKeysOf(named);
  return named;

  /** @returns its digest */
  async function judged(file: string, expected?: string): Promise<string> {
    const key = parseVerifyingKey(await read(file, expected));
    const [name, digest] = [printable(file), toHex(key.digest)];
    if (expected !== undefined && digest !== expected)
      throw new SolventError(
        'CLAIM_KEY_OTHER',
        'usage',
        `${name} has the digest ${digest} and not that of its name: put there what \`solvent ceremony export\` wrote`,
      );
    const development = refuseUnfitKey(key, {
      ...{ values: published, name, allowed: config.claims?.allowDevelopment === true },
      allow: `set "allowDevelopment" in the configuration's "claims"`,
    });
    if (development)
      context.complain(`${context.style.warning} private claims: ${DEVELOPMENT_WARNING} (${name})`);
    return digest;
  }
}

async function read(file: string, digest?: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readSmallFile(file, MAX_VERIFYING_KEY_BYTES));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SolventError(
      'CLAIM_KEY_UNREADABLE',
      'usage',
      digest === undefined
        ? `cannot read the verifying key ${printable(file)} that the configuration's "claims" names (${code}): \`solvent ceremony export\` writes one`
        : `the configuration's "claims" names a verifying key by its digest, and ${printable(file)} cannot be read (${code}): of which set-up it is stands in that file, so put it there, as \`solvent ceremony export\` writes it, or name it where it is`,
    );
  }
}
