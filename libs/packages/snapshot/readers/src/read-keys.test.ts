import { hexBytes } from '@solvent-por/kzg';
import { accountId, claimAccess, claimMark, headerDigest, shardPrefix } from '@solvent-por/verifier';
import { headerOf, parseConfig } from '@solvent-por/snapshot';
import { batchesOf, folderOf, keyOf, removeFolders, spot } from '../testing/input';
import { readBatches, readPlacedKeys } from './index';

afterAll(removeFolders);

test('keys, shard prefixes and claim marks come in the order of the rows, over the end of a batch', async () => {
  const rows = Array.from({ length: 4085 }, (_, n) => `${keyOf(n)},1,2,3\n`);
  const input = folderOf({ 'a.csv': `id,btc,eth,usdt\n${rows.join('')}` });
  const config = parseConfig(spot);
  const header = headerOf(config);
  const placed: Uint8Array[] = [];
  const placementKey = new Uint8Array(32).fill(7);
  for await (const piece of readPlacedKeys({ input, config, header, placementKey })) placed.push(piece);
  const keys = Buffer.concat(placed);
  const ids = Buffer.concat((await batchesOf(input, spot)).map((batch) => batch.ids));
  expect(keys).toHaveLength(32 * rows.length);
  const digest = headerDigest(header);
  for (let row = 0; row < rows.length; row++)
    expect(Buffer.from(accountId(digest, keys.subarray(32 * row, 32 * (row + 1))))).toEqual(
      ids.subarray(32 * row, 32 * (row + 1)),
    );

  const prefixes: number[] = [];
  const marks: Uint8Array[] = [];
  const wanted = { shardPrefixes: true, claimMarks: true };
  for await (const batch of readBatches({ input, config, header, placementKey, ...wanted })) {
    expect(batch.shardPrefixes).toHaveLength(batch.count);
    expect(batch.claimMarks).toHaveLength(32 * batch.count);
    prefixes.push(...batch.shardPrefixes!);
    marks.push(batch.claimMarks!);
  }
  const operator = hexBytes(header.operator, 32);
  expect(prefixes).toEqual(
    rows.map((_, row) => shardPrefix(operator, keys.subarray(32 * row, 32 * (row + 1)))),
  );
  expect(Buffer.concat(marks)).toEqual(
    Buffer.concat(
      rows.map((_, row) => claimMark(claimAccess(digest, keys.subarray(32 * row, 32 * (row + 1))))),
    ),
  );
});
