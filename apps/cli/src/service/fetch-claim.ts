import { checkClaimFile, parseClaimFile } from '@solvent-por/claims';
import { equalBytes, toHex } from '@solvent-por/kzg';
import { accountId, claimAccess, headerDigest } from '@solvent-por/verifier';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { about } from '../files';
import { mismatch, ownAccount, refuseOtherDigest, writeOwn, type FetchOwnArguments } from './own-account';

/**
 * Downloads what the account's owner makes private claims with, and the manifest it belongs to. Id and access,
 * by which the service hands it out, are made here from the key, which is not sent. Whether the account is in
 * the claim tree is looked at before anything is written: nobody else can.
 * @throws SolventError ACCOUNT_NOT_FOUND, CLAIMS_NOT_OFFERED; ANSWER_MISMATCH, CLAIM_FILE_FOREIGN (kind
 *   invalid): the service sent something else; OUTPUT_EXISTS (kind usage); as `ownAccount`
 */
export async function fetchClaim(options: FetchOwnArguments, context: Context): Promise<Outcome> {
  const { snapshot, output } = options;
  const { say, style } = context;
  const account = await ownAccount(options, context);
  const { connection, manifest, key, noted } = account;
  const digest = headerDigest(manifest.header);
  const id = accountId(digest, key);
  const own = { snapshotId: snapshot, accountId: toHex(id), access: toHex(claimAccess(digest, key)) };
  const { document, documentDigest } = await connection.ask((client) => client.claimFile(own));
  const bytes = new Uint8Array(Buffer.from(document, 'utf8'));
  refuseOtherDigest(bytes, documentDigest);
  const file = about('the claim file that the service sent', () => parseClaimFile(bytes));
  if (!equalBytes(file.id, id)) throw mismatch('the claim file of another account');
  checkClaimFile(file, manifest);
  const beside = await writeOwn(options, account, bytes, ': your account is in the claim tree', context);
  say(`${style.warning} whoever has this file can make claims in your name: show it to nobody`);
  say('Next: `solvent claim prove` with it, and with what your partner asks for');
  return {
    exitCode: EXIT.valid,
    document: {
      ...{ file: output, bytes: bytes.length, snapshot },
      ...{ manifest: beside, documentDigest, ...noted },
    },
  };
}
