import { existsSync } from 'node:fs';
import { opendir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { equalBytes, SolventError, toHex } from '@solvent-por/kzg';
import { storing } from '@solvent-por/snapshot/files';
import { manifestDigest, parseManifest, type Manifest } from '@solvent-por/verifier';
import { OUTPUT } from '../files';
import { isProofFolder, isProofName, MAX_LEVELS, proofName, proofPath } from './names';
import type { UserDocuments, Wanted } from './tasks';

/** Stands in claim files alone. */
const CLAIM_KEY = '"claimKey":"';
const ANY_MANIFEST = /"manifest":"0x[0-9a-f]{64}"/;
/**
 * So many files of a folder are looked at, which may hold millions: one run refuses what another left, so
 * that all are of one.
 */
const SAMPLE = 4096;
/** The same where others would not be replaced. */
const SAMPLE_BESIDE = 16;

/**
 * Refuses a folder that holds proofs of another manifest, or another manifest itself: an account has the same
 * file name in every run of a snapshot, and whoever mixes two runs, or two months, hands out proofs that do
 * not verify.
 * @param wanted ids whose files are about to be written
 * @param documents what they are: both kinds have the same names
 * @param levels how deep in folders these lie; what lies there otherwise is looked at too
 * @param goesOn the folder was looked at by the run that this one goes on from: what names no manifest was cut
 *   off when the machine failed, and is written again
 * @throws SolventError OUTPUT_EXISTS (usage; details.file)
 */
export async function refuseOtherProofs(
  folder: string,
  manifest: Manifest,
  {
    wanted,
    documents,
    levels,
    goesOn,
  }: {
    readonly wanted: Wanted;
    readonly documents: UserDocuments;
    readonly levels: number;
    readonly goesOn: boolean;
  },
): Promise<void> {
  const own = { documents, goesOn, manifest: `"manifest":"${toHex(manifestDigest(manifest))}"` };
  if (existsSync(join(folder, OUTPUT.manifest))) await refuseOtherManifest(folder, manifest);
  if (wanted !== 'all')
    for (const id of wanted) {
      const name = proofPath(proofName(id), levels);
      if (existsSync(join(folder, name))) await refuseOther(folder, name, own, manifest);
    }
  let left = wanted === 'all' ? SAMPLE : SAMPLE_BESIDE;
  for await (const name of proofsIn(folder)) {
    await refuseOther(folder, name, own, manifest);
    if (--left === 0) break;
  }
}

/** Paths below a folder that are named as proofs. */
async function* proofsIn(folder: string, below = '', depth = 0): AsyncGenerator<string> {
  for await (const entry of await opendir(join(folder, below))) {
    const name = join(below, entry.name);
    if (entry.isDirectory()) {
      if (isProofFolder(entry.name) && depth < MAX_LEVELS) yield* proofsIn(folder, name, depth + 1);
    } else if (isProofName(entry.name)) yield name;
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

/** @param own what is to be written: of which kind, and what each file of this manifest contains */
async function refuseOther(
  folder: string,
  name: string,
  own: { readonly documents: UserDocuments; readonly goesOn: boolean; readonly manifest: string },
  manifest: Manifest,
): Promise<void> {
  const text = await storing(folder, () => readFile(join(folder, name), 'utf8'));
  if (own.goesOn && !ANY_MANIFEST.test(text)) return;
  const kind = text.includes(CLAIM_KEY) ? 'claims' : 'inclusions';
  if (kind === own.documents && text.includes(own.manifest)) return;
  const what = !ANY_MANIFEST.test(text)
    ? 'is no inclusion proof of this program'
    : kind !== own.documents
      ? `is ${kind === 'claims' ? 'a claim file' : 'an inclusion proof'}, and ${own.documents === 'claims' ? 'claim files' : 'inclusion proofs'} lie in a folder of their own`
      : `is of another manifest than this one of ${spoken(manifest)}`;
  throw refusal(folder, `${basename(name).slice(0, 8)}….json`, what);
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
