import { hexBytes, SolventError } from '@solvent-por/kzg';
import { claimAccess, claimMark, headerDigest, shardPrefix, type AccountBatch } from '@solvent-por/verifier';
import { BatchBuilder, PlacementOrder, PlacementWindow, type OfKeys } from './placement';
import { SourceReader, type SourceOptions, type SourceSummary } from './source-reader';

export interface BatchOptions extends SourceOptions {
  /** 32 bytes (section 12). */
  readonly placementKey: Uint8Array;
  /** What checkSnapshot found: other content is refused before the last batch is yielded. */
  readonly sourceDigest?: string | undefined;
  /**
   * Whether batches come with the shard prefixes of their accounts: what a sealed bundle needs of account keys
   * (section 15).
   */
  readonly shardPrefixes?: boolean;
  /** Whether they come with what their claim files are handed out by (private claims, section 2). */
  readonly claimMarks?: boolean;
  /** Called before the last batch is yielded. */
  readonly onRead?: ((summary: SourceSummary) => void) | undefined;
}

/**
 * All accounts of an input in batches of 4,080, only the last one shorter, in keyed order within windows of
 * 65,536 accounts. The same input, header and key give the same batches. Duplicates are not looked for:
 * checkSnapshot does that.
 *
 * @throws SolventError as checkSnapshot; INPUT_CHANGED (kind invalid) when the content is not that of
 *   `sourceDigest`
 */
export async function* readBatches(options: BatchOptions): AsyncGenerator<AccountBatch, void, void> {
  const source = await SourceReader.open(options);
  try {
    yield* batchesOf(source, options);
  } catch (error) {
    throw await source.located(error);
  }
}

async function* batchesOf(
  source: SourceReader,
  options: BatchOptions,
): AsyncGenerator<AccountBatch, void, void> {
  const { placementKey, header } = options;
  const ofKeys = wantedOfKeys(options);
  const window = new PlacementWindow(new PlacementOrder(placementKey, header), ofKeys);
  const batches = new BatchBuilder(source.row.values, ofKeys);
  // A full batch is held back until the next one exists, so that the last one can wait for the digest.
  let held: AccountBatch | undefined;
  for await (const _file of source.chunks()) {
    while (source.next()) {
      window.add(source.row);
      if (!window.isFull) continue;
      for (const batch of window.drain(batches)) {
        if (held) yield held;
        held = batch;
      }
    }
  }
  for (const batch of window.drain(batches)) {
    if (held) yield held;
    held = batch;
  }
  const last = batches.isEmpty ? undefined : batches.take();
  if (held && last) yield held;
  const summary = source.summary();
  if (options.sourceDigest !== undefined && options.sourceDigest !== summary.sourceDigest)
    throw new SolventError(
      'INPUT_CHANGED',
      'invalid',
      'the input changed after it was checked: start again',
      {
        reason: 'its digest is not that of the checked input',
      },
    );
  options.onRead?.(summary);
  const final = last ?? held;
  if (final) yield final;
}

function wantedOfKeys({ header, shardPrefixes, claimMarks }: BatchOptions): OfKeys {
  const [operator, digest] = [hexBytes(header.operator, 32), headerDigest(header)];
  return {
    ...(shardPrefixes && { prefix: (key) => shardPrefix(operator, key) }),
    ...(claimMarks && { mark: (key) => claimMark(claimAccess(digest, key)) }),
  };
}
