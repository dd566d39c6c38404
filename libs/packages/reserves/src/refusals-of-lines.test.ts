import { keccak_256 } from '@noble/hashes/sha3.js';
import { hexBytes } from '@solvent-por/kzg';
import {
  ALICE,
  BOB,
  BOB_PROOF,
  draft,
  ETHER_PROOF,
  evmHeader,
  make,
  TAKEN_AT,
  TETHER_PROOF,
  USDT,
  USDT_STORAGE,
  type Changes,
  type Draft,
  type DraftLine,
} from '../testing/made-publication';
import { bitcoinMessage, eip191, okxEvm } from '../testing/keys';
import { verdictOf } from '../testing/verdict-of';
import { signedText, standingText, type Stated } from './documents/texts';

const DOCUMENT = draft().document as unknown as Stated;
const TEXT = signedText(DOCUMENT);
/** Changes of bitcoin's line, of ETH's and of USDT's. */
const line = (i: number, change: (line: DraftLine, draft: Draft) => void): Changes => ({
  draft: (made) => change(made.lines[i]!, made),
});
const bitcoin = (more: object): Changes => line(0, (l) => Object.assign(l, more));
const ether = (more: object): Changes => line(1, (l) => Object.assign(l, more));
const tether = (more: object): Changes => line(2, (l) => Object.assign(l, more));
const signedBy = (text: string, more: object = {}) =>
  ether({ ownership: { scheme: 'eip191', signatures: [eip191(text, ALICE)], ...more } });
const expectVerdict = async (changes: Changes, verdict: string, line?: number) =>
  expect(await verdictOf(make(changes))).toMatchObject({ verdict, ...(line !== undefined && { line }) });

test('the honest twin of everything here is right', () => expectVerdict({}, 'right'));

describe('R1 and R5: lines', () => {
  test.each<[string, Changes, number | undefined]>([
    ['an unknown member', ether({ note: 'cold' }), 2],
    ['an amount as a number', ether({ amount: 3 }), 2],
    ['an amount with a point', ether({ amount: '3.0' }), 2],
    ['an amount of 2^128', ether({ amount: (1n << 128n).toString() }), undefined],
    ['another class', ether({ class: 'borrowed' }), 2],
    ['EIP-55', ether({ address: `0x${ALICE.evm.slice(2).toUpperCase()}` }), 2],
    ['an address of testnet', bitcoin({ address: 'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn' }), 1],
    [
      'a custodian’s address in another spelling',
      bitcoin({ class: 'custodian', address: ` ${ALICE.p2pkh}` }),
      1,
    ],
    ['lines out of order', { draft: ({ lines }) => lines.reverse() }, 2],
    ['a line twice', { draft: ({ lines }) => lines.splice(1, 0, { ...lines[1] }) }, 3],
    [
      'an address twice under two classes',
      {
        draft: ({ lines }) =>
          lines.splice(1, 0, { ...lines[1], class: 'custodian', balance: undefined, ownership: undefined }),
      },
      3,
    ],
    [
      'own and staked on an EVM network',
      { draft: ({ lines }) => lines.splice(2, 0, { ...lines[1], class: 'staked', balance: undefined }) },
      3,
    ],
    [
      'no holding',
      {
        unsigned: (d) => (d.addresses = { ...(d.addresses as object), bytes: 9999 }),
        file: (lines) => lines.replace('"asset":"ETH"', '"asset":"XXX"'),
      },
      2,
    ],
    ['spaces', { file: (lines) => lines.replace('{"address"', '{ "address"'), unsigned: bytes(1) }, 1],
    [
      '100 deep',
      {
        file: (lines) => lines.replace('"own"', `${'['.repeat(100)}${']'.repeat(100)}`),
        unsigned: bytes(200),
      },
      1,
    ],
    ['an empty line', { file: (lines) => `\n${lines}`, unsigned: bytes(1) }, 1],
    ['CRLF', { file: (lines) => lines.replaceAll('\n', '\r\n'), unsigned: bytes(3) }, 1],
  ])('%s: malformed', (_, changes, line) => expectVerdict(changes, 'malformed', line));

  test('a line twice under two spellings is one with a malformed address', () =>
    expectVerdict(
      {
        draft: ({ lines }) =>
          lines.splice(1, 0, { ...lines[1], address: `0x${ALICE.evm.slice(2).toUpperCase()}` }),
      },
      'malformed',
      2,
    ));

  function bytes(more: number): NonNullable<Changes['unsigned']> {
    return (d) => {
      const addresses = d.addresses as { bytes: number };
      d.addresses = { ...addresses, bytes: addresses.bytes + more };
    };
  }
});

