import { keccak_256 } from '@noble/hashes/sha3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { be32 } from '../src/hex';
import { reservesDigest } from '../src/documents/parse-reserves';
import { CLASSES, type UnsignedReserves } from '../src/documents/reserves';
import { signedText, statement, type Stated } from '../src/documents/texts';
import { rescale } from '../src/verify/check-reserves';
import { bitcoinMessage, edKey, eip191, secpKey, signEd } from './keys';
import { rlpList, rlpNumber, rlpString } from '../src/proofs/write-rlp';
import { buildTrie } from './trie';

/* A test changes members at will, to wrong types too. */
type Loose = Record<string, unknown>;
/** A line yet to be written; its members may be anything. */
export type DraftLine = Loose;
export interface Draft {
  document: Loose & { networks: Loose[]; holdings: Loose[]; assets: Loose[] };
  lines: DraftLine[];
}

export interface Made {
  readonly reserves: string;
  readonly addresses: string;
  readonly operator: string;
}

export const OPERATOR = edKey('operator');
export const OPERATOR_KEY = toHex(OPERATOR.key);
export const ALICE = secpKey('alice');
export const BOB = secpKey('bob');
export const TAKEN_AT = '2026-11-30T00:00:00Z';
export const USDT = '0xdac17f958d2ee523a2206206994597c13d831ec7';
const USDT_CODE = '0xb44fb4e949d0f78f87f79ee46428f23a2a5713ce6fc6e0beb3dda78c2ac1ea55';
const NO_CODE = keccak_256(new Uint8Array(0));
export const ETHER = 3n * 10n ** 18n;
export const TETHER = 5_000_001n;

/** A state in which Alice has 3 ETH and 5.000001 USDT. */
const tetherKey = keccak_256(concat(new Uint8Array(12), hexBytes(ALICE.evm, 20), be32(2n)));
const storage = buildTrie([
  [keccak_256(tetherKey), rlpNumber(TETHER)],
  [keccak_256(be32(0n)), rlpNumber(77n)],
]);
const account = (balance: bigint, storageRoot: Uint8Array, code: Uint8Array) =>
  rlpList([rlpNumber(1n), rlpNumber(balance), rlpString(storageRoot), rlpString(code)]);
const stateKey = (address: string) => keccak_256(hexBytes(address, 20));
const state = buildTrie([
  [stateKey(ALICE.evm), account(ETHER, keccak_256(Uint8Array.of(0x80)), NO_CODE)],
  [stateKey(USDT), account(0n, storage.root, hexBytes(USDT_CODE, 32))],
  [stateKey(BOB.evm), account(1n, keccak_256(Uint8Array.of(0x80)), NO_CODE)],
]);
export const ETHER_PROOF = state.proof(stateKey(ALICE.evm)).map(toHex);
export const BOB_PROOF = state.proof(stateKey(BOB.evm)).map(toHex);
export const USDT_STORAGE = state.proof(stateKey(USDT)).map(toHex);
export const TETHER_PROOF = storage.proof(keccak_256(tetherKey)).map(toHex);

/** A header with this state; other items are made up. */
export function evmHeader(
  height = 23_900_000n,
  time = TAKEN_AT,
  root = state.root,
): { readonly header: string; readonly block: string } {
  const items = Array.from({ length: 15 }, () => rlpString(new Uint8Array(32)));
  items[3] = rlpString(root);
  items[8] = rlpNumber(height);
  items[11] = rlpNumber(BigInt(Date.parse(time) / 1000));
  const header = rlpList(items);
  return { header: toHex(header), block: toHex(keccak_256(header)) };
}

export const BLOCK = evmHeader();
export const CONFIRMED = { 'eip155:1': BLOCK.block };

