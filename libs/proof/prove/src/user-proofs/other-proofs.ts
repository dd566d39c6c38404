import { existsSync } from 'node:fs';
import { opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, SolventError, toHex } from '@solvent/algebra';
import { storing } from '@solvent/files';
import { manifestDigest, parseManifest, type Manifest } from '@solvent/proof/verify';
import { OUTPUT } from '../files';
import { isProofName, proofName } from './names';
import type { Wanted } from './tasks';

const ANY_MANIFEST = /"manifest":"0x[0-9a-f]{64}"/;
/** So many files of a folder are looked at that would not be replaced: it may hold millions. */
const SAMPLE = 16;

/**
 * Refuses a folder that holds proofs of another manifest, or another manifest itself: an account has the same file name in every run of a snapshot, and whoever
 * mixes two runs, or two months, hands out proofs that do not verify.
 * @param wanted ids whose files are about to be written
 * @throws SolventError OUTPUT_EXISTS (usage; details.file)
 */
export async function refuseOtherProofs(folder: string, manifest: Manifest, wanted: Wanted): Promise<void> {
  const own = `"manifest":"${toHex(manifestDigest(manifest))}"`;
  if (existsSync(join(folder, OUTPUT.manifest))) await refuseOtherManifest(folder, manifest);
  if (wanted !== 'all')
    for (const id of wanted) {
      const name = proofName(id);
      if (existsSync(join(folder, name))) await refuseOther(folder, name, own, manifest);
    }
  let seen = 0;
  for await (const { name } of await opendir(folder)) {
    if (!isProofName(name)) continue;
    await refuseOther(folder, name, own, manifest);
    if (wanted !== 'all' && ++seen === SAMPLE) break;
  }
}

async function refuseOtherManifest(folder: string, manifest: Manifest): Promise<void> {
  const bytes = await storing(folder, () => readFile(join(folder, OUTPUT.manifest)));
  let other: Manifest | undefined;
  try {
    other = parseManifest(new Uint8Array(bytes));
  } catch {
    // Whatever it is, it would be lost.
  }
  if (other && equalBytes(manifestDigest(other), manifestDigest(manifest))) return;
  const what = other
    ? `is of another snapshot or run, ${spoken(other)}; this is ${spoken(manifest)}`
    : 'is no manifest';
  throw refusal(folder, OUTPUT.manifest, what);
}

/** @param own what a proof of this manifest contains */
async function refuseOther(folder: string, name: string, own: string, manifest: Manifest): Promise<void> {
  const text = await storing(folder, () => readFile(join(folder, name), 'utf8'));
  if (text.includes(own)) return;
  const what = ANY_MANIFEST.test(text)
    ? `is of another manifest than this one of ${spoken(manifest)}`
    : 'is no inclusion proof of this program';
  throw refusal(folder, `${name.slice(0, 8)}….json`, what);
}

function refusal(folder: string, file: string, what: string): SolventError<'OUTPUT_EXISTS'> {
  return new SolventError(
    'OUTPUT_EXISTS',
    'usage',
    `${folder} holds other proofs (${file} ${what}), and nothing is replaced in silence: name another output folder, or move them away`,
    { file },
  );
}

function spoken({ header }: Manifest): string {
  return `${header.snapshot}, ${header.takenAt}`;
}