describe('R8: evidence of ownership, over the text of this snapshot', () => {
  test.each<[string, Changes]>([
    ['the text of another exchange', signedBy(signedText({ ...DOCUMENT, domain: 'other.example' }))],
    ['the text of another operator', signedBy(signedText({ ...DOCUMENT, operator: `0x${'11'.repeat(32)}` }))],
    ['the text of another snapshot', signedBy(signedText({ ...DOCUMENT, snapshot: 'before' }))],
    [
      'the text of other liabilities',
      signedBy(signedText({ ...DOCUMENT, liabilities: { header: `0x${'11'.repeat(32)}`, manifest: '' } })),
    ],
    ['the statement itself', signedBy('Solvent proof of reserves by exchange.example')],
    ['another key', ether({ ownership: { scheme: 'eip191', signatures: [eip191(TEXT, BOB)] } })],
    [
      'a standing text that a legacy one is said to be',
      signedBy(standingText(DOCUMENT, '2026-01-15'), { message: 0 }),
    ],
    [
      'a legacy text that a standing one is said to be',
      signedBy('I am an OKX address', { named: '2026-01-15' }),
    ],
    [
      'a standing text of another date',
      signedBy(standingText(DOCUMENT, '2026-01-15'), { named: '2026-01-16' }),
    ],
    [
      'a standing text of another exchange',
      signedBy(standingText({ ...DOCUMENT, domain: 'other.example' }, '2026-01-15'), { named: '2026-01-15' }),
    ],
    ['a standing text of 401 days', signedBy(standingText(DOCUMENT, '2025-10-25'), { named: '2025-10-25' })],
    ['a standing text of tomorrow', signedBy(standingText(DOCUMENT, '2026-12-01'), { named: '2026-12-01' })],
    [
      'false evidence of a custodian',
      ether({ class: 'custodian', ownership: { scheme: 'eip191', signatures: [eip191(TEXT, BOB)] } }),
    ],
  ])('%s: wrong', (_, changes) => expectVerdict(changes, 'wrong'));

  test.each<[string, Changes]>([
    ['a standing text of 400 days', signedBy(standingText(DOCUMENT, '2025-10-26'), { named: '2025-10-26' })],
    ['a standing text of this day', signedBy(standingText(DOCUMENT, '2026-11-30'), { named: '2026-11-30' })],
    ['a legacy text', signedBy('I am an OKX address', { message: 0 })],
    ['OKX’s form', ether({ ownership: { scheme: 'okx-evm', signatures: [okxEvm(TEXT, ALICE)] } })],
  ])('%s: right', (_, changes) => expectVerdict(changes, 'right'));

  test.each<[string, Changes]>([
    ['both message and named', signedBy(TEXT, { message: 0, named: '2026-01-15' })],
    ['no such message', signedBy(TEXT, { message: 1 })],
    ['a message of −1', signedBy(TEXT, { message: -1 })],
    ['a message as text', signedBy(TEXT, { message: 'I am an OKX address' })],
    ['no real date', signedBy(TEXT, { named: '2026-02-30' })],
    ['a time for a date', signedBy(TEXT, { named: TAKEN_AT })],
    ['ownership that is a list', ether({ ownership: [] })],
    ['ownership that is null', ether({ ownership: null })],
  ])('%s: malformed', (_, changes) => expectVerdict(changes, 'malformed'));
});

