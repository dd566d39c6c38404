import { dirname, join } from 'node:path';
import { equalBytes, toHex } from '@solvent-por/kzg';
import type { SolventClient } from '@solvent-por/client';
import { OUTPUT } from '@solvent-por/prover';
import {
  accountId,
  headerDigest,
  manifestDigest,
  parseInclusion,
  type Manifest,
} from '@solvent-por/verifier';
import { shellWord } from '@solvent-por/shared/terminal';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { mismatch, ownAccount, refuseOtherDigest, writeOwn, type FetchOwnArguments } from './own-account';

/**
 * Downloads manifest and inclusion proof. The id by which the service looks the account up is made here, from
 * the key and the manifest: the key is not sent.
 * @throws SolventError ACCOUNT_NOT_FOUND (kind invalid); ANSWER_MISMATCH (kind invalid): the service sent
 *   something else; OUTPUT_EXISTS, OPTIONS
 *   (kind usage); KEY_MALFORMED, IDENTIFIER_MALFORMED; of the connection
 */
export async function fetchInclusion(options: FetchOwnArguments, context: Context): Promise<Outcome> {
  const { snapshot, output } = options;
  const { say } = context;
  const account = await ownAccount(options, context);
  const { connection, manifest, key, noted } = account;
  const id = accountId(headerDigest(manifest.header), key);
  const request = (client: SolventClient) => client.inclusionProof(snapshot, toHex(id));
  const { document, documentDigest } = await connection.ask(request);
  const bytes = Buffer.from(document, 'utf8');
  refuseOther(bytes, { id, manifest, documentDigest });
  const beside = await writeOwn(options, account, bytes, '; nothing is verified yet', context);
  const { operator } = manifest.header;
  say('Next:');
  const folder = beside ? dirname(output) : join(dirname(output), snapshot);
  say(`  solvent fetch global --snapshot ${snapshot} --output ${shellWord(folder)}`);
  const global = beside ? '' : ` --global ${shellWord(join(folder, OUTPUT.manifest))}`;
  say(`  solvent verify-user ${shellWord(output)}${global} --operator ${operator} --key 0x…`);
  say('Take the operator’s key from the exchange’s own site and compare it with the one above.');
  return {
    exitCode: EXIT.valid,
    document: {
      file: output,
      bytes: bytes.length,
      snapshot,
      operator,
      manifest: beside,
      manifestDigest: toHex(manifestDigest(manifest)),
      documentDigest,
      ...noted,
    },
  };
}

/** What came must be a proof of what was asked for, whole: a wrong file would be noticed much later. */
function refuseOther(
  bytes: Uint8Array,
  wanted: { readonly id: Uint8Array; readonly manifest: Manifest; readonly documentDigest: string },
): void {
  refuseOtherDigest(bytes, wanted.documentDigest);
  const { id, manifest } = parseInclusion(bytes);
  if (!equalBytes(id, wanted.id)) throw mismatch('the proof of another account');
  if (!equalBytes(manifest, manifestDigest(wanted.manifest)))
    throw mismatch(
      `a proof that belongs to another manifest than the one of ${wanted.manifest.header.snapshot}`,
    );
}
