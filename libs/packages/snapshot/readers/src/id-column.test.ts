import type { SnapshotConfigInput } from '@solvent-por/snapshot';
import { check, folderOf, keyOf, margin, refusal, removeFolders, spot } from '../testing/input';

afterAll(removeFolders);

const asset = (symbol: string) => ({ symbol, scale: 0, price: '1' });
const withId = { ...margin, priceScale: 0, assets: [asset('BTC'), asset('ID')] } as SnapshotConfigInput;
const csv = (header: string, ...cells: (string | number)[]) => ({
  'a.csv': `${header}\n${cells.join(',')}\n`,
});
const totals = async (files: Record<string, string>, config: Parameters<typeof check>[1]) =>
  (await check(folderOf(files), config)).totals;

test('a token called ID in the layout of Binance: its net column is not the column of the ids', async () => {
  const rows = csv('rn,id,e_btc,d_btc,btc,e_id,d_id,id', 0, keyOf(1), 5, 2, 3, 7, 4, 3);
  expect(await totals(rows, { ...withId, ignoreColumns: ['rn'] })).toEqual([5n, 7n, 2n, 4n]);
  // Whichever comes first.
  const first = csv('e_id,d_id,ID,id,btc', 7, 4, 3, keyOf(1), 5);
  expect(await totals(first, withId)).toEqual([5n, 7n, 0n, 4n]);
});

test('where two columns called id could both be the one of the ids, it is refused', async () => {
  for (const header of ['id,btc,id,e_id,d_id', 'id,id,btc,e_id,d_id', 'id,e_id,d_id,id,id'])
    expect(await refusal(totals(csv(header), withId))).toMatchObject({ code: 'CSV_COLUMN_REPEATED' });
});

test.each(['main_uid_hashed', 'username', 'Main_UID_hashed'])('idColumn names the column of the ids: %s', async (idColumn) => {
  const config = { ...withId, idColumn };
  // Beside a pair a net column is ignored, called id or not; without the pair it is the token's.
  expect(await totals(csv(`${idColumn.toLowerCase()},e_btc,d_btc,btc,e_id,d_id,id`, keyOf(1), 5, 2, 9, 7, 4, 9), config)).toEqual([5n, 7n, 2n, 4n]);
  expect(await totals(csv(`id,${idColumn},btc`, 8, keyOf(1), 5), config)).toEqual([5n, 8n, 0n, 0n]);
  const error = await refusal(totals(csv('id,e_id,d_id,btc'), config));
  expect(error).toMatchObject({ code: 'CSV_COLUMN_MISSING', column: idColumn.toUpperCase() });
}); // prettier-ignore

test('a token called like idColumn stands in a pair, or is missing', async () => {
  const config = { ...withId, idColumn: 'btc' };
  expect(await totals(csv('btc,e_btc,d_btc,id', keyOf(1), 5, 2, 8), config)).toEqual([5n, 8n, 2n, 0n]);
  expect(await refusal(totals(csv('btc,id'), config))).toMatchObject({
    code: 'CSV_COLUMN_MISSING',
    column: 'BTC',
  });
});

test('an id column that is listed in ignoreColumns is told', async () => {
  const error = await refusal(totals(csv('id,btc,eth,usdt'), { ...spot, ignoreColumns: ['ID'] }));
  expect(error).toMatchObject({ code: 'CSV_COLUMN_MISSING', column: 'ID' });
  expect(error.reason).toContain('listed in ignoreColumns');
});

test('a nameless first column (pandas) and a comma at the end: "" in ignoreColumns, as the message proposes', async () => {
  const files: [Record<string, string>, string][] = [
    [csv(',id,btc,eth,usdt', 0, keyOf(1), 5, 0, 0), 'column 1'],
    [csv('id,btc,eth,usdt,', keyOf(1), 5, 0, 0, ''), 'column 5'],
    [csv('"",id,btc,eth,usdt,', 0, keyOf(1), 5, 0, 0, ''), 'column'],
  ];
  for (const [file, place] of files) {
    expect(await totals(file, { ...spot, ignoreColumns: [''] })).toEqual([500_000_000n, 0n, 0n]);
    const error = await refusal(totals(file, spot));
    expect(error.reason).toContain(`${place}`);
    expect(error.reason).toContain('has no name');
  }
  expect((await refusal(totals(files[0]![0], spot))).reason).toContain('"ignoreColumns": [""]');
});
