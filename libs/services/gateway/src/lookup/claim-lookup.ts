import { createHash } from 'node:crypto';
import { equalBytes, fromHex, SolventError, toHex } from '@solvent-por/kzg';
import { refuseWithoutClaims } from '@solvent-por/prover';
import { askableId, type Looked } from '@solvent-por/services/database';
import type { Manifest } from '@solvent-por/verifier';
import { refusals } from '../errors/answered';
import { givenAccountId } from './account-id';

export interface ClaimLookupOptions {
  /** What there is about an account: the same read whatever there is. */
  readonly look: (snapshotId: string, lookupKey: Buffer) => Promise<Looked>;
  /** The manifest of a published snapshot. */
  readonly manifest: (snapshotId: string) => Promise<Manifest | undefined>;
  /** @param who whose turn it takes */
  readonly prove: (who: string, snapshotId: string, batch: number, row: number) => Promise<Uint8Array>;
}

/** What an account's owner makes private claims with; see `ClaimFile` of the claims package. */
export interface ClaimDocument {
  readonly text: string;
  /** SHA-256 of the text: 0x and 64 hex digits. */
  readonly digest: string;
}

/**
 * Claim files by account id of their snapshot. None is kept: from a batch whose tree a thread has, one takes
 * less than to read and unseal it.
 */
export class ClaimLookup {
  constructor(private readonly options: ClaimLookupOptions) {}

  /**
   * @param who whose turn it takes
   * @param accountId 64 hex digits, `0x` or not
   * @throws SolventError as InclusionLookup.get; CLAIMS_NOT_OFFERED (usage), the same for every account
   */
  async get(who: string, snapshotId: string, accountId: string): Promise<ClaimDocument> {
    const { id, key } = givenAccountId(accountId);
    const name = askableId(snapshotId);
    const { snapshot, place } = await this.options.look(name, key);
    if (snapshot?.state !== 'PUBLISHED') throw refusals.accountNotFound();
    const manifest = await this.options.manifest(name);
    if (!manifest) throw refusals.accountNotFound();
    refuseWithoutClaims(manifest);
    if (snapshot.privateDataDroppedAt) throw refusals.privateDataDropped();
    if (!place || !id) throw refusals.accountNotFound();
    const bytes = await this.options.prove(who, name, place.batch, place.row);
    refuseOther(bytes, id);
    return {
      text: Buffer.from(bytes).toString('utf8'),
      digest: toHex(createHash('sha256').update(bytes).digest()),
    };
  }
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
