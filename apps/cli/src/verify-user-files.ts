import { SolventError, toHex, type KzgVerifier } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  finding,
  hasHaircuts,
  joinFindings,
  manifestDigest,
  parseInclusion,
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
import { inclusionLines, isLinesFile, linesIndexBeside } from './lines-file';
import { accountDocuments, valueTable, type ValueDocument } from './values';

/**
 * Lines of a file that do not hold, after which no more of it are read: a small compressed file may have any number,
 * and what came of each is kept.
 */
const MOST_UNSOUND_LINES = 1000;

/** Where an inclusion proof is. */
export interface ProofPlace {
  readonly file: string;
  /** Of a file of lines, which hold a proof each; from 1. */
  readonly line?: number;
}

/** What came of one inclusion proof. */
export type UserResult =
  | (ProofPlace & {
      readonly status: 'valid';
      readonly id: string;
      /** The id was made from the key that the user gave. */
      readonly keyChecked: boolean;
      readonly batch: number;
      readonly row: number;
      /** Of many lines only the one that is the user's has them. */
      readonly values?: readonly ValueDocument[];
    })
  | (ProofPlace & {
      /** `foreign`: it holds, but for another account than the one given. */
      readonly status: 'invalid' | 'malformed' | 'foreign';
      readonly code: string;
      readonly reason: string;
    });

export interface UserResults {
  readonly files: readonly UserResult[];
  readonly exitCode: ExitCode;
}

/**
 * Verifies inclusion files, and every line of files of lines, against a manifest that was found trustworthy: a
 * line of text for each file, and for each line that is not valid, or is the user's.
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
  let [own, last]: (Inclusion | undefined)[] = [];
  const unsound = new Map<string, number>();
  const isGivenUp = (file: string) => (unsound.get(file) ?? 0) >= MOST_UNSOUND_LINES;
  for await (const { place, read, expected } of proofsIn(files, isGivenUp)) {
    const { result: found, inclusion } = await verifyUserFile(place, read, manifest, key, kzg);
    // Alone it is what was asked about.
    const alone = files.length === 1 && place.line === undefined;
    const result: UserResult = found.status === 'foreign' && alone ? { ...found, status: 'invalid' } : found;
    const isOwn = result.status === 'valid' && result.keyChecked;
    if (result.status === 'invalid' || result.status === 'malformed')
      unsound.set(place.file, (unsound.get(place.file) ?? 0) + 1);
    if (isOwn) own = inclusion;
    last = inclusion;
    results.push(alone || isOwn ? result : withoutValues(result));
    sayResult(result, context);
    if (!alone) progress.update(results.length, Math.max(expected, results.length));
  }
  progress.stop();

  const number = (wanted: UserResult['status']) => results.filter(({ status }) => status === wanted).length;
  const [valid, foreign] = [number('valid'), number('foreign')];
  const shown = own ?? (results.length === 1 ? last : undefined);
  if (shown && valid === 1) {
    say();
    const { header } = manifest;
    say(`Balance in snapshot ${header.snapshot}, taken at ${header.takenAt}`);
    for (const row of valueTable(header, shown.values, context, { account: true })) say(row);
    if (hasHaircuts(header))
      say(`  (counts: what of the equity covers debts, after the snapshot's haircuts)`);
  }
  const others = foreign > 0 ? `, ${count(foreign)} of other accounts` : '';
  const what = results.some(({ line }) => line !== undefined) ? 'inclusion proof' : 'file';
  say();
  say(
    `${count(valid)} of ${plural(results.length, what)} valid${others}, in ${duration(performance.now() - started)}`,
  );
  const exitCode = exitCodeOfFiles(results.map(({ status }) => status));
  if (foreign > 0 && valid === 0)
    complain(
      `${style.cross} no file is of the account whose key you gave: compare the key with the one on your account's page`,
    );
  return { files: results, exitCode };
}

/** `everybody.ndjson.gz, line 17` */
export function placeName({ file, line }: ProofPlace): string {
  return line === undefined ? file : `${file}, line ${line}`;
}

