import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { equalBytes, SolventError } from '@solvent-por/kzg';
import { OUTPUT } from '@solvent-por/prover';
import { shellWord } from '@solvent-por/shared/terminal';
import { PRIVATE } from '@solvent-por/snapshot/files';
import { manifestDigest, type Manifest } from '@solvent-por/verifier';
import { givenAccountKey, sayTidied, type AccountOptions } from '../arguments';
import type { Context } from '../context';
import { readManifest } from '../files';
import { size } from '../format';
import { connect, type Connection, type ConnectionOptions } from './connection';
import { refuseOtherManifest } from './sent-manifest';
import { writeNewFile } from './write-new-file';

/** Whose document of which snapshot is fetched, and into which file. */
export interface FetchOwnArguments extends ConnectionOptions, AccountOptions {
  readonly snapshot: string;
  readonly output: string;
}

/** An account of a snapshot, as its owner names it. */
export interface OwnAccount {
  readonly connection: Connection;
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  /** Stays here: what is sent is made from it. */
  readonly key: Uint8Array;
  /** What was forgiven about the key, for `--json`. */
  readonly noted: object;
}

/**
 * The account that was named, and the manifest of its snapshot as the service has it.
 * @throws SolventError OPTIONS, KEY_MALFORMED, IDENTIFIER_MALFORMED (usage); ANSWER_MISMATCH (invalid); of the
 *   connection
 */
export async function ownAccount(options: FetchOwnArguments, context: Context): Promise<OwnAccount> {
  const { snapshot } = options;
  if (options.key === undefined && options.identifier === undefined)
    throw new SolventError('OPTIONS', 'usage', 'give --key or --identifier');
  // What is wrong with a key is said before anybody is asked.
  if (options.key !== undefined) givenAccountKey(options, { operator: '' });
  const connection = await connect(options, context);
  const manifestBytes = await connection.ask((client) => client.downloadManifest(snapshot));
  const manifest = refuseOtherManifest(manifestBytes, snapshot);
  const { value: key, tidied } = givenAccountKey(options, manifest.header)!;
  const noted = sayTidied(tidied, context);
  return { connection, manifest, manifestBytes, key, noted };
}

/**
 * Writes what is the account's own, and the manifest it belongs to beside it, and says so.
 * @param what the document is, for whoever reads along
 * @returns where the manifest is, null where another month's is there, which is not replaced
 */
export async function writeOwn(
  { output }: FetchOwnArguments,
  { manifest, manifestBytes }: OwnAccount,
  bytes: Uint8Array,
  what: string,
  { say, style }: Context,
): Promise<string | null> {
  const manifestFile = join(dirname(output), OUTPUT.manifest);
  const beside = await placeManifest(manifestFile, manifestBytes, manifest);
  await writeNewFile(output, bytes, PRIVATE);
  say(`${style.tick} wrote ${shellWord(output)} (${size(bytes.length)})${what}`);
  if (beside) say(`${style.tick} its manifest is ${shellWord(manifestFile)}`);
  else say(`${style.warning} ${shellWord(manifestFile)} is of another snapshot: it was left as it is`);
  return beside ? manifestFile : null;
}

async function placeManifest(file: string, bytes: Uint8Array, manifest: Manifest): Promise<boolean> {
  if (!existsSync(file)) {
    await writeNewFile(file, bytes, 0o644);
    return true;
  }
  const there = await readManifest(file).catch(() => undefined);
  return there !== undefined && equalBytes(manifestDigest(there.manifest), manifestDigest(manifest));
}

/** What came must be whole: a wrong file would be noticed much later. */
export function refuseOtherDigest(bytes: Uint8Array, documentDigest: string): void {
  const digest = `0x${createHash('sha256').update(bytes).digest('hex')}`;
  if (digest !== documentDigest) throw mismatch('a document that its digest does not fit');
}

export function mismatch(what: string): SolventError<'ANSWER_MISMATCH'> {
  return new SolventError('ANSWER_MISMATCH', 'invalid', `the service sent ${what}: nothing is written`);
}
