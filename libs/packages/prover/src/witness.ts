import { createHash, createHmac } from 'node:crypto';
import { SolventError, u32be, utf8 } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  HASH_BYTES,
  ID_BYTES,
  SALT_BYTES,
  type AccountBatch,
  type Layout,
} from '@solvent-por/verifier';
import { AccountRows } from './account-rows';
import { nativeLeaf } from './native-hashes';

/** 32-bit words of one input amount, little-endian. */
export const AMOUNT_WORDS = 3;

/** What the account rows of one batch's columns hold. */
export interface BatchWitness {
  readonly count: number;
  /** 32 bytes each, count of them. */
  readonly salts: Uint8Array;
  /** Leaves of the account tree: 32 bytes each, count of them. */
  readonly leaves: Uint8Array;
  /** K columns of 4,080 limbs below 2,048. */
  readonly limbs: readonly Uint16Array[];
}

/** Secret keys of a snapshot that its proofs need: 32 bytes each (section 12). */
export interface ProofKeys {
  readonly salt: Uint8Array;
  readonly blinding: Uint8Array;
  /** Of claim keys, where a snapshot is to have a claim tree (section 13). */
  readonly claim?: Uint8Array;
}

const SALT_DOMAIN = utf8('solvent/v1/salt');

/**
 * Lays out the accounts of k batches in rows, and digests them for the blinding (sections 5, 7, 12).
 *
 * @throws SolventError WITNESS_OUT_OF_RANGE when an amount is beyond its bounds or a derived base value
 *   negative: no proof of it exists
 */
export function buildWitness(
  layout: Layout,
  headerDigest: Uint8Array,
  saltKey: Uint8Array,
  batches: readonly AccountBatch[],
): { readonly batches: BatchWitness[]; readonly digest: Uint8Array } {
  const hash = createHash('sha256');
  const built = batches.map((batch) => {
    hash.update(u32be(batch.count));
    return buildBatch(layout, headerDigest, saltKey, batch, hash);
  });
  return { batches: built, digest: hash.digest() };
}

function buildBatch(
  layout: Layout,
  headerDigest: Uint8Array,
  saltKey: Uint8Array,
  { count, ids, amounts }: AccountBatch,
  hash: ReturnType<typeof createHash>,
): BatchWitness {
  if (
    count > ACCOUNT_ROWS ||
    ids.length !== ID_BYTES * count ||
    amounts.length !== count * layout.inputs.length * AMOUNT_WORDS
  )
    throw new SolventError(
      'WITNESS_MALFORMED',
      'internal',
      'a batch has not the lengths that its count asks for',
    );
  const salts = new Uint8Array(SALT_BYTES * count);
  const leaves = new Uint8Array(HASH_BYTES * count);
  const rows = new AccountRows(layout, amounts, count);
  for (let row = 0; row < count; row++) {
    const id = ids.subarray(ID_BYTES * row, ID_BYTES * (row + 1));
    const salt = createHmac('sha256', saltKey).update(SALT_DOMAIN).update(headerDigest).update(id).digest();
    salts.set(salt, SALT_BYTES * row);
    rows.fill(row);
    const leaf = nativeLeaf(id, salt, rows.published);
    leaves.set(leaf, HASH_BYTES * row);
    hash.update(leaf).update(rows.encodedBases);
  }
  return { count, salts, leaves, limbs: rows.limbs };
}

/** An input of a batch, as an integer: input v of row `row` has index row · inputs + v. */
export function amountAt(amounts: Uint32Array, index: number): bigint {
  const at = index * AMOUNT_WORDS;
  const low = BigInt(amounts[at]!) | (BigInt(amounts[at + 1]!) << 32n);
  return amounts[at + 2] ? low | (BigInt(amounts[at + 2]!) << 64n) : low;
}

/** The published values of an account: sums of its inputs (section 3). */
export function publishedValues(
  { inputs, published }: Layout,
  { amounts }: Pick<AccountBatch, 'amounts'>,
  row: number,
): bigint[] {
  return published.map((value) =>
    value.inputs.reduce((sum, input) => sum + amountAt(amounts, row * inputs.length + input), 0n),
  );
}
