import { createHash, timingSafeEqual } from 'node:crypto';
import { equalBytes, fromHex, SolventError, toHex } from '@solvent-por/kzg';
import { refuseWithoutClaims, type MadeClaimFile } from '@solvent-por/prover';
import { askableId, type Looked } from '@solvent-por/services/database';
import { claimMark, HASH_BYTES, readGivenHex, type Manifest } from '@solvent-por/verifier';
import { answerOf, refusals } from '../errors/answered';
import { givenAccountId } from './account-id';

export interface ClaimLookupOptions {
  /** What there is about an account: the same read whatever there is. */
  readonly look: (snapshotId: string, lookupKey: Buffer) => Promise<Looked>;
  /** The manifest of a published snapshot. */
  readonly manifest: (snapshotId: string) => Promise<Manifest | undefined>;
  /** @param who whose turn it takes */
  readonly prove: (who: string, snapshotId: string, batch: number, row: number) => Promise<MadeClaimFile>;
  readonly onOutcome: (outcome: ClaimFileOutcome) => void;
}

/** `refused`: whatever the reason, an access that is not the owner's among them. */
export type ClaimFileOutcome = 'made' | 'refused' | 'failed';

/** All by which an account's owner asks for what only they may have. */
export interface AskedClaimFile {
  readonly snapshotId: string;
  /** 64 hex digits, `0x` or not. */
  readonly accountId: string;
  /** `claimAccess` of account key and snapshot, in the same form: secret. */
  readonly access: string;
}

/** What an account's owner makes private claims with; see `ClaimFile` of the claims package. */
export interface ClaimDocument {
  readonly text: string;
  /** SHA-256 of the text: 0x and 64 hex digits. */
  readonly digest: string;
}

/**
 * Claim files by account id and access: the id alone stands in inclusion files, which users show to others. None
 * is kept: from a batch whose tree a thread has, one takes
 * less than to read and unseal it.
 */
export class ClaimLookup {
  constructor(private readonly options: ClaimLookupOptions) {}

  /**
   * @param who whose turn it takes
   * @throws SolventError as InclusionLookup.get, where ACCOUNT_NOT_FOUND is said of another access, too;
   *   CLAIMS_NOT_OFFERED (usage), the same for every account
   */
  async get(who: string, asked: AskedClaimFile): Promise<ClaimDocument> {
    const { onOutcome } = this.options;
    try {
      const document = await this.#get(who, asked);
      onOutcome('made');
      return document;
    } catch (error) {
      onOutcome(answerOf(error) ? 'refused' : 'failed');
      throw error;
    }
  }

  async #get(who: string, { snapshotId, accountId, access }: AskedClaimFile): Promise<ClaimDocument> {
    const { id, key } = givenAccountId(accountId);
    const name = askableId(snapshotId);
    const { snapshot, place } = await this.options.look(name, key);
    if (snapshot?.state !== 'PUBLISHED') throw refusals.claimFileNotFound();
    const manifest = await this.options.manifest(name);
    if (!manifest) throw refusals.claimFileNotFound();
    refuseWithoutClaims(manifest);
    if (snapshot.privateDataDroppedAt) throw refusals.privateDataDropped();
    if (!place || !id) throw refusals.claimFileNotFound();
    // Whoever else asks for the row meanwhile gets the same file made, and shows an access of their own.
    const { document, mark } = await this.options.prove(who, name, place.batch, place.row);
    refuseOther(document, id);
    if (!opens(access, mark)) throw refusals.claimFileNotFound();
    return {
      text: Buffer.from(document).toString('utf8'),
      digest: toHex(createHash('sha256').update(document).digest()),
    };
  }
}

/** Takes as long whatever is given. */
function opens(access: string, mark: Uint8Array): boolean {
  const given = readGivenHex(access, HASH_BYTES)?.bytes;
  const same = timingSafeEqual(claimMark(given ?? new Uint8Array(HASH_BYTES)), mark);
  return same && given !== undefined;
}

/** Nobody gets what makes claims in somebody else's name, whatever an index says. */
function refuseOther(bytes: Uint8Array, id: Uint8Array): void {
  const { id: named } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly id: string };
  if (!equalBytes(fromHex(named, 32) ?? new Uint8Array(), id))
    throw new SolventError(
      'LOOKUP_INDEX_WRONG',
      'internal',
      `the index leads from account ${toHex(id).slice(0, 10)}… to another one`,
    );
}
