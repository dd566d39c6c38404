import { vectorText, vectors, type OwnershipVector } from '../../testing/vectors';
import { parseLine } from '../documents/line';
import { canonicalJson } from '@solvent-por/verifier';
import { smallestUnits } from './amount';
import { OkxImporter } from './okx';
import { okxEvidence, judgeOkx, type OkxRow } from './okx-row';
import { canonicalAddress } from './spellings';

function rowsOf(text: string, form: 'okx' | 'okx-2025' = 'okx') {
  const importer = new OkxImporter(form);
  const rows = text.split('\n').flatMap((line) => importer.row(line) ?? []);
  importer.finish();
  return { rows, messages: importer.messages };
}
const said = (text: string, form: 'okx' | 'okx-2025' = 'okx') =>
  rowsOf(text, form).rows.map(({ row, verdict }) => `${row} ${verdict}`);

test('the file of 11 columns: totals are passed over, every row is judged', () => {
  const text = vectorText('okx/okx_por_example.csv');
  expect(said(text)).toEqual(['16 right', '17 right', '18 unchecked', '19 right', '20 unchecked']);
  const { rows, messages } = rowsOf(text);
  expect(messages).toEqual(['I am an OKX address']);
  const lines = rows.map(({ line }) => line);
  expect(lines[0]).toMatchObject({
    network: 'eip155:1',
    asset: 'ETH',
    amount: '58959708849230328',
    class: 'own',
  });
  expect(lines[3]).toMatchObject({ network: 'ton', asset: 'USDT', token: 'USDT-TON', amount: '170479995' });
  expect(lines[4]).toMatchObject({
    network: 'aptos',
    asset: 'APT',
    amount: '150000000',
    ownership: { rotated: true },
  });
  for (const line of lines) expect(() => parseLine(canonicalJson(line))).not.toThrow();
});

test('the file of 12 columns, with staking', () => {
  const text = vectorText('okx/okx_por_staking_example.csv');
  expect(said(text)).toEqual(['5 right', '6 unchecked', '7 unsupported']);
  expect(
    rowsOf(text)
      .rows.slice(1)
      .map(({ line }) => line),
  ).toEqual([
    expect.objectContaining({ network: 'beacon', asset: 'ETH', amount: '32000000000', class: 'staked' }),
    expect.objectContaining({ network: 'beacon', asset: 'ETH', amount: '32000000000', class: 'staked' }),
  ]);
});

test('the form of 2025, which has no amounts and so makes no lines', () => {
  const { rows } = rowsOf(vectorText('okx/test.csv'), 'okx-2025');
  expect(rows.map(({ verdict }) => verdict)).toEqual([
    ...['right', 'unsupported', 'right', 'right', 'right', 'right', 'right', 'right', 'unsupported'],
  ]);
  expect(rows.every(({ line }) => line === undefined)).toBe(true);
});

interface Vector extends OwnershipVector {
  readonly record: Readonly<Record<string, string>> & { readonly owners?: readonly string[] };
}
const vectorsOfOkx = vectors<{ readonly vectors: readonly Vector[] }>('okx-vectors.json').vectors;

test.each(vectorsOfOkx)(
  '$id: the record becomes the evidence, and is $expected',
  ({ record, evidence, expected }) => {
    const row: OkxRow = {
      coin: record.coin ?? '',
      type: record.type ?? '',
      asset: record.coin ?? '',
      address: record.address ?? '',
      message: record.message ?? '',
      signature1: record.signature1 ?? '',
      signature2: record.signature2 ?? '',
      key: record.script ?? record.key ?? record.publicKey ?? '',
      owner1: record.owners?.[0] ?? record.eoa1 ?? '',
      owner2: record.owners?.[1] ?? record.eoa2 ?? '',
    };
    const made = okxEvidence(row);
    if (!made) return expect(expected).toBe('unsupported');
    const { verdict } = judgeOkx(made, row.message);
    expect(verdict.verdict).toBe(expected);
    if (evidence && expected !== 'unsupported')
      expect({ network: made.network, address: made.address }).toEqual({
        network: evidence.network,
        address: evidence.address,
      });
  },
);