/** A token where the state's root, a branch, has no child: one node shows that nothing is there. */
const NOBODY = (() => {
  const first = (address: string) => keccak_256(hexBytes(address, 20))[0]! >> 4;
  const taken = [ALICE.evm, BOB.evm, USDT].map(first);
  let n = 1;
  const address = () => `0x${n.toString(16).padStart(40, '0')}`;
  while (taken.includes(first(address()))) n++;
  return address();
})();

describe('R8: evidence of a balance', () => {
  test.each<[string, Changes]>([
    ['an amount more', ether({ amount: '3000000000000000001' })],
    ['a node missing', ether({ balance: ETHER_PROOF.slice(0, -1) })],
    ['a node to spare', ether({ balance: [...ETHER_PROOF, ETHER_PROOF.at(-1)] })],
    ['the proof of another account', ether({ balance: BOB_PROOF })],
    ['the proof of a slot for an account', ether({ balance: TETHER_PROOF })],
    ['a token’s amount more', tether({ amount: '5000002' })],
    [
      'a token’s proof for another account',
      {
        draft: ({ lines }) => {
          lines[2] = { ...lines[2], address: BOB.evm };
          delete lines[2].ownership;
        },
      },
    ],
    [
      'storage of another account',
      { draft: ({ document }) => (document.holdings[2]!.storage = ETHER_PROOF) },
    ],
    [
      'storage that shows that there is no contract',
      {
        draft: ({ document, lines }) => {
          Object.assign(document.holdings[2]!, { token: NOBODY, storage: [ETHER_PROOF[0]] });
          lines[2] = { ...lines[2], token: NOBODY };
          delete lines[2].balance;
        },
      },
    ],
    [
      'storage with a node missing',
      { draft: ({ document }) => (document.holdings[2]!.storage = USDT_STORAGE.slice(0, -1)) },
    ],
    [
      'storage with a node to spare',
      { draft: ({ document }) => (document.holdings[2]!.storage = [...USDT_STORAGE, USDT_STORAGE[0]!]) },
    ],
    ['a false balance of a custodian', ether({ class: 'custodian', amount: '1' })],
  ])('%s: wrong', (_, changes) => expectVerdict(changes, 'wrong'));

  test.each<[string, Changes]>([
    ['65 nodes', ether({ balance: Array.from({ length: 65 }, () => ETHER_PROOF[0]) })],
    ['no node', ether({ balance: [] })],
    ['a node that is no hex', ether({ balance: ['0xZZ'] })],
    ['a balance of a staked line', ether({ class: 'staked' })],
    ['a balance on bitcoin', bitcoin({ balance: ['0x80'] })],
    [
      'a balance of a token without storage',
      { draft: ({ document }) => delete document.holdings[2]!.storage },
    ],
    [
      'a balance without a header',
      {
        draft: ({ document }) => {
          delete document.networks[1]!.header;
          delete document.holdings[2]!.storage;
        },
      },
    ],
  ])('%s: malformed', (_, changes) => expectVerdict(changes, 'malformed'));

  test('a header of another state does not show it', async () => {
    const other = evmHeader(23_900_000n, TAKEN_AT, new Uint8Array(32).fill(7));
    const made = make({ unsigned: (d) => Object.assign(d.networks[1]!, other) });
    expect(await verdictOf(made, { blocks: {} })).toMatchObject({ verdict: 'wrong' });
  });
});

test('a signature over Bitcoin’s text with high recovery ids does not pass for another line', () =>
  expectVerdict(
    bitcoin({ ownership: { scheme: 'bitcoin-message', signatures: [bitcoinMessage(TEXT, BOB)] } }),
    'wrong',
    1,
  ));
