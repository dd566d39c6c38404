import { equalBytes, fromHex, SolventError, toHex } from '@solvent-por/kzg';
import {
  askableId,
  isDamaged,
  type InclusionToKeep,
  type Kept,
  type Looked,
} from '@solvent-por/services/database';
import { refusals } from '../errors/answered';
import { givenAccountId } from './account-id';
import type { DocumentCache } from './document-cache';
import { inclusionDocument, type InclusionDocument } from './document-cache';
import type { KeptRecords } from './kept-records';
import { SingleFlight } from './single-flight';

/** How a look-up ended. */
export type LookupOutcome = 'kept-memory' | 'kept-database' | 'computed' | 'not-found' | 'refused' | 'failed';

export interface LookupOptions {
  /** What there is about an account: the same read whatever there is. */
  readonly look: (snapshotId: string, lookupKey: Buffer) => Promise<Looked>;
  /** @param who whose turn it takes */
  readonly prove: (who: string, snapshotId: string, batch: number, row: number) => Promise<Uint8Array>;
  readonly cache: DocumentCache;
  readonly onOutcome: (outcome: LookupOutcome) => void;
  /** What is kept of documents, and how they are made of it again. */
  readonly records: Pick<KeptRecords, 'recordOf' | 'documentOf'>;
  /** Keeps a record, sooner or later. */
  readonly keep: (proof: InclusionToKeep) => void;
  /** What was kept is damaged; the witness answers in its place. */
  readonly onDamaged: (snapshotId: string, error: SolventError) => void;
}

interface Found {
  readonly document: InclusionDocument;
  readonly outcome: LookupOutcome;
}

/**
 * Inclusion documents by account id of their snapshot: from memory, else from the database, else computed,
 * once for all who ask meanwhile. What the database kept and is damaged is told of, and kept anew.
 */
export class InclusionLookup {
  readonly #flights = new SingleFlight<Found>();

  constructor(private readonly options: LookupOptions) {}

  /**
   * @param who whose turn it takes where it must be computed
   * @param accountId 64 hex digits, `0x` or not
   * @throws SolventError ACCOUNT_NOT_FOUND for an unknown or malformed id as for an unknown, unfinished or
   *   malformed snapshot, all after the same
   *   read of the database; PRIVATE_DATA_DROPPED; LOOKUPS_BUSY
   */
  async get(who: string, snapshotId: string, accountId: string): Promise<InclusionDocument> {
    const { id, key } = givenAccountId(accountId);
    const name = askableId(snapshotId);
    const flight = `${name}/${key.toString('latin1')}`;
    const kept = this.options.cache.get(flight);
    if (kept) {
      this.options.onOutcome('kept-memory');
      return kept;
    }
    try {
      const { document, outcome } = await this.#flights.run(flight, () =>
        this.#look(who, name, id, key, flight),
      );
      this.options.onOutcome(outcome);
      return document;
    } catch (error) {
      this.options.onOutcome(outcomeOf(error));
      throw error;
    }
  }

  async #look(
    who: string,
    name: string,
    id: Uint8Array | undefined,
    key: Buffer,
    flight: string,
  ): Promise<Found> {
    const { cache } = this.options;
    const { snapshot, kept, place } = await this.options.look(name, key);
    if (snapshot?.state !== 'PUBLISHED') throw refusals.accountNotFound();
    if (snapshot.privateDataDroppedAt) throw refusals.privateDataDropped();
    if (!place || !id) throw refusals.accountNotFound();
    const again = await this.#documentOf(name, id, kept);
    if (again) {
      cache.set(flight, again);
      return { document: again, outcome: 'kept-database' };
    }
    const bytes = await this.options.prove(who, name, place.batch, place.row);
    const document = inclusionDocument(bytes);
    refuseOther(document, id);
    cache.set(flight, document);
    const record = this.options.records.recordOf(bytes);
    const { attempt } = snapshot;
    this.options.keep({ snapshotId: name, attempt, lookupKey: key, record, repairs: kept !== null });
    return { document, outcome: 'computed' };
  }

  async #documentOf(name: string, id: Uint8Array, kept: Kept): Promise<InclusionDocument | undefined> {
    if (kept === null) return undefined;
    const bytes = isDamaged(kept) ? undefined : await this.options.records.documentOf(name, id, kept);
    if (bytes) return inclusionDocument(bytes);
    this.options.onDamaged(name, isDamaged(kept) ? kept.damaged : malformedRecord());
    return undefined;
  }
}

/** A capability is never answered with somebody else's balance, whatever an index says. */
function refuseOther({ text }: InclusionDocument, id: Uint8Array): void {
  const { id: named } = JSON.parse(text) as { readonly id: string };
  if (!equalBytes(fromHex(named, 32) ?? new Uint8Array(), id))
    throw new SolventError(
      'LOOKUP_INDEX_WRONG',
      'internal',
      `the index leads from account ${toHex(id).slice(0, 10)}… to another one`,
    );
}

function malformedRecord(): SolventError {
  return new SolventError(
    'KEPT_PROOF_MALFORMED',
    'internal',
    'what was kept of an inclusion proof has another length than those of its snapshot',
  );
}

function outcomeOf(error: unknown): LookupOutcome {
  if (!(error instanceof SolventError)) return 'failed';
  if (error.code === 'ACCOUNT_NOT_FOUND' || error.code === 'PRIVATE_DATA_DROPPED') return 'not-found';
  return error.code === 'LOOKUPS_BUSY' ? 'refused' : 'failed';
}
