import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { equalBytes, SolventError } from '@solvent-por/kzg';
import { isProofFolder, OUTPUT } from '@solvent-por/prover';
import { manifestDigest } from '@solvent-por/verifier';
import { readManifest, type ReadManifest } from './files';
import { printable } from './format';
import { USER_PROOFS } from './verify-folder';

/** A manifest, and where it was. */
export interface FoundManifest extends ReadManifest {
  readonly file: string;
}

/**
 * `manifest.json` in a proof's folder, or above where that is a part of a pack; undefined where there is
 * none.
 */
export function manifestFileBeside(proof: string): string | undefined {
  for (let folder = dirname(proof); ; folder = join(folder, '..')) {
    const file = join(folder, OUTPUT.manifest);
    if (existsSync(file)) return file;
    const name = basename(resolve(folder));
    if (name !== USER_PROOFS && !isProofFolder(name)) return undefined;
  }
}

/**
 * The manifest that lies beside proofs.
 * @throws SolventError OPTIONS (usage): there is none, or there are several; MANIFEST_MALFORMED, …
 */
export async function manifestBeside(proofs: readonly string[]): Promise<FoundManifest> {
  let found: FoundManifest | undefined;
  const seen = new Set<string>();
  for (const proof of proofs) {
    const file = manifestFileBeside(proof);
    if (file === undefined)
      throw new SolventError(
        'OPTIONS',
        'usage',
        `an inclusion proof is nothing without its manifest, and there is no ${OUTPUT.manifest} beside ${printable(proof)}: name it with --global, or put it there`,
      );
    if (seen.has(file)) continue;
    seen.add(file);
    const read = { ...(await readManifest(file)), file };
    if (found && !equalBytes(manifestDigest(found.manifest), manifestDigest(read.manifest)))
      throw new SolventError(
        'OPTIONS',
        'usage',
        `${printable(found.file)} and ${printable(file)} are different manifests: verify the files of one snapshot at a time, or name the manifest with --global`,
      );
    found ??= read;
  }
  return found!;
}

/** Of which snapshot a proof is, where that can be known: the manifest that it names lies beside it. */
export async function snapshotOf(proof: string, digest: Uint8Array): Promise<string | undefined> {
  const file = manifestFileBeside(proof);
  if (file === undefined) return undefined;
  try {
    const { manifest } = await readManifest(file);
    if (!equalBytes(manifestDigest(manifest), digest)) return undefined;
    return `${manifest.header.snapshot} (${manifest.header.takenAt})`;
  } catch {
    return undefined;
  }
}
