import { resolve } from 'node:path';
import { DEVELOPMENT_WARNING, MAX_VERIFYING_KEY_BYTES, parseVerifyingKey } from '@solvent-por/claims';
import { SolventError, toHex } from '@solvent-por/kzg';
import { claimKeysOf, headerOf, isKeyDigest, type SnapshotConfig } from '@solvent-por/snapshot';
import { readSmallFile } from '@solvent-por/snapshot/files';
import { sizeOf } from '@solvent-por/verifier';
import type { Context } from './context';
import { printable } from './format';

/**
 * The configuration with the verifying keys of its private claims by their digests: each that it names by its
 * file is read and judged.
 *
 * @param directory the configuration's folder; a relative path starts there
 * @throws SolventError CLAIM_KEY_UNREADABLE | CLAIM_KEY_OTHER_LAYOUT | CLAIM_KEY_DEVELOPMENT | CONFIG_INVALID
 *   (usage), CLAIM_KEY_MALFORMED | CLAIM_POINT | DOCUMENT_* (malformed)
 */
export async function withKeyDigests(
  config: SnapshotConfig,
  directory: string,
  context: Context,
): Promise<SnapshotConfig> {
  if (!config.claims) return config;
  const { published } = sizeOf(headerOf(config));
  const keys: string[] = [];
  for (const key of config.claims.keys)
    keys.push(isKeyDigest(key) ? key : await digestOf(resolve(directory, key), published));
  const named = { ...config, claims: { keys: [...new Set(keys)] } };
  claimKeysOf(named);
  return named;

  async function digestOf(file: string, values: number): Promise<string> {
    const { document, digest } = parseVerifyingKey(await read(file));
    const name = printable(file);
    if (document.values !== values)
      throw new SolventError(
        'CLAIM_KEY_OTHER_LAYOUT',
        'usage',
        `the verifying key ${name} is for snapshots of ${document.values} published values, this one has ${values}: name the key of that size`,
      );
    if (document.setUp.kind === 'development') {
      if (config.claims?.allowDevelopment !== true)
        throw new SolventError(
          'CLAIM_KEY_DEVELOPMENT',
          'usage',
          `the verifying key ${name} is of a ${DEVELOPMENT_WARNING}. Name one of a ceremony, or, for a test, set "allowDevelopment" in the configuration's "claims"`,
        );
      context.complain(`${context.style.warning} private claims: ${DEVELOPMENT_WARNING} (${name})`);
    }
    return toHex(digest);
  }
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readSmallFile(file, MAX_VERIFYING_KEY_BYTES));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SolventError(
      'CLAIM_KEY_UNREADABLE',
      'usage',
      `cannot read the verifying key ${printable(file)} that the configuration's "claims" names (${code}): \`solvent ceremony export\` writes one`,
    );
  }
}
