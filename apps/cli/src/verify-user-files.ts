import { SolventError, toHex, type KzgVerifier } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  finding,
  hasHaircuts,
  joinFindings,
  manifestDigest,
  verifyInclusion,
  type Inclusion,
  type Manifest,
} from '@solvent-por/verifier';
import type { Context } from './context';
import { exitCodeOfFiles, type ExitCode } from './exit-code';
import { readInclusion } from './files';
import type { CliFindings } from './findings';
import { count, duration, plural, printable } from './format';
import { snapshotOf } from './beside';
import { accountDocuments, valueTable, type ValueDocument } from './values';

/** What came of one inclusion file. */
export type UserResult =
  | {
      readonly file: string;
      readonly status: 'valid';
      readonly id: string;
      /** The id was made from the key that the user gave. */
      readonly keyChecked: boolean;
      readonly batch: number;
      readonly row: number;
      readonly values: readonly ValueDocument[];
    }
  | {
      readonly file: string;
      /** `foreign`: it holds, but for another account than the one given. */
      readonly status: 'invalid' | 'malformed' | 'foreign';
      readonly code: string;
      readonly reason: string;
    };

export interface UserResults {
  readonly files: readonly UserResult[];
  readonly exitCode: ExitCode;
}

/**
 * Verifies inclusion files against a manifest that was found trustworthy, a line each.
 * @param key the account key from the user, 32 bytes; without it each file's own id is used, and shown
 */
export async function verifyUserFiles(
  files: readonly string[],
  manifest: Manifest,
  key: Uint8Array | undefined,
  context: Context,
): Promise<UserResults> {
  const { say, complain, style } = context;
  const kzg = nativeVerifier();
  const progress = context.progress('verifying accounts');
  const started = performance.now();
  const results: UserResult[] = [];
  let last: Inclusion | undefined;
  for (const file of files) {
    const { result: found, inclusion } = await verifyUserFile(file, manifest, key, kzg);
    // Alone it is what was asked about.
    const result: UserResult =
      found.status === 'foreign' && files.length === 1 ? { ...found, status: 'invalid' } : found;
    results.push(result);
    last = inclusion ?? last;
    const name = printable(file);
    if (result.status === 'foreign')
      say(`${style.bullet} ${name}: not yours: it is valid, and of another account than the one given`);
    else if (result.status !== 'valid')
      complain(`${style.cross} ${name}: ${result.status}: ${printable(result.reason)} (${result.code})`);
    else if (result.keyChecked) say(`${style.tick} ${name}: the account with your key`);
    else say(`${style.tick} ${name}: account ${result.id}`);
    if (files.length > 1) progress.update(results.length, files.length);
  }
  progress.stop();

  if (files.length === 1 && last && results[0]!.status === 'valid') {
    say();
    const { header } = manifest;
    say(`Balance in snapshot ${header.snapshot}, taken at ${header.takenAt}`);
    for (const row of valueTable(header, last.values, context, { account: true })) say(row);
    if (hasHaircuts(header))
      say(`  (counts: what of the equity covers debts, after the snapshot's haircuts)`);
  }
  const number = (wanted: UserResult['status']) => results.filter(({ status }) => status === wanted).length;
  const foreign = number('foreign');
  const others = foreign > 0 ? `, ${count(foreign)} of other accounts` : '';
  say();
  say(
    `${count(number('valid'))} of ${plural(files.length, 'file')} valid${others}, in ${duration(performance.now() - started)}`,
  );
  const exitCode = exitCodeOfFiles(results.map(({ status }) => status));
  if (foreign > 0 && number('valid') === 0)
    complain(
      `${style.cross} no file is of the account whose key you gave: compare the key with the one on your account's page`,
    );
  return { files: results, exitCode };
}

/**
 * What the files that were found valid show, and what was compared with something the user brought: of the
 * results, not of what was asked for.
 */
export function userFindings(
  { files }: Pick<UserResults, 'files'>,
  manifest: Manifest,
  given: boolean,
): CliFindings {
  const valid = files.filter((result) => result.status === 'valid');
  const [first] = valid;
  if (!first)
    return given
      ? finding.accountNotFound('your account', 'no valid file is of the key you gave')
      : finding.accountNotFound('any account', 'no file is valid');
  const [of, several] = files.length === 1 ? [{ id: first.id }] : [{ files: valid.length }, valid.length];
  return joinFindings(
    finding.accountIncluded(toHex(manifestDigest(manifest)), several),
    valid.every(({ keyChecked }) => keyChecked) ? finding.accountKey(of) : finding.accountKeyNotChecked(of),
  );
}

/** A malformed or unreadable file is one of many here: it must not hide the others. */
async function verifyUserFile(
  file: string,
  manifest: Manifest,
  key: Uint8Array | undefined,
  kzg: KzgVerifier,
): Promise<{ result: UserResult; inclusion?: Inclusion }> {
  try {
    const inclusion = await readInclusion(file);
    const verdict = verifyInclusion(inclusion, { manifest, ...(key && { key }) }, kzg);
    if (!verdict.valid) {
      const { code, reason } = verdict;
      if (code === 'INCLUSION_MANIFEST') {
        const of = await snapshotOf(file, inclusion.manifest);
        const known = of === undefined ? '' : `; by the manifest beside it the file is of snapshot ${of}`;
        return { result: { file, status: 'invalid', code, reason: `${reason}${known}` } };
      }
      if (code !== 'INCLUSION_ID') return { result: { file, status: 'invalid', code, reason } };
      // Somebody else's file is no false one, unless it is false for them too.
      const theirs = verifyInclusion(inclusion, { manifest }, kzg);
      return theirs.valid
        ? { result: { file, status: 'foreign', code, reason } }
        : { result: { file, status: 'invalid', code: theirs.code, reason: theirs.reason } };
    }
    const { values, batch, row } = inclusion;
    return {
      result: {
        file,
        status: 'valid',
        id: toHex(inclusion.id),
        keyChecked: verdict.keyChecked,
        batch,
        row,
        values: accountDocuments(manifest.header, values),
      },
      inclusion,
    };
  } catch (error) {
    if (!(error instanceof SolventError) || error.kind === 'internal') throw error;
    return {
      result: {
        file,
        status: error.kind === 'invalid' ? 'invalid' : 'malformed',
        code: error.code,
        reason: error.message,
      },
    };
  }
}