/** Proved ETH and USDT of Alice, and bitcoin of hers that nobody confirms. */
export function draft(): Draft {
  const networks = [
    {
      network: 'bitcoin',
      height: '925000',
      block: `0x${'00'.repeat(9)}${'cd'.repeat(23)}`,
      time: '2026-11-29T23:51:07Z',
    },
    { network: 'eip155:1', height: '23900000', block: BLOCK.block, time: TAKEN_AT, header: BLOCK.header },
  ];
  const document = {
    protocol: 'solvent-reserves/v1',
    operator: OPERATOR_KEY,
    domain: 'exchange.example',
    snapshot: 'test',
    takenAt: TAKEN_AT,
    liabilities: null,
    anchor: 'eip155:1',
    messages: ['I am an OKX address'],
    networks,
    holdings: [
      { network: 'bitcoin', asset: 'BTC', decimals: 8 },
      { network: 'eip155:1', asset: 'ETH', decimals: 18 },
      { network: 'eip155:1', asset: 'USDT', token: USDT, decimals: 6, storage: USDT_STORAGE },
    ],
    assets: [
      { symbol: 'BTC', scale: 8 },
      { symbol: 'ETH', scale: 9 },
      { symbol: 'USDT', scale: 6 },
    ],
    attested: [],
    previous: null,
  };
  const text = signedText(document as unknown as Stated);
  const own = { class: 'own' };
  const evm = { network: 'eip155:1', address: ALICE.evm, ...own };
  const ownership = { scheme: 'eip191', signatures: [eip191(text, ALICE)] };
  return {
    document,
    lines: [
      {
        ...own,
        ...{ network: 'bitcoin', asset: 'BTC', address: ALICE.p2pkh, amount: '100' },
        ownership: { scheme: 'bitcoin-message', signatures: [bitcoinMessage(text, ALICE)] },
      },
      { ...evm, asset: 'ETH', amount: ETHER.toString(), ownership, balance: ETHER_PROOF },
      { ...evm, asset: 'USDT', token: USDT, amount: TETHER.toString(), ownership, balance: TETHER_PROOF },
    ],
  };
}

/** What is to be changed, and when: before sums are made, before it is signed, or after. */
export interface Changes {
  readonly draft?: (draft: Draft) => void;
  readonly unsigned?: (document: Loose & { networks: Loose[]; holdings: Loose[]; assets: Loose[] }) => void;
  readonly file?: (lines: string) => string;
  readonly signed?: (document: Loose) => void;
}

/** A publication that is right but for the changes. */
export function make(changes: Changes = {}): Made {
  const made = draft();
  changes.draft?.(made);
  const { document, lines } = made;
  const text = lines.map((line) => `${canonicalJson(withoutUndefined(line))}\n`).join('');
  const file = changes.file?.(text) ?? text;
  const filled = fill(document, lines, text) as Draft['document'];
  changes.unsigned?.(filled);
  const signed: Loose = {
    ...filled,
    signature: signEd(reservesDigest(filled as unknown as UnsignedReserves), OPERATOR),
  };
  changes.signed?.(signed);
  return { reserves: canonicalJson(signed), addresses: file, operator: OPERATOR_KEY };
}

/** Sums, digest and statement of a draft, unless it brings its own. */
function fill(document: Draft['document'], lines: readonly DraftLine[], file: string): Loose {
  const holdings = document.holdings.map((holding): Loose => {
    const own = lines.filter(
      ({ network, asset, token }) =>
        network === holding.network && asset === holding.asset && token === holding.token,
    );
    const totals = Object.fromEntries(
      CLASSES.map((name) => [
        name,
        own
          .filter((line) => line.class === name)
          .reduce((sum, line) => sum + amountOf(line), 0n)
          .toString(),
      ]),
    );
    return { lines: own.length, totals, ...holding };
  });
  const assets = document.assets.map((asset): Loose => {
    const totals = Object.fromEntries(
      CLASSES.map((name) => [
        name,
        holdings
          .filter((holding) => holding.asset === asset.symbol)
          .reduce(
            (sum, holding) =>
              sum +
              rescale(
                BigInt((holding.totals as Record<string, string>)[name]!),
                Number(holding.decimals),
                Number(asset.scale),
              ),
            0n,
          )
          .toString(),
      ]),
    );
    return { totals, ...asset };
  });
  const bytes = utf8(file);
  return {
    statement: statement(document as unknown as Stated),
    ...document,
    holdings,
    assets,
    addresses: { lines: lines.length, bytes: bytes.length, digest: toHex(sha256(bytes)) },
  };
}

function amountOf(line: DraftLine): bigint {
  return typeof line.amount === 'string' && /^\d+$/.test(line.amount) ? BigInt(line.amount) : 0n;
}

/** A test takes a member away by setting it to undefined. */
function withoutUndefined(line: DraftLine): DraftLine {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
}
