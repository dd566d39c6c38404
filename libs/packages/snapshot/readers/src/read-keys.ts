import { accountId, ID_BYTES, KEY_BYTES } from '@solvent-por/verifier';
import { PlacementOrder, WINDOW } from './placement';
import type { BatchOptions } from './read-batches';
import { SourceReader } from './source-reader';

/**
 * The account keys of an input in the order in which `readBatches` places the accounts, whole ones, 32 bytes
 * each, a window in a piece: for whoever needs what stands in no file of a snapshot.
 *
 * @throws SolventError as readBatches; the digest is not looked at
 */
export async function* readPlacedKeys(
  options: Omit<BatchOptions, 'sourceDigest' | 'onRead'>,
): AsyncGenerator<Uint8Array, void, void> {
  const source = await SourceReader.open(options);
  const order = new PlacementOrder(options.placementKey, options.header);
  const [keys, ids] = [new Uint8Array(KEY_BYTES * WINDOW), new Uint8Array(ID_BYTES * WINDOW)];
  let count = 0;
  const drain = () => {
    const placed = new Uint8Array(KEY_BYTES * count);
    for (const [row, account] of order.of(ids, count).entries())
      placed.set(keys.subarray(KEY_BYTES * account, KEY_BYTES * (account + 1)), KEY_BYTES * row);
    count = 0;
    return placed;
  };
  try {
    for await (const _file of source.chunks())
      while (source.next()) {
        keys.set(source.row.key, KEY_BYTES * count);
        ids.set(accountId(order.headerDigest, source.row.key), ID_BYTES * count++);
        if (count === WINDOW) yield drain();
      }
    source.summary();
    if (count > 0) yield drain();
  } catch (error) {
    throw await source.located(error);
  }
}
