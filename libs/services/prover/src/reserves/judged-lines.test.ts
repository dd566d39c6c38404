import type { JudgedLine } from '@solvent-por/reserves';
import { decodeJudged, encodeJudged, linesOf, listedLine } from './judged-lines';

const judged: JudgedLine = {
  ...{ holding: 0, address: '0xab', class: 'own', amount: 2n ** 127n, delegated: false, byKey: true },
  facts: {
    ...{
      class: 'own',
      control: 'fresh',
      controlByNode: false,
      rotation: 'fixed',
      evm: true,
      oneParty: false,
    },
    ...{ confirmed: true, doubles: false, known: true, frozen: false, balance: 'claimed' },
  },
};
const networks = [{ network: 'eip155:1', height: '7', block: '0x12', time: '2026-11-30T00:00:00Z' }];

test('judged lines and answers come back as they were, amounts exactly', () => {
  const lines = [
    { judged, answer: { amount: 2n ** 127n - 1n, control: true } },
    { judged: { ...judged, amount: 0n }, answer: undefined },
  ];
  const bytes = encodeJudged(lines, { networks }, { 'eip155:1': 'ours' });
  expect(decodeJudged(bytes)).toEqual(lines);
  expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({
    nodes: { 'eip155:1': { name: 'ours', height: '7', block: '0x12' } },
  });
});

test('a listed line says its level, and why it is claimed', () => {
  const none = { custodian: '0', own: '0', staked: '0' };
  const holdings = [{ network: 'eip155:1', asset: 'ETH', decimals: 18, lines: 1, totals: none }];
  const line = (facts: Partial<JudgedLine['facts']>) =>
    listedLine({ ...judged, facts: { ...judged.facts, ...facts } }, 9, { holdings });
  expect(line({})).toEqual({
    ...{ line: 9, network: 'eip155:1', asset: 'ETH', token: null, address: '0xab', class: 'own' },
    ...{ amount: String(2n ** 127n), control: 'fresh', level: 'claimed', reason: 'balance' },
  });
  expect(line({ balance: 'proved' })).toMatchObject({ level: 'proved', reason: null });
  expect(line({ balance: 'checked' })).toMatchObject({ level: 'checked', reason: null });
});

test('lines of a part are split at their LFs', () => {
  const text = (line: Uint8Array) => Buffer.from(line).toString();
  expect(linesOf(Buffer.from('a\nbb\n')).map(text)).toEqual(['a', 'bb']);
  expect(linesOf(new Uint8Array(0))).toEqual([]);
});
