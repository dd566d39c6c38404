import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SEALED, shardFile, verifySealedFiles, type Manifest } from '@solvent-por/verifier';
import { bundleSource } from './bundle-source';
import type { Context } from './context';
import type { PackFindings } from './pack';
import { refuseStreams } from './verify-folder';

const SHARDS = 'shards';

/**
 * Compares a folder's sealed bundle with its index, which must be the operator's.
 * @throws SolventError SEALED_INDEX_MALFORMED, DOCUMENT_* (malformed); FILE_UNREADABLE (usage)
 */
export async function checkBundle(
  folder: string,
  manifest: Manifest,
  { signal }: Context,
): Promise<PackFindings> {
  const shards = join(folder, SHARDS);
  const entries = await readdir(shards, { withFileTypes: true }).catch(() => []);
  await refuseStreams(shards, entries);
  const verdict = await verifySealedFiles(bundleSource(folder, signal), manifest);
  const found = { index: join(folder, SEALED.index), kind: 'sealed', doubled: [] } as const;
  if (!verdict.valid) {
    const otherManifest = verdict.code === 'SEALED_INDEX_MANIFEST';
    const changed = otherManifest ? [] : [verdict.reason];
    return { ...found, count: 0, present: 0, missing: [], changed, foreign: [], otherManifest };
  }
  const { count, missing, changed } = verdict;
  const known = new Set(Array.from({ length: count - 1 }, (_, number) => shardFile(number)));
  return {
    ...found,
    count,
    present: count - missing.length - changed.length,
    missing,
    changed,
    foreign: entries.map(({ name }) => `${SHARDS}/${name}`).filter((name) => !known.has(name)),
    otherManifest: false,
  };
}
