import { bech32, bech32m } from '@scure/base';
import { vectors } from '../../testing/vectors';
import { encodeBase58Check } from './base58';
import { encodeCashAddress } from './cash-address';
import { fromEip55 } from './evm';
import { networkOf, readAddress } from './networks';
import { KNOWN_COINS } from '../known/coins';
import { NOT_JUDGED } from '../known/not-judged';

const kind = (network: string, address: string) => {
  try {
    return readAddress(networkOf(network), address).kind;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const base58 = (...bytes: readonly number[]) => encodeBase58Check(Uint8Array.from(bytes));
const hash = new Array<number>(20).fill(7);
const words = (length: number) => bech32.toWords(new Uint8Array(length).fill(7));

describe('one address a kind, of every network', () => {
  test.each<[string, string, string]>([
    ['bitcoin', base58(0, ...hash), 'p2pkh'],
    ['bitcoin', base58(5, ...hash), 'p2sh'],
    ['bitcoin', bech32.encode('bc', [0, ...words(20)]), 'p2wpkh'],
    ['bitcoin', bech32.encode('bc', [0, ...words(32)]), 'p2wsh'],
    ['bitcoin', bech32m.encode('bc', [1, ...words(32)]), 'p2tr'],
    ['bitcoin', bech32m.encode('bc', [2, ...words(2)]), 'unsupported'],
    ['litecoin', base58(0x32, ...hash), 'p2sh'],
    ['litecoin', bech32.encode('ltc', [0, ...words(20)]), 'p2wpkh'],
    ['zcash', base58(0x1c, 0xb8, ...hash), 'p2pkh'],
    ['qtum', bech32.encode('qc', [0, ...words(20)]), 'p2wpkh'],
    ['bitcoincash', encodeCashAddress(false, Uint8Array.from(hash)), 'p2pkh'],
    ['bitcoincash', encodeCashAddress(true, Uint8Array.from(hash)), 'p2sh'],
    ['filecoin', 'f12cs7ppvnhwhma3xzhkm4pavq2q47blmprcxvg6i', 'key'],
    ['filecoin', 'f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i', 'unsupported'],
    ['cosmoshub', 'cosmos1rwh2d800063xthvhx07k8t0tgjsdudgad2j8sj', 'key'],
    ['cosmoshub', bech32.encode('cosmos', words(32)), 'unsupported'],
    ['injective', bech32.encode('inj', words(20)), 'key'],
    ['conflux', 'cfx:aameksd3gwvmtduc861ym2uzkfaawu9566k0jnte55', 'key'],
    ['conflux', 'cfx:acc7uawf5ubtnmezvhu9dhc6sghea0403y2dgpyfjp', 'unsupported'],
    ['near', 'aa'.repeat(32), 'key'],
    ['near', 'exchange.near', 'named'],
    ['stellar', 'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ', 'key'],
    ['polkadot', '15WXogcgXnHsZ1FeuNc6cg34i8R6JCXgWrDLNLERLLesJ7bf', 'key'],
    ['beacon', `0x${'ab'.repeat(48)}`, 'key'],
    ['monero', 'anything!', 'unsupported'],
    ['eip155:314', `0xff${'00'.repeat(10)}01${'00'.repeat(8)}`, 'key'],
  ])('%s %s: %s', (network, address, expected) => expect(kind(network, address)).toBe(expected));
});

describe('another spelling, or another network’s: refused', () => {
  test.each<[string, string]>([
    ['bitcoin', base58(0x6f, ...hash)], // testnet
    ['bitcoin', bech32.encode('tb', [0, ...words(20)])],
    ['bitcoin', bech32.encode('bc', [0, ...words(20)]).toUpperCase()],
    ['bitcoin', bech32m.encode('bc', [0, ...words(20)])], // bech32m where bech32 belongs
    ['bitcoin', bech32.encode('bc', [1, ...words(32)])], // and the other way
    ['bitcoin', bech32m.encode('bc', [1, ...words(20)])],
    ['bitcoin', bech32.encode('bc', [0, ...words(21)])],
    ['bitcoin', bech32m.encode('bc', [17, ...words(32)])],
    ['bitcoin', `1${base58(0, ...hash)}`],
    ['bitcoin', `${base58(0, ...hash)} `],
    ['bitcoin', base58(0, ...hash).toLowerCase()],
    ['bitcoin', base58(0, ...hash, 7)],
    ['litecoin', base58(0x05, ...hash)], // 3…, the second spelling of M…
    ['dogecoin', bech32.encode('doge', [0, ...words(20)])],
    ['bitcoincash', encodeCashAddress(false, Uint8Array.from(hash)).slice('bitcoincash:'.length)],
    ['bitcoincash', encodeCashAddress(false, Uint8Array.from(hash)).toUpperCase()],
    ['bitcoincash', base58(0, ...hash)],
    ['eip155:1', '0xF39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
    ['eip155:1', 'f39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
    ['eip155:314', `0xff${'00'.repeat(11)}${'01'.repeat(8)}`],
    ['tron', base58(0xa0, ...hash)],
    ['filecoin', 'f01234'],
    ['filecoin', 'F12CS7PPVNHWHMA3XZHKM4PAVQ2Q47BLMPRCXVG6I'],
    ['filecoin', 't12cs7ppvnhwhma3xzhkm4pavq2q47blmprcxvg6i'],
    ['filecoin', 'f410fkkld55ioe7qg24wvt7fu6pbknb56ht7pt4zamxa'],
    ['cosmoshub', bech32.encode('osmo', words(20))],
    ['celestia', 'cosmos1rwh2d800063xthvhx07k8t0tgjsdudgad2j8sj'],
    ['conflux', 'CFX:TYPE.USER:AAMEKSD3GWVMTDUC861YM2UZKFAAWU9566K0JNTE55'],
    ['conflux', 'cfxtest:aame5p2tdzfsc3zsmbg1urwkg5ax22epg27cnu1rwm'],
    ['solana', '1'.repeat(33)],
    ['solana', '7bzoTJhZmpU1vQVjN63fQ3iVYmWCVgQh1sYSqsj'],
    ['aptos', '0x1'],
    ['sui', `0x${'AB'.repeat(32)}`],
    ['ton', 'UQB1CKrUWm7qf41Z1GeEE6AgVVj5cH6y6x1aRmWe6q4mj1fn'], // not bounceable
    ['ton', 'EQB1CKrUWm7qf41Z1GeEE6AgVVj5cH6y6x1aRmWe6q4mjwoj'],
    ['ton', '0:7508aad45a6eea7f8d59d4678413a0205558f9707eb2eb1d5a46659eeaae268f'],
    ['kusama', '15WXogcgXnHsZ1FeuNc6cg34i8R6JCXgWrDLNLERLLesJ7bf'],
    ['stellar', 'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGA'],
    ['cardano', 'addr_test1vz2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzerspjrlsz'],
    ['near', 'Exchange.near'],
    ['near', 'AA'.repeat(32)],
    ['algorand', 'A'.repeat(58)],
    ['beacon', `0x${'ab'.repeat(47)}`],
    ['monero', 'with space'],
    ['monero', 'x'.repeat(129)],
  ])('%s %s', (network, address) => expect(kind(network, address)).toBe('ADDRESS_MALFORMED'));
});

test('kinds as other people’s tools name them', () => {
  const { kinds } = vectors<{ kinds: { address: string; type: string }[] }>('okx-facts.json');
  const bitcoin = kinds.filter(({ address }) => !address.includes(':'));
  expect(bitcoin.length).toBeGreaterThan(2);
  for (const { address, type } of bitcoin) expect(kind('bitcoin', address)).toBe(type.toLowerCase());
});

test('an address of eCash under the name of Bitcoin Cash has a wrong checksum, whatever others say', () => {
  const { kinds } = vectors<{ kinds: { address: string }[] }>('okx-facts.json');
  const lent = kinds.map(({ address }) => address).filter((address) => address.startsWith('bitcoincash:'));
  expect(lent.length).toBe(2);
  for (const address of lent) expect(kind('bitcoincash', address)).toBe('ADDRESS_MALFORMED');
});

test('EIP-55 is read in importers, and a wrong checksum is none', () => {
  const right = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
  expect(fromEip55(right)).toBe(right.toLowerCase());
  expect(fromEip55(right.replace('F6F4', 'f6F4'))).toBeUndefined();
  expect(fromEip55(`0x${right.slice(2).toUpperCase()}`)).toBe(right.toLowerCase());
});

test('every built-in coin stands on a network of a name', () => {
  for (const key of Object.keys(KNOWN_COINS))
    expect(networkOf(key.split('/')[0]).name).toBe(key.split('/')[0]);
  expect(NOT_JUDGED.length).toBe(45);
});
