import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { equalBytes, fromHex, SolventError, toHex } from '@solvent/algebra';
import { PRIVATE } from '@solvent/files';
import type { SolventClient } from '@solvent/client';
import { parseInclusion } from '@solvent/proof/verify';
import { givenId, givenIdentifier, sayTidied, type Given } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { size } from '../format';
import { shellWord } from '../shell-word';
import { connect, type Connection, type ConnectionOptions } from './connection';
import { present } from './snapshots';
import { writeNewFile } from './write-new-file';

export interface FetchInclusionArguments extends ConnectionOptions {
  readonly snapshot: string;
  readonly id?: string;
  readonly identifier?: string;
  readonly output: string;
}

/**
 * @throws SolventError ACCOUNT_NOT_FOUND (kind invalid); ANSWER_MISMATCH (kind invalid): the service sent something else; OUTPUT_EXISTS, OPTIONS
 *   (kind usage); of the connection
 */
export async function fetchInclusion(options: FetchInclusionArguments, context: Context): Promise<Outcome> {
  const { snapshot, output } = options;
  const { say, style } = context;
  const connection = await connect(options, context);
  const { value: id, tidied } = await wantedId(options, connection);
  const noted = sayTidied(tidied, context);
  const request = (client: SolventClient) => client.inclusionProof(snapshot, toHex(id));
  const { document, documentDigest } = await connection.ask(request);
  const bytes = Buffer.from(document, 'utf8');
  const { operator } = refuseOther(bytes, { id, snapshot, documentDigest });
  await writeNewFile(output, bytes, PRIVATE);
  const manifest = shellWord(join(dirname(output), 'manifest.json'));
  say(`${style.tick} wrote ${shellWord(output)} (${size(bytes.length)}); nothing is verified yet`);
  say('Next:');
  say(`  solvent fetch global --snapshot ${snapshot} --output ${shellWord(dirname(output))}`);
  say(`  solvent verify-user --global ${manifest} --operator ${operator} --id 0x… ${shellWord(output)}`);
  say('Take the operator’s key from the exchange’s own site and compare it with the one above.');
  return {
    exitCode: EXIT.valid,
    document: { file: output, bytes: bytes.length, snapshot, operator, documentDigest, ...noted },
  };
}

/** @throws SolventError OPTIONS, ID_MALFORMED, IDENTIFIER_MALFORMED, SNAPSHOT_NOT_FOUND */
async function wantedId(
  { id, identifier, snapshot }: FetchInclusionArguments,
  { ask }: Connection,
): Promise<Given<Uint8Array>> {
  if (id !== undefined) return givenId(id);
  if (identifier === undefined) throw new SolventError('OPTIONS', 'usage', 'give --id or --identifier');
  // The operator's key is part of what is hashed.
  const { operator } = present(await ask((client) => client.snapshot(snapshot)), snapshot);
  const key = fromHex(operator, 32);
  if (!key) throw mismatch('a key of the operator that is none');
  return givenIdentifier(identifier, key);
}

/** What came must be a proof of what was asked for, whole: a wrong file would be noticed much later. */
function refuseOther(
  bytes: Uint8Array,
  wanted: { readonly id: Uint8Array; readonly snapshot: string; readonly documentDigest: string },
): { readonly operator: string } {
  const digest = `0x${createHash('sha256').update(bytes).digest('hex')}`;
  if (digest !== wanted.documentDigest) throw mismatch('a document that its digest does not fit');
  const { id, header } = parseInclusion(bytes);
  const named = typeof id === 'string' ? fromHex(id, 32) : id;
  if (!named || !equalBytes(named, wanted.id)) throw mismatch('the proof of another account');
  if (header.snapshot !== wanted.snapshot)
    throw mismatch(`the proof of another snapshot, ${header.snapshot} in place of ${wanted.snapshot}`);
  return header;
}

function mismatch(what: string): SolventError<'ANSWER_MISMATCH'> {
  return new SolventError('ANSWER_MISMATCH', 'invalid', `the service sent ${what}: nothing is written`);
}