const HEADER =
  'coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script/public key,eoa1,eoa2';
const HONEST =
  'ETH,ETH,20914735,0x0cdcdb19a857c2ac24818ca4fdfe38cce071483e,0.05,I am an OKX address,0x07f19879aa28d51c97cddfdfecffe7ed96525545d041aee4f4386b0bf4c1a26924b637fb02ccbb97305c13daa51a0f50b8896fb25ecbaf60020cde920d227a221b,,,,';
const judge = (...rows: readonly string[]) =>
  rowsOf([HEADER, ...rows].join('\n')).rows.map(({ verdict }) => verdict);

test('rows that are refused, each with its honest twin', () => {
  expect(judge(HONEST)).toEqual(['right']);
  expect(judge(HONEST.replace('0.05', '1e2'))).toEqual(['malformed']);
  expect(judge(HONEST.replace('0.05', '.5'))).toEqual(['malformed']);
  expect(judge(HONEST.replace('0.05', '-1'))).toEqual(['malformed']);
  expect(judge(HONEST.replace('0.05', `0.${'1'.repeat(19)}`))).toEqual(['malformed']);
  expect(judge(HONEST.replace('OKX address', 'XKO address'))).toEqual(['wrong']);
  expect(judge(HONEST, HONEST)).toEqual(['right', 'wrong']);
  expect(
    judge(
      HONEST,
      HONEST.replace(
        '0x0cdcdb19a857c2ac24818ca4fdfe38cce071483e',
        '0x0CDCDB19A857C2AC24818CA4FDFE38CCE071483E',
      ),
    ),
  ).toEqual(['right', 'wrong']);
  expect(judge(HONEST.replace('0x0cdc', '0x0Cdc'))).toEqual(['malformed']);
  expect(judge(HONEST.replace(/1b,,,,$/, '00,,,,'))).toEqual(['right']);
  expect(judge(HONEST.replace(/^ETH,/, 'NOCOIN,'))).toEqual(['unsupported']);
  expect(judge(`${HONEST},,,`)).toEqual(['malformed']);
  expect(judge(HONEST.replace(/0x07f1[0-9a-f]+/, ''))).toEqual(['malformed']);
});

test('amounts are exact, and no float comes near them', () => {
  expect(smallestUnits('0.000000000000000001', 18)).toBe(1n);
  expect(smallestUnits('123456789012345678.123456789012345678', 18)).toBe(
    123456789012345678123456789012345678n,
  );
  expect(smallestUnits('7', 0)).toBe(7n);
});

test.each([
  ['eip155:66', 'ex1a0ugda5r0hc3vrzu9wyfkx22vz3g2y2paegqvc', '0xebf886f6837df1160c5c2b889b194a60a2851141'],
  [
    'eip155:314',
    'f410fa7sh5u6fvd7vt625dx2akhbu3jt7yvkhgdp55ki',
    '0x07e47ed3c5a8ff59fb5d1df4051c34da67fc5547',
  ],
  [
    'bitcoincash',
    '3EniMkZiTiCcKsyKGxJbizi5zgPLkkpdYB',
    'bitcoincash:pz866a7kmq6y4mzgswu2jzsaa0uc6pe6ruxjkn45cp',
  ],
  [
    'aptos',
    '0x4062a7375a1ab2bb8bc33d2c1cb2f6b0afa1cef98ea7a5afec7afc96675fe1d',
    '0x04062a7375a1ab2bb8bc33d2c1cb2f6b0afa1cef98ea7a5afec7afc96675fe1d',
  ],
  [
    'ton',
    'UQB1CKrUWm7qf41Z1GeEE6AgVVj5cH6y6x1aRmWe6q4mj1fn',
    'EQB1CKrUWm7qf41Z1GeEE6AgVVj5cH6y6x1aRmWe6q4mjwoi',
  ],
])('%s: %s is spelt %s', (network, address, expected) => {
  expect(canonicalAddress(network, address)).toBe(expected);
});
