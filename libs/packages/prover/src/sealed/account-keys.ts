import { equalBytes, SolventError } from '@solvent-por/kzg';
import { accountId, ID_BYTES, KEY_BYTES, shardPrefix } from '@solvent-por/verifier';

/**
 * Account keys in the order of the rows, as whoever proved the snapshot reads them: they stand in no file of
 * the witness, and the shard of an account follows from nothing else. Each is compared with the id in its
 * row.
 */
export class AccountKeys {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** @param pieces whole keys, 32 bytes each, any number in a piece */
  constructor(
    pieces: AsyncIterable<Uint8Array>,
    private readonly operatorKey: Uint8Array,
    private readonly headerDigest: Uint8Array,
  ) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /**
   * What the shard numbers of a batch's accounts begin with, row by row.
   * @param ids 32 bytes each, as the witness has them
   * @throws SolventError SOURCE_CHANGED (invalid)
   */
  async prefixes(batch: number, ids: Uint8Array): Promise<Uint16Array> {
    const prefixes = new Uint16Array(ids.length / ID_BYTES);
    for (let row = 0; row < prefixes.length; row++) {
      const key = await this.#next();
      const id = ids.subarray(ID_BYTES * row, ID_BYTES * (row + 1));
      if (!key || !equalBytes(accountId(this.headerDigest, key), id)) throw changed({ batch, row });
      prefixes[row] = shardPrefix(this.operatorKey, key);
    }
    return prefixes;
  }

  /** @throws SolventError SOURCE_CHANGED (invalid): more accounts are given than there are in the snapshot */
  async end(): Promise<void> {
    if (await this.#next()) throw changed();
  }

  /** Lets go of the source, wherever it stands. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    while (this.#at >= this.#piece.length) {
      const { done, value } = await this.#pieces.next();
      if (done) return undefined;
      if (value.length % KEY_BYTES !== 0) throw new RangeError('a piece must be of whole keys');
      [this.#piece, this.#at] = [value, 0];
    }
    return this.#piece.subarray(this.#at, (this.#at += KEY_BYTES));
  }
}

function changed(place?: { readonly batch: number; readonly row: number }): SolventError<'SOURCE_CHANGED'> {
  const where = place
    ? `row ${place.row} of batch ${place.batch} is not the account that the input gives there`
    : 'the input has more accounts';
  return new SolventError(
    'SOURCE_CHANGED',
    'invalid',
    `the snapshot was proved from another input, configuration or placement key: ${where}; give those that it was proved from`,
    place,
  );
}
