import { concat, SolventError, u32be } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, HASH_BYTES, ID_BYTES, type AccountBatch, type Layout } from '@solvent-por/verifier';
import { decodePrefixes, encodePrefixes, PREFIX_BYTES } from './sealed/prefixes';
import { AMOUNT_WORDS } from './witness';

/**
 * u32be: the number of batches, of input values of an account, of bytes that follow from its key, of accounts in
 * a batch.
 */
const COUNT_BYTES = 4;
const HEAD_BYTES = 3 * COUNT_BYTES;
/** Of `claimMark`. */
const MARK_BYTES = HASH_BYTES;

/**
 * Batches on their way from who reads them to who proves them: u32be(k) ‖ u32be(values) ‖ u32be(bytes that
 * follow from an account key: 2 of a shard prefix, 32 of a claim mark, 34 of both, 0 of neither), then for each
 * batch u32be(count) ‖ ids (32 bytes each) ‖ amounts (3 little-endian u32 words each) ‖ shard prefixes (u16be
 * each) ‖ claim marks (32 bytes each). Plain balances: seal it before it leaves the process.
 *
 * @param values input amounts of an account: `layout.inputs.length`
 */
export function encodeBatches(batches: readonly AccountBatch[], values: number): Uint8Array {
  const withPrefixes = batches.some(({ shardPrefixes }) => shardPrefixes !== undefined);
  const withMarks = batches.some(({ claimMarks }) => claimMarks !== undefined);
  return concat(
    u32be(batches.length),
    u32be(values),
    u32be((withPrefixes ? PREFIX_BYTES : 0) + (withMarks ? MARK_BYTES : 0)),
    ...batches.flatMap(({ count, ids, amounts, shardPrefixes, claimMarks }) => {
      if (
        ids.length !== ID_BYTES * count ||
        amounts.length !== AMOUNT_WORDS * values * count ||
        (withPrefixes && shardPrefixes?.length !== count) ||
        (withMarks && claimMarks?.length !== MARK_BYTES * count)
      )
        throw new SolventError(
          'BATCHES_MALFORMED',
          'internal',
          'a batch has not the lengths that its count asks for',
        );
      const words = new Uint8Array(4 * amounts.length);
      const view = new DataView(words.buffer);
      amounts.forEach((word, i) => view.setUint32(4 * i, word, true));
      const prefixes = shardPrefixes ? [encodePrefixes(shardPrefixes)] : [];
      return [u32be(count), ids, words, ...prefixes, ...(claimMarks ? [claimMarks] : [])];
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
  const keyBytes = count(PREFIX_BYTES + MARK_BYTES, 'bytes of an account key');
  const [prefixBytes, markBytes] = [keyBytes % MARK_BYTES, keyBytes - (keyBytes % MARK_BYTES)];
  if (prefixBytes !== 0 && prefixBytes !== PREFIX_BYTES)
    throw malformed('its shard prefixes have another length');
  const batches = Array.from({ length: k }, () => {
    const accounts = count(ACCOUNT_ROWS, 'accounts');
    const start = take(ID_BYTES * accounts);
    const length = AMOUNT_WORDS * values * accounts;
    const words = take(4 * length);
    const amounts = new Uint32Array(length);
    for (let i = 0; i < length; i++) amounts[i] = view.getUint32(words + 4 * i, true);
    const prefixes = take(prefixBytes * accounts);
    const marks = take(markBytes * accounts);
    return {
      ...{ count: accounts, ids: bytes.slice(start, start + ID_BYTES * accounts), amounts },
      ...(prefixBytes > 0 && { shardPrefixes: decodePrefixes(bytes.subarray(prefixes, marks)) }),
      ...(markBytes > 0 && { claimMarks: bytes.slice(marks, marks + MARK_BYTES * accounts) }),
    };
  });
  if (at !== bytes.length) throw malformed('more follows its end');
  return batches;
}

function bytesPerAccount(values: number): number {
  return ID_BYTES + 4 * AMOUNT_WORDS * values + PREFIX_BYTES + MARK_BYTES;
}

function malformed(reason: string): SolventError<'BATCHES_MALFORMED'> {
  return new SolventError('BATCHES_MALFORMED', 'malformed', `batches to prove cannot be read: ${reason}`);
}
