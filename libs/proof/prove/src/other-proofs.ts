import { existsSync } from 'node:fs';
import { opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SolventError, toHex } from '@solvent/algebra';
import { storing } from '@solvent/files';
import { manifestDigest, type Manifest } from '@solvent/proof/verify';

const PROOF = /^0x[0-9a-f]{64}\.json$/;
const ANY_MANIFEST = /"manifest":"0x[0-9a-f]{64}"/;
/** So many files of a folder are looked at that would not be replaced: it may hold millions. */
const SAMPLE = 16;

/**
 * Refuses a folder that holds proofs of another manifest: an account has the same file name in every run of a snapshot, and whoever mixes two runs, or two
 * months, hands out proofs that do not verify.
 * @param wanted ids whose files are about to be written
 * @throws SolventError OUTPUT_EXISTS (usage; details.file)
 */
export async function refuseOtherProofs(
  folder: string,
  manifest: Manifest,
  wanted: readonly Uint8Array[] | 'all',
): Promise<void> {
  const own = `"manifest":"${toHex(manifestDigest(manifest))}"`;
  if (wanted !== 'all')
    for (const id of wanted) {
      const name = `${toHex(id)}.json`;
      if (existsSync(join(folder, name))) await refuseOther(folder, name, own, manifest);
    }
  let seen = 0;
  for await (const { name } of await opendir(folder)) {
    if (!PROOF.test(name)) continue;
    await refuseOther(folder, name, own, manifest);
    if (wanted !== 'all' && ++seen === SAMPLE) break;
  }
}

/** @param own what a proof of this manifest contains */
async function refuseOther(folder: string, name: string, own: string, manifest: Manifest): Promise<void> {
  const text = await storing(folder, () => readFile(join(folder, name), 'utf8'));
  if (text.includes(own)) return;
  const short = `${name.slice(0, 10)}….json`;
  const { snapshot, takenAt } = manifest.header;
  const what = ANY_MANIFEST.test(text)
    ? `is of another manifest than this one of ${snapshot}, ${takenAt}`
    : 'is no inclusion proof of this program';
  throw new SolventError(
    'OUTPUT_EXISTS',
    'usage',
    `${folder} holds other proofs (${short} ${what}), and nothing is replaced in silence: name another output folder, or move them away`,
    { file: short },
  );
}