/** Of lines only what somebody must see: there may be a million of them. */
function sayResult(result: UserResult, { say, complain, style }: Context): void {
  const name = printable(placeName(result));
  const among = result.line !== undefined;
  if (result.status === 'invalid' || result.status === 'malformed')
    complain(`${style.cross} ${name}: ${result.status}: ${printable(result.reason)} (${result.code})`);
  else if (result.status === 'valid' && result.keyChecked)
    say(`${style.tick} ${name}: the account with your key`);
  else if (among) return;
  else if (result.status === 'valid') say(`${style.tick} ${name}: account ${result.id}`);
  else say(`${style.bullet} ${name}: not yours: it is valid, and of another account than the one given`);
}

/** Of the lines of a file, of which there may be a million. */
function withoutValues(result: UserResult): UserResult {
  if (result.status !== 'valid' || result.line === undefined) return result;
  const { values: _, ...rest } = result;
  return rest;
}

interface GivenProof {
  readonly place: ProofPlace;
  readonly read: () => Inclusion | Promise<Inclusion>;
  /** Proofs of all files, as far as that can be known. */
  readonly expected: number;
}

/**
 * The proofs of files one after the other; of a file of lines that is damaged, or given up, those before.
 * @param isGivenUp asked after each line
 */
async function* proofsIn(
  files: readonly string[],
  isGivenUp: (file: string) => boolean,
): AsyncGenerator<GivenProof> {
  let expected = files.length;
  for (const file of files) {
    if (!(await isLinesFile(file))) {
      yield { place: { file }, read: () => readInclusion(file), expected };
      continue;
    }
    // An index that cannot be read is `verify`'s to say.
    const index = await linesIndexBeside(file).catch(() => undefined);
    expected += (index?.count ?? 1) - 1;
    let line = 0;
    try {
      for await (const bytes of inclusionLines(file)) {
        if (isGivenUp(file)) throw tooManyUnsound();
        yield { place: { file, line: ++line }, read: () => parseInclusion(bytes), expected };
      }
      if (line === 0) throw empty();
    } catch (error) {
      yield { place: { file, line: line + 1 }, read: () => Promise.reject(error as Error), expected };
    }
  }
}

function tooManyUnsound(): SolventError<'LINES_UNSOUND'> {
  return new SolventError(
    'LINES_UNSOUND',
    'malformed',
    `${count(MOST_UNSOUND_LINES)} lines before this one do not hold, so neither it nor those after it were read: download the file again, or ask whoever made it`,
  );
}

function empty(): SolventError<'FILE_EMPTY'> {
  return new SolventError('FILE_EMPTY', 'malformed', 'the file holds no line: download it again');
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
  place: ProofPlace,
  read: () => Inclusion | Promise<Inclusion>,
  manifest: Manifest,
  key: Uint8Array | undefined,
  kzg: KzgVerifier,
): Promise<{ result: UserResult; inclusion?: Inclusion }> {
  try {
    const inclusion = await read();
    const verdict = verifyInclusion(inclusion, { manifest, ...(key && { key }) }, kzg);
    if (!verdict.valid) {
      const { code, reason } = verdict;
      if (code === 'INCLUSION_MANIFEST') {
        const of = await snapshotOf(place.file, inclusion.manifest);
        const known = of === undefined ? '' : `; by the manifest beside it the file is of snapshot ${of}`;
        return { result: { ...place, status: 'invalid', code, reason: `${reason}${known}` } };
      }
      if (code !== 'INCLUSION_ID') return { result: { ...place, status: 'invalid', code, reason } };
      // Somebody else's file is no false one, unless it is false for them too.
      const theirs = verifyInclusion(inclusion, { manifest }, kzg);
      return theirs.valid
        ? { result: { ...place, status: 'foreign', code, reason } }
        : { result: { ...place, status: 'invalid', code: theirs.code, reason: theirs.reason } };
    }
    const { values, batch, row } = inclusion;
    return {
      result: {
        ...place,
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
        ...place,
        status: error.kind === 'invalid' ? 'invalid' : 'malformed',
        code: error.code,
        reason: error.message,
      },
    };
  }
}
