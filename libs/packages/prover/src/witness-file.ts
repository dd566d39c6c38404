import { concat, fromBytes, SCALAR_BYTES, SolventError, toBytes } from '@solvent-por/kzg';
import { decodeLabelled, encodeLabelled, type Origin } from '@solvent-por/snapshot/files';
import {
  ACCOUNT_ROWS,
  HASH_BYTES,
  ID_BYTES,
  SALT_BYTES,
  type AccountBatch,
  type Layout,
} from '@solvent-por/verifier';
import type { BatchSecrets } from './batch/columns';
import { claimsBytes, decodeClaims, encodeClaims, type BatchClaims } from './claims/batch-claims';
import { RESERVED_ROWS } from './reserved-rows';
import { AMOUNT_WORDS } from './witness';

/** One batch as its operator keeps it: all that is needed to open any of its rows, and no key. */
export interface StoredBatch extends BatchSecrets {
  readonly batch: number;
  readonly accounts: AccountBatch;
  /** Its part of the claim tree, where the snapshot has one. */
  readonly claims?: BatchClaims;
}

/**
 * The file of one batch: ids ‖ salts ‖ amounts (3 little-endian u32 words each) ‖ leaves of unused account
 * rows ‖ opening seed ‖ reserved rows of each published value's column, and its part of the claim tree where
 * there is one; labelled.
 * @param origin of the header: there is no manifest yet
 */
export function encodeStoredBatch(stored: StoredBatch, origin: Origin): Uint8Array {
  const { batch, accounts, salts, unusedLeaves, openingSeed, reservedSums, claims } = stored;
  const amounts = new Uint8Array(4 * accounts.amounts.length);
  const view = new DataView(amounts.buffer);
  accounts.amounts.forEach((word, i) => view.setUint32(4 * i, word, true));
  const content = concat(
    accounts.ids,
    salts,
    amounts,
    unusedLeaves,
    openingSeed,
    ...reservedSums.flat().map((x) => toBytes(x)),
    ...(claims ? [encodeClaims(claims)] : []),
  );
  return encodeLabelled(content, { kind: `batch ${batch}`, origin, count: accounts.count });
}

/**
 * @param name of what holds it, for messages: a file's, where it is one
 * @throws SolventError WITNESS_FILE_DAMAGED (not the bytes that were written), WITNESS_FILE_FOREIGN (of
 *   another snapshot or batch); kind invalid
 */
export function decodeStoredBatch(
  file: Uint8Array,
  layout: Layout,
  origin: Origin,
  batch: number,
  name = `the witness of batch ${batch}`,
): StoredBatch {
  const { content, count } = decodeLabelled(file, { kind: `batch ${batch}`, origin, name });
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let at = 0;
  const take = (length: number) => content.subarray(at, (at += length));
  const reserved = SCALAR_BYTES * RESERVED_ROWS * layout.published.length;
  const perAccount = ID_BYTES + SALT_BYTES + 4 * AMOUNT_WORDS * layout.inputs.length;
  const plain = count * perAccount + (ACCOUNT_ROWS - count + 1) * HASH_BYTES + reserved;
  const withClaims = claimsBytes(count).includes(content.length - plain);
  if (count > ACCOUNT_ROWS || (content.length !== plain && !withClaims))
    throw new SolventError(
      'WITNESS_FILE_DAMAGED',
      'invalid',
      `${name} is damaged: it has not the length that ${count} accounts take`,
      { batch },
    );
  const ids = take(ID_BYTES * count);
  const salts = take(SALT_BYTES * count);
  const amounts = new Uint32Array(AMOUNT_WORDS * layout.inputs.length * count);
  for (let i = 0; i < amounts.length; i++, at += 4) amounts[i] = view.getUint32(at, true);
  const unusedLeaves = take(HASH_BYTES * (ACCOUNT_ROWS - count));
  const openingSeed = take(HASH_BYTES);
  const column = () => Array.from({ length: RESERVED_ROWS }, () => fromBytes(take(SCALAR_BYTES)));
  const reservedSums = layout.published.map(column);
  return {
    batch,
    accounts: { count, ids, amounts },
    salts,
    unusedLeaves,
    openingSeed,
    reservedSums,
    ...(withClaims && { claims: decodeClaims(content.subarray(at), count) }),
  };
}
