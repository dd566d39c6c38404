import { SolventError, toHex } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { DatabaseError, type ClientBase } from 'pg';
import { LOOKUP_KEY_BYTES, lookupKey } from './lookup-key';
import { copyRows } from './binary-copy';
import { inTransaction, type Database } from './database';
import { HOLD_RUN } from './hold-run';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/** One batch of a proof as it is stored. */
export interface ProvedBatch {
  readonly batch: number;
  /** Ids of 32 bytes each, in the order of the rows. */
  readonly accounts: { readonly count: number; readonly ids: Uint8Array };
  /**
   * Shard prefixes of its accounts, u16be each, in the order of the rows; sealed on the way. Absent where
   * there can be no sealed bundle.
   */
  readonly shardPrefixes?: Uint8Array;
  /** What opens its rows, in the clear; it is sealed on the way. */
  readonly witness: Uint8Array;
}

export interface ProvedBatches {
  /** Index of the first batch. */
  readonly first: number;
  /** As `unsummedBytes` gives it: its line of global-proof.ndjson but for the sums. */
  readonly proof: Uint8Array;
  /** CPU time of the proof. */
  readonly seconds: number;
  readonly batches: readonly ProvedBatch[];
}

export type StoreOutcome = 'stored' | 'already' | 'stale';

interface Entry {
  readonly key: Buffer;
  readonly batch: number;
  readonly row: number;
}

const BATCH_COLUMNS = ['snapshot_id', 'batch', 'first', 'accounts', 'witness', 'witness_key_id'];
const PREFIX_COLUMNS = ['snapshot_id', 'batch', 'prefixes', 'witness_key_id'];
const ENTRY_COLUMNS = ['snapshot_id', 'lookup_key', 'batch', 'row'];
const UNIQUE_VIOLATION = '23505';

/**
 * Stores a proof, its batches with their sealed witness, and where its accounts stand, in one transaction.
 *
 * The snapshot's row is locked FOR SHARE first: while we write, it can neither fail nor begin another
 * attempt. Two who store the same proof at once meet at its primary key, the second waits for the first. Keys
 * are written in their order, so that two proofs with the same accounts wait for each other one way only.
 *
 * @returns `already` when this proof is stored, `stale` when the run is over
 * @throws SolventError ROW_DUPLICATE_ACCOUNT (invalid); nothing is written then
 */
export async function storeProof(
  db: Database,
  keyring: WitnessKeyring,
  run: SnapshotRun,
  proof: ProvedBatches,
): Promise<StoreOutcome> {
  const { snapshotId, attempt } = run;
  const entries = entriesOf(proof.batches);
  const sealed = proof.batches.map(({ batch, witness }) =>
    keyring.seal(witness, sealContext.witness(snapshotId, attempt, batch)),
  );
  const prefixes = proof.batches.flatMap(({ batch, shardPrefixes }) =>
    shardPrefixes
      ? [{ batch, ...keyring.seal(shardPrefixes, sealContext.prefixes(snapshotId, attempt, batch)) }]
      : [],
  );
  return inTransaction(db.pool, async (client) => {
    if (!(await holdRun(client, run))) return 'stale';
    const { first, proof: bytes, seconds, batches } = proof;
    const { rowCount } = await client.query(
      `INSERT INTO proof (snapshot_id, first, batches, proof, proof_bytes, seconds) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING`,
      [snapshotId, first, batches.length, bytes, bytes.length, seconds],
    );
    if (rowCount === 0) return 'already';
    const id = Buffer.from(snapshotId, 'utf8');
    await copyRows(client, 'batch', BATCH_COLUMNS, batches.entries(), (rows, [i, { batch, accounts }]) =>
      rows
        .bytes(id)
        .int4(batch)
        .int4(first)
        .int4(accounts.count)
        .bytes(sealed[i]!.sealed)
        .text(sealed[i]!.keyId),
    );
    await copyRows(
      client,
      'batch_prefixes',
      PREFIX_COLUMNS,
      prefixes,
      (rows, { batch, sealed: kept, keyId }) => rows.bytes(id).int4(batch).bytes(kept).text(keyId),
    );
    try {
      await copyRows(client, 'account_entry', ENTRY_COLUMNS, entries, (rows, { key, batch, row }) =>
        rows.bytes(id).bytes(key).int4(batch).int2(row),
      );
    } catch (error) {
      throw isDuplicate(error) ? duplicate(error, proof.batches, entries) : error;
    }
    return 'stored';
  });
}

async function holdRun(client: ClientBase, { snapshotId, attempt }: SnapshotRun): Promise<boolean> {
  const { rowCount } = await client.query(HOLD_RUN, [snapshotId, attempt]);
  return rowCount === 1;
}

function entriesOf(batches: readonly ProvedBatch[]): Entry[] {
  const entries: Entry[] = [];
  for (const { batch, accounts } of batches) {
    if (accounts.ids.length !== LOOKUP_KEY_BYTES * accounts.count)
      throw new SolventError('BATCH_MALFORMED', 'internal', `batch ${batch} has not one id an account`, {
        batch,
      });
    for (let row = 0; row < accounts.count; row++)
      entries.push({ key: lookupKey(idAt(accounts.ids, row)), batch, row });
  }
  return entries.sort((a, b) => a.key.compare(b.key));
}

function idAt(ids: Uint8Array, row: number): Uint8Array {
  return ids.subarray(32 * row, 32 * (row + 1));
}

function isDuplicate(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.code === UNIQUE_VIOLATION;
}

/**
 * PostgreSQL names the key in the error's detail; it becomes the row, and the first 8 hex digits of the id.
 */
function duplicate(
  { detail }: DatabaseError,
  batches: readonly ProvedBatch[],
  entries: readonly Entry[],
): SolventError<'ROW_DUPLICATE_ACCOUNT'> {
  const hex = /\\x([0-9a-f]{64})/.exec(detail ?? '')?.[1];
  const entry = entries.filter(({ key }) => key.toString('hex') === hex).at(-1);
  if (!entry)
    return new SolventError(
      'ROW_DUPLICATE_ACCOUNT',
      'invalid',
      'an account stands in the snapshot more than once',
    );
  const { batch, row } = entry;
  const { ids } = batches.find((one) => one.batch === batch)!.accounts;
  const account = toHex(idAt(ids, row)).slice(0, 10);
  return new SolventError(
    'ROW_DUPLICATE_ACCOUNT',
    'invalid',
    `the account ${account}… stands in the snapshot more than once; one time is batch ${batch}, row ${row}`,
    { account, batch, row },
  );
}
