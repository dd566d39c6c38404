import type { SnapshotConfigInput } from '@solvent-por/snapshot';
import { check, folderOf, keyOf, margin, refusal, removeFolders } from '../testing/input';

afterAll(removeFolders);

const dot = (columns: Record<string, string>, more: object = {}) =>
  ({
    ...margin,
    priceScale: 0,
    assets: [{ symbol: 'DOT', scale: 0, price: '1' }],
    columns,
    ...more,
  }) as SnapshotConfigInput;
const csv = (header: string, ...cells: number[]) =>
  folderOf({ 'a.csv': `id,${header}\n${[keyOf(1), ...cells].join(',')}\n` });
const json = (assets: Record<string, string>) =>
  folderOf({ 'a.json': JSON.stringify([{ id: keyOf(1), assets }]) });
const totals = async (input: string, config: SnapshotConfigInput) => (await check(input, config)).totals;
const renamed = { eq: 'e_DOT', loan: 'd_DOT' };
const staked = { 'e_DOT.S': 'e_DOT', 'd_DOT.S': 'd_DOT' }; // prettier-ignore

test('the net column beside a renamed pair was added to it: it is asked about, in any order and case', async () => {
  for (const [header, cells] of [['eq,loan,DOT', [10, 1, 9]], ['dot,LOAN,Eq', [9, 1, 10]]] as const) {
    const error = await refusal(check(csv(header, ...cells), dot(renamed)));
    expect(error).toMatchObject({ code: 'CSV_COLUMN_AMBIGUOUS', kind: 'invalid', column: 'DOT', row: 0 });
    expect(error.reason).toMatch(/counted twice.*"ignoreColumns": \["(?:DOT|dot)"\].*"columns": \{ "(?:DOT|dot)": "DOT" \} adds it/);
  }
  // Each answer does what it says.
  expect(await totals(csv('eq,loan,DOT', 10, 1, 9), dot(renamed, { ignoreColumns: ['DOT'] }))).toEqual([10n, 1n]);
  expect(await totals(csv('eq,loan,DOT', 10, 1, 9), dot({ ...renamed, DOT: 'DOT' }))).toEqual([19n, 1n]);
  expect(await totals(csv('eq,loan', 10, 1), dot(renamed))).toEqual([10n, 1n]);
}); // prettier-ignore

test('a renamed equity column alone is asked about too; a debt column alone is added, for nothing holds it already', async () => {
  expect(await refusal(check(csv('staked,DOT', 4, 9), dot({ staked: 'e_DOT' })))).toMatchObject({ code: 'CSV_COLUMN_AMBIGUOUS' });
  expect(await totals(csv('staked,DOT', 4, 9), dot({ staked: 'DOT' }))).toEqual([13n, 0n]);
  expect(await totals(csv('loan,DOT', 4, 9), dot({ loan: 'd_DOT' }))).toEqual([9n, 4n]);
}); // prettier-ignore

test('the net column beside a pair that is renamed by its own names is ignored, listed or not: the advice doubled it', async () => {
  const input = csv('e_DOT,d_DOT,DOT,e_DOT.S,d_DOT.S,DOT.S', 10, 1, 9, 5, 2, 3);
  for (const columns of [staked, { ...staked, 'DOT.S': 'DOT' }, { 'DOT.S': 'DOT' }, { ...staked, e_DOT: 'e_DOT', d_dot: 'd_DOT' }]) {
    const { totals: found, names } = await check(input, dot(columns));
    expect(found).toEqual([15n, 3n]);
    expect(names.ignored).toEqual(['DOT', 'DOT.S']);
  }
}); // prettier-ignore

test('the advice about a column of a pair reads the pair, and never debt as equity', async () => {
  const advised = async (header: string, ...cells: number[]) => {
    const { reason } = await refusal(check(csv(header, ...cells), dot({})));
    const { columns } = JSON.parse(`{${/"columns": \{[^}]*\}/.exec(reason as string)![0]}}`) as { columns: Record<string, string> };
    return totals(csv(header, ...cells), dot(columns));
  };
  expect(await advised('DOT,e_DOT.S,d_DOT.S,DOT.S', 9, 5, 2, 3)).toEqual([14n, 2n]);
  expect(await advised('DOT,DOT.S,d_DOT.S,e_DOT.S', 9, 3, 2, 5)).toEqual([14n, 2n]);
  expect(await advised('DOT,d_DOT.S', 9, 2)).toEqual([9n, 2n]);
  const { reason } = await refusal(check(csv('DOT,net_DOT', 9, 9), dot({})));
  expect(reason).toMatch(/only what other columns hold already \(a net, a total, a value\): "ignoreColumns": \["net_DOT"\]/);
}); // prettier-ignore

test('what nobody holds is not ignored beside a renamed pair that is not there', async () => {
  const config = { ...dot({ 'e_XYZ': 'e_XYZ', 'd_XYZ': 'd_XYZ' }), unheldAssets: ['XYZ'] } as SnapshotConfigInput;
  expect(await refusal(check(csv('DOT,XYZ', 9, 1), config))).toMatchObject({ code: 'ROW_ASSET_UNHELD' });
}); // prettier-ignore

test('the same in JSON, where a token cannot be ignored: it is refused', async () => {
  const three = { eq: '10', loan: '1', DOT: '9' };
  const error = await refusal(check(json(three), dot(renamed)));
  expect(error).toMatchObject({ code: 'ROW_TOKEN_AMBIGUOUS', token: 'DOT', row: 1 });
  expect(error.reason).toMatch(/leave it out of the records.*"columns": \{ "DOT": "DOT" \}/);
  expect(await totals(json(three), dot({ ...renamed, DOT: 'DOT' }))).toEqual([19n, 1n]);
  const pair = { 'e_DOT.S': '5', 'd_DOT.S': '2' };
  expect(await totals(json(pair), dot({ ...staked, 'DOT.S': 'DOT' }))).toEqual([5n, 2n]);
  expect(await refusal(check(json({ ...pair, 'DOT.S': '3' }), dot({ ...staked, 'DOT.S': 'DOT' })))).toMatchObject({ code: 'ROW_TOKEN_AMBIGUOUS' });
}); // prettier-ignore
