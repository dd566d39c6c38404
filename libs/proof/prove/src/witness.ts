import { createHash, createHmac } from 'node:crypto';
import { ROWS, SCALAR_BYTES, SolventError, toBytes, u32be, utf8 } from '@solvent/algebra';
import {
  ACCOUNT_ROWS,
  ID_BYTES,
  LIMB_BITS,
  SALT_BYTES,
  TAG_BYTES,
  type AccountBatch,
  type Layout,
} from '@solvent/proof/verify';

/** 32-bit words of one input amount, little-endian. */
export const AMOUNT_WORDS = 3;

/** What the account rows of one batch's columns hold. */
export interface BatchWitness {
  readonly count: number;
  /** 31 bytes each, count of them. */
  readonly salts: Uint8Array;
  /** 31 bytes each, count of them. */
  readonly tags: Uint8Array;
  /** K columns of 4,080 limbs below 2,048. */
  readonly limbs: readonly Uint16Array[];
}

/** Secret keys of a snapshot that its proofs need: 32 bytes each (section 12). */
export interface ProofKeys {
  readonly salt: Uint8Array;
  readonly blinding: Uint8Array;
}

const SALT_DOMAIN = utf8('solvent/v1/salt');
const TAG_DOMAIN = utf8('solvent/v1/tag');
const LIMB_MASK = (1 << LIMB_BITS) - 1;

/**
 * Lays out the accounts of k batches in rows, and digests them for the blinding (sections 5, 7, 12).
 *
 * @throws SolventError WITNESS_OUT_OF_RANGE when a base value does not fit its limbs or a derived one is negative: no proof of it exists
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
    amounts.length !== count * layout.inputs * AMOUNT_WORDS
  )
    throw new SolventError(
      'WITNESS_MALFORMED',
      'internal',
      'a batch has not the lengths that its count asks for',
    );
  const salts = new Uint8Array(SALT_BYTES * count);
  const tags = new Uint8Array(TAG_BYTES * count);
  const limbs = Array.from({ length: layout.limbs }, () => new Uint16Array(ACCOUNT_ROWS));
  const encoded = new Uint8Array(32 * (1 + layout.bases.length));
  const view = new DataView(encoded.buffer);
  for (let row = 0; row < count; row++) {
    const id = ids.subarray(ID_BYTES * row, ID_BYTES * (row + 1));
    const salt = createHmac('sha256', saltKey).update(SALT_DOMAIN).update(headerDigest).update(id).digest();
    const tag = nativeTag(id, salt.subarray(0, SALT_BYTES));
    salts.set(salt.subarray(0, SALT_BYTES), SALT_BYTES * row);
    tags.set(tag, TAG_BYTES * row);
    encoded.set(tag, 1);
    for (let v = 0; v < layout.inputs; v++) {
      const at = (row * layout.inputs + v) * AMOUNT_WORDS;
      const [w0, w1, w2] = [amounts[at]!, amounts[at + 1]!, amounts[at + 2]!];
      view.setUint32(32 * (v + 1) + 20, w2);
      view.setUint32(32 * (v + 1) + 24, w1);
      view.setUint32(32 * (v + 1) + 28, w0);
      if ((w0 | w1 | w2) !== 0) writeLimbs(layout, limbs, row, v, w0, w1, w2);
    }
    for (const relation of layout.relations) {
      const derived = deriveLast(relation.terms, amounts, row * layout.inputs);
      const { base } = relation.terms.at(-1)!;
      writeWideLimbs(layout, limbs, row, base, derived);
      for (let word = 0; word < 5; word++)
        view.setUint32(32 * (base + 1) + 28 - 4 * word, Number((derived >> BigInt(32 * word)) & 0xffffffffn));
    }
    hash.update(encoded);
  }
  return { count, salts, tags, limbs };
}

/** The same as `accountTag`, several times faster where thousands are needed at once. */
export function nativeTag(id: Uint8Array, salt: Uint8Array): Uint8Array {
  return createHash('sha256').update(TAG_DOMAIN).update(id).update(salt).digest().subarray(0, TAG_BYTES);
}

