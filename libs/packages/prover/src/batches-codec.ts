import { concat, SolventError, u32be } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, ID_BYTES, type AccountBatch, type Layout } from '@solvent-por/verifier';
import { decodePrefixes, encodePrefixes, PREFIX_BYTES } from './sealed/prefixes';
import { AMOUNT_WORDS } from './witness';

/**
 * u32be: the number of batches, of input values of an account, of bytes of its shard prefix, of accounts in a
 * batch.
 */
const COUNT_BYTES = 4;
const HEAD_BYTES = 3 * COUNT_BYTES;

/**
 * Batches on their way from who reads them to who proves them: u32be(k) ‖ u32be(values) ‖ u32be(bytes of a
 * shard prefix: 2, or 0 where there are none), then for each batch u32be(count) ‖ ids (32 bytes each) ‖
 * amounts (3 little-endian u32 words each) ‖ shard prefixes (u16be each). Plain balances: seal it before it
 * leaves the process.
 *
 * @param values input amounts of an account: `layout.inputs.length`
 */
export function encodeBatches(batches: readonly AccountBatch[], values: number): Uint8Array {
  const withPrefixes = batches.some(({ shardPrefixes }) => shardPrefixes !== undefined);
  return concat(
    u32be(batches.length),
    u32be(values),
    u32be(withPrefixes ? PREFIX_BYTES : 0),
    ...batches.flatMap(({ count, ids, amounts, shardPrefixes }) => {
      if (
        ids.length !== ID_BYTES * count ||
        amounts.length !== AMOUNT_WORDS * values * count ||
        (withPrefixes && shardPrefixes?.length !== count)
      )
        throw new SolventError(
          'BATCHES_MALFORMED',
          'internal',
          'a batch has not the lengths that its count asks for',
        );
      const words = new Uint8Array(4 * amounts.length);
      const view = new DataView(words.buffer);
      amounts.forEach((word, i) => view.setUint32(4 * i, word, true));
      return [u32be(count), ids, words, ...(shardPrefixes ? [encodePrefixes(shardPrefixes)] : [])];
    }),
  );
}

/** Bytes of the largest job that a layout allows: what may be unpacked before it is read. */
export function maxEncodedBatches({ inputs, maxBatches }: Layout): number {
  return HEAD_BYTES + maxBatches * (COUNT_BYTES + ACCOUNT_ROWS * bytesPerAccount(inputs.length));
}

/**
 * Reads what encodeBatches wrote.
 *
 * @param values input values of an account that the layout asks for
 * @param mostBatches the layout's largest k
 * @throws SolventError BATCHES_MALFORMED (kind malformed): other lengths or counts than these allow
 */
export function decodeBatches(bytes: Uint8Array, values: number, mostBatches: number): AccountBatch[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number) => {
    if (length > bytes.length - at) throw malformed('it is cut off');
    return (at += length) - length;
  };
  const count = (most: number, what: string) => {
    const number = view.getUint32(take(COUNT_BYTES));
    if (number > most) throw malformed(`it names more ${what} than there can be`);
    return number;
  };
  const k = count(mostBatches, 'batches');
  if (k === 0) throw malformed('it holds no batch');
  if (view.getUint32(take(COUNT_BYTES)) !== values) throw malformed('its accounts have other values');
  const prefixBytes = count(PREFIX_BYTES, 'bytes of a shard prefix');
  if (prefixBytes !== 0 && prefixBytes !== PREFIX_BYTES)
    throw malformed('its shard prefixes have another length');
  const batches = Array.from({ length: k }, () => {
    const accounts = count(ACCOUNT_ROWS, 'accounts');
    const start = take(ID_BYTES * accounts);
    const length = AMOUNT_WORDS * values * accounts;
    const words = take(4 * length);
    const amounts = new Uint32Array(length);
    for (let i = 0; i < length; i++) amounts[i] = view.getUint32(words + 4 * i, true);
    const batch = { count: accounts, ids: bytes.slice(start, start + ID_BYTES * accounts), amounts };
    if (prefixBytes === 0) return batch;
    const prefixes = take(PREFIX_BYTES * accounts);
    return {
      ...batch,
      shardPrefixes: decodePrefixes(bytes.subarray(prefixes, prefixes + PREFIX_BYTES * accounts)),
    };
  });
  if (at !== bytes.length) throw malformed('more follows its end');
  return batches;
}

function bytesPerAccount(values: number): number {
  return ID_BYTES + 4 * AMOUNT_WORDS * values + PREFIX_BYTES;
}

function malformed(reason: string): SolventError<'BATCHES_MALFORMED'> {
  return new SolventError('BATCHES_MALFORMED', 'malformed', `batches to prove cannot be read: ${reason}`);
}
