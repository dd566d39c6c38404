import { createHash } from 'node:crypto';
import { concat, fromBytes, SCALAR_BYTES, SolventError, toBytes, u32be, utf8 } from '@solvent/algebra';
import {
  ACCOUNT_ROWS,
  HASH_BYTES,
  ID_BYTES,
  SALT_BYTES,
  type AccountBatch,
  type Layout,
} from '@solvent/proof/verify';
import type { BatchSecrets } from './batch-prover';
import { RESERVED_ROWS } from './reserved-rows';
import { AMOUNT_WORDS } from './witness';

/** One batch as its operator keeps it: all that is needed to open any of its rows, and no key. */
export interface StoredBatch extends BatchSecrets {
  readonly batch: number;
  readonly accounts: AccountBatch;
}

const MAGIC = utf8('solvent/v1/batch');
const DIGEST_BYTES = 32;

/**
 * The file of one batch: "solvent/v1/batch" ‖ headerDigest ‖ u32be(batch) ‖ u32be(count) ‖ ids ‖ salts ‖ amounts (3 little-endian u32 words each)
 * ‖ leaves of unused account rows ‖ opening seed ‖ reserved rows of each published value's column ‖ SHA-256 of all before it.
 */
export function encodeStoredBatch(stored: StoredBatch, headerDigest: Uint8Array): Uint8Array {
  const { batch, accounts, salts, unusedLeaves, openingSeed, reservedSums } = stored;
  const amounts = new Uint8Array(4 * accounts.amounts.length);
  const view = new DataView(amounts.buffer);
  accounts.amounts.forEach((word, i) => view.setUint32(4 * i, word, true));
  const body = concat(
    MAGIC,
    headerDigest,
    u32be(batch),
    u32be(accounts.count),
    accounts.ids,
    salts,
    amounts,
    unusedLeaves,
    openingSeed,
    ...reservedSums.flat().map((x) => toBytes(x)),
  );
  return concat(body, createHash('sha256').update(body).digest());
}

/**
 * @throws SolventError WITNESS_FILE_DAMAGED (wrong length or digest), WITNESS_FILE_FOREIGN (of another snapshot or batch)
 */
export function decodeStoredBatch(
  file: Uint8Array,
  layout: Layout,
  headerDigest: Uint8Array,
  batch: number,
): StoredBatch {
  const damaged = () =>
    new SolventError('WITNESS_FILE_DAMAGED', 'invalid', `the witness of batch ${batch} is damaged`, {
      batch,
    });
  const body = file.subarray(0, Math.max(0, file.length - DIGEST_BYTES));
  if (Buffer.compare(createHash('sha256').update(body).digest(), file.subarray(body.length)) !== 0)
    throw damaged();
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let at = 0;
  const take = (length: number) => body.subarray(at, (at += length));
  const prefix = concat(MAGIC, headerDigest, u32be(batch));
  if (Buffer.compare(take(prefix.length), prefix) !== 0)
    throw new SolventError(
      'WITNESS_FILE_FOREIGN',
      'invalid',
      `the witness of batch ${batch} belongs to another snapshot or batch`,
      { batch },
    );
  const count = view.getUint32(at);
  at += 4;
  const reserved = SCALAR_BYTES * RESERVED_ROWS * layout.published.length;
  const perAccount = ID_BYTES + SALT_BYTES + 4 * AMOUNT_WORDS * layout.inputs.length;
  if (
    count > ACCOUNT_ROWS ||
    body.length !== at + count * perAccount + (ACCOUNT_ROWS - count + 1) * HASH_BYTES + reserved
  )
    throw damaged();
  const ids = take(ID_BYTES * count);
  const salts = take(SALT_BYTES * count);
  const amounts = new Uint32Array(AMOUNT_WORDS * layout.inputs.length * count);
  for (let i = 0; i < amounts.length; i++, at += 4) amounts[i] = view.getUint32(at, true);
  const unusedLeaves = take(HASH_BYTES * (ACCOUNT_ROWS - count));
  const openingSeed = take(HASH_BYTES);
  const column = () => Array.from({ length: RESERVED_ROWS }, () => fromBytes(take(SCALAR_BYTES)));
  return {
    batch,
    accounts: { count, ids, amounts },
    salts,
    unusedLeaves,
    openingSeed,
    reservedSums: layout.published.map(column),
  };
}