/** An input of row `row`, as an integer. */
export function amountAt(amounts: Uint32Array, index: number): bigint {
  const at = index * AMOUNT_WORDS;
  const low = BigInt(amounts[at]!) | (BigInt(amounts[at + 1]!) << 32n);
  return amounts[at + 2] ? low | (BigInt(amounts[at + 2]!) << 64n) : low;
}

/** Bytes of rows 0…4095 of a batch's tag column, as 32-byte big-endian elements. */
export function tagRows(
  tags: { readonly used: Uint8Array; readonly unused: Uint8Array },
  reserved: readonly bigint[],
): Uint8Array {
  const rows = new Uint8Array(SCALAR_BYTES * ROWS);
  const used = tags.used.length / TAG_BYTES;
  for (let row = 0; row < ACCOUNT_ROWS; row++) {
    const [from, index] = row < used ? [tags.used, row] : [tags.unused, row - used];
    rows.set(from.subarray(TAG_BYTES * index, TAG_BYTES * (index + 1)), SCALAR_BYTES * row + 1);
  }
  reserved.forEach((x, i) => rows.set(toBytes(x), SCALAR_BYTES * (ACCOUNT_ROWS + i)));
  return rows;
}

/** The value of a relation's last base value, whose coefficient is 1. */
function deriveLast(
  terms: Layout['relations'][number]['terms'],
  amounts: Uint32Array,
  firstInput: number,
): bigint {
  let sum = 0n;
  for (let i = 0; i < terms.length - 1; i++) {
    const { base, coefficient } = terms[i]!;
    const at = (firstInput + base) * AMOUNT_WORDS;
    if ((amounts[at]! | amounts[at + 1]! | amounts[at + 2]!) !== 0)
      sum += coefficient * amountAt(amounts, firstInput + base);
  }
  return -sum;
}

function writeLimbs(
  layout: Layout,
  columns: readonly Uint16Array[],
  row: number,
  base: number,
  w0: number,
  w1: number,
  w2: number,
): void {
  const { firstLimb, limbs } = layout.bases[base]!;
  const words = [w0, w1, w2, 0];
  for (let j = 0; j < limbs; j++) {
    const bit = LIMB_BITS * j;
    const word = bit >>> 5;
    const shift = bit & 31;
    let limb = words[word]! >>> shift;
    if (shift > 32 - LIMB_BITS) limb |= words[word + 1]! << (32 - shift);
    columns[firstLimb + j]![row] = limb & LIMB_MASK;
  }
  const bits = LIMB_BITS * limbs;
  for (let word = bits >>> 5; word < AMOUNT_WORDS; word++)
    if ((word === bits >>> 5 ? words[word]! >>> (bits & 31) : words[word]!) !== 0)
      throw outOfRange(layout, base, row);
}

function writeWideLimbs(
  layout: Layout,
  columns: readonly Uint16Array[],
  row: number,
  base: number,
  value: bigint,
): void {
  const { firstLimb, limbs } = layout.bases[base]!;
  if (value < 0n || value >> BigInt(LIMB_BITS * limbs)) throw outOfRange(layout, base, row);
  for (let [j, rest] = [0, value]; rest > 0n; j++, rest >>= BigInt(LIMB_BITS))
    columns[firstLimb + j]![row] = Number(rest & BigInt(LIMB_MASK));
}

function outOfRange(layout: Layout, base: number, row: number): SolventError<'WITNESS_OUT_OF_RANGE'> {
  const { name, limbs } = layout.bases[base]!;
  return new SolventError(
    'WITNESS_OUT_OF_RANGE',
    'invalid',
    `${name} of row ${row} is not in 0…2^${LIMB_BITS * limbs} − 1: there is no proof of it`,
    { row },
  );
}
