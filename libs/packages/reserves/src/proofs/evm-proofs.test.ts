import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, hexBytes, toHex } from '@solvent-por/kzg';
import { vectors } from '../../testing/vectors';
import { bytesOf } from '../hex';
import { readBitcoinHeader, readEvmHeader } from './block-header';
import { proofNodes, provedAccount, provedTokenBalance } from './evm-balance';
import { provedValue } from './merkle-patricia';
import { readRlp } from './rlp';

interface Proof {
  readonly id: string;
  readonly header: string;
  readonly block: string;
  readonly height: string;
  readonly address: string;
  readonly token?: string;
  readonly rule?: { readonly slot: string };
  readonly storage?: readonly string[];
  readonly balance: readonly string[];
  readonly amount: string;
}

const { proofs } = vectors<{ readonly proofs: readonly Proof[] }>('evm-proofs.json');
const bytes = (hex: string) => bytesOf(hex, 65_536)!;

function amountOf(proof: Proof, change: Partial<Proof> = {}): bigint {
  const given = { ...proof, ...change };
  const { stateRoot, number } = readEvmHeader(bytes(given.header), bytes(given.block));
  expect(number).toBe(BigInt(given.height));
  const nodes = proofNodes(given.balance, 'balance');
  if (given.token === undefined) return provedAccount(stateRoot, bytes(given.address), nodes).balance;
  const contract = provedAccount(stateRoot, bytes(given.token), proofNodes(given.storage, 'storage'));
  const rule = { slot: BigInt(given.rule!.slot), bits: 256 };
  return provedTokenBalance(contract.storageRoot, bytes(given.address), rule, nodes).amount;
}

test('there are state proofs of several chains', () => expect(proofs.length).toBeGreaterThan(10));

describe.each(proofs)('$id', (proof) => {
  test('shows the amount', () => expect(amountOf(proof)).toBe(BigInt(proof.amount)));

  test('a node missing, one to spare, two changed about: false', () => {
    const { balance } = proof;
    expect(() => amountOf(proof, { balance: balance.slice(0, -1) })).toThrow(/missing|1 to 64/);
    expect(() => amountOf(proof, { balance: balance.slice(1) })).toThrow(/does not hash|1 to 64/);
    expect(() => amountOf(proof, { balance: [...balance, balance.at(-1)!] })).toThrow(/to spare/);
    if (balance.length > 1)
      expect(() => amountOf(proof, { balance: [...balance].reverse() })).toThrow(/does not hash/);
  });

  test('a changed byte anywhere: refused', () => {
    const last = bytes(proof.balance.at(-1)!);
    for (const at of [0, 1, last.length >> 1, last.length - 1]) {
      const changed = Uint8Array.from(last);
      changed[at]! ^= 1;
      expect(() => amountOf(proof, { balance: [...proof.balance.slice(0, -1), toHex(changed)] })).toThrow(
        /does not hash/,
      );
    }
  });

  test('the header of another block: refused', () => {
    expect(() => amountOf(proof, { block: `0x${'11'.repeat(32)}` })).toThrow(/does not hash/);
  });
});

test('a proof for another account is refused, or shows that it is not there', () => {
  for (const proof of proofs.filter(({ amount, token }) => token === undefined && amount !== '0')) {
    const other = { address: `0x${'ee'.repeat(20)}` };
    let shown: bigint | undefined;
    try {
      shown = amountOf(proof, other);
    } catch (error) {
      expect(String(error)).toMatch(/false|missing|spare/);
    }
    expect(shown ?? 0n).toBe(0n);
  }
});

test('a proof for another slot does not show the amount', () => {
  const proof = proofs.find(({ id }) => id === 'geth-token0-0x35508542')!;
  expect(() => amountOf(proof, { rule: { slot: '7' } })).toThrow(/false/);
});

test('the empty trie holds nothing, and is one node', () => {
  const root = keccak_256(Uint8Array.of(0x80));
  expect(provedValue(root, new Uint8Array(32), [Uint8Array.of(0x80)])).toBeUndefined();
  expect(() => provedValue(root, new Uint8Array(32), [])).toThrow(/1 to 64/);
});

/** RLP of a list of encoded items shorter than 56 bytes together. */
const list = (...items: readonly Uint8Array[]) => {
  const payload = concat(...items);
  return payload.length < 56
    ? concat(Uint8Array.of(0xc0 + payload.length), payload)
    : concat(Uint8Array.of(0xf8, payload.length), payload);
};
const string = (...content: readonly number[]) => Uint8Array.of(0x80 + content.length, ...content);

describe('nodes that no honest trie has', () => {
  const key = new Uint8Array(32);
  const leafPath = (flag: number, nibblePairs: number) =>
    string(flag, ...new Array<number>(nibblePairs).fill(0));
  test.each<[string, Uint8Array, RegExp]>([
    ['an empty value', list(leafPath(0x20, 32), string()), /empty/],
    ['a flag of 4', list(leafPath(0x40, 32), string(0x81)), /none of 0 to 3/],
    ['padding that is not 0', list(leafPath(0x21, 32), string(0x81)), /padding/],
    ['a leaf that ends too soon', list(leafPath(0x20, 31), string(0x81)), /nibble 64/],
    ['an empty extension', list(Uint8Array.of(0), string(...new Array<number>(32).fill(1))), /empty/],
    [
      'a reference of 31 bytes',
      list(Uint8Array.of(0x10), string(...new Array<number>(31).fill(1))),
      /reference/,
    ],
    ['three items', list(string(), string(), string()), /17 nor 2/],
  ])('%s', (_, node, problem) => {
    expect(() => provedValue(keccak_256(node), key, [node])).toThrow(problem);
  });

  test('its honest twin', () => {
    const node = list(leafPath(0x20, 32), string(0x81));
    expect(provedValue(keccak_256(node), key, [node])).toEqual(Uint8Array.of(0x81));
  });
});

describe('RLP that is not minimal', () => {
  test.each([
    ['a byte as a string', '0x8105'],
    ['a long form of a short length', '0xb805' + '01'.repeat(5)],
    ['a length with a leading zero', '0xb90038' + '01'.repeat(56)],
    ['bytes after it', '0x8000'],
    ['cut off', '0x83aabb'],
    [
      'lists in one another',
      '0x' + Array.from({ length: 40 }, (_, i) => (0xc0 + 39 - i).toString(16)).join(''),
    ],
  ])('%s', (_, hex) => {
    expect(() => readRlp(bytes(hex))).toThrow(/RLP/);
  });
});

const { headers } = vectors<{
  readonly headers: readonly {
    readonly id: string;
    readonly header: string;
    readonly block: string;
    readonly time?: string;
    readonly expected: string;
  }[];
}>('bitcoin-headers.json');

test.each(headers)('header of $id: $expected', ({ header, block, time, expected }) => {
  const read = () => readBitcoinHeader(bytes(header), hexBytes(block, 32));
  if (expected === 'right') expect(read()).toBe(Date.parse(time!) / 1000);
  else
    expect(read).toThrow(
      expect.objectContaining({ kind: expected === 'wrong' ? 'invalid' : 'malformed' }) as Error,
    );
});
