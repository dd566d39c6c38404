import { keccak_256 } from '@noble/hashes/sha3.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hexBytes, toHex } from '@solvent-por/kzg';
import {
  buildReserves,
  readManifest,
  reservesDigest,
  signedText,
  type DraftedLine,
  type ReservesDraft,
} from '@solvent-por/reserves';
import { canonicalJson, headerDigest } from '@solvent-por/verifier';
import type { Stated } from '../../../packages/reserves/src/documents/texts';
import { bitcoinMessage, eip191, secpKey } from '../../../packages/reserves/testing/keys';
import {
  buildTrie,
  evmHeaderOf,
  rlpList,
  rlpNumber,
  rlpString,
} from '../../../packages/reserves/testing/trie';

/** The two files of a publication, and what proves the balances of its made-up chain. */
export interface SampleReserves {
  readonly reserves: string;
  readonly addresses: string;
  readonly digest: string;
  /** Hash of the made-up block of eip155:1. */
  readonly block: string;
}

/** Of what is owed, in percent: some nine tenths in all. */
const SHARES = { bitcoin: 52n, ether: 40n };
const [BITCOINS, ETHERS] = [4, 6];
/** Of the smallest unit, in 10^-12 dollars; and of a coin, in cents. */
const PRICES = { BTC: '651002200', ETH: '3620560' };
const CENTS = { BTC: 6_510_022n, ETH: 362_056n };
const HEIGHT = 23_900_000n;
const EMPTY_TRIE = keccak_256(Uint8Array.of(0x80));
const NO_CODE = keccak_256(new Uint8Array(0));

/** What `solvent reserves build` is given. */
export interface SampleDraft {
  readonly draft: ReservesDraft;
  readonly lines: readonly DraftedLine[];
  /** Hash of the made-up block of eip155:1. */
  readonly block: string;
}

/** @param signing seed of the operator's Ed25519 key; the others as `sampleDraft` has them */
export function sampleReserves(
  manifest: Uint8Array,
  signing: Uint8Array,
  previous: string | null,
): SampleReserves {
  const { draft, lines, block } = sampleDraft(manifest, previous);
  const built = buildReserves(draft, lines);
  const digest = reservesDigest(built.unsigned);
  return {
    reserves: canonicalJson({ ...built.unsigned, signature: toHex(ed25519.sign(digest, signing)) }),
    addresses: built.lines.map((line) => `${line}\n`).join(''),
    ...{ digest: toHex(digest), block },
  };
}

/**
 * Reserves of the demonstration, sample data through and through: keys that everybody knows, blocks that no
 * chain has. They cover nine tenths of what is owed: bitcoin as claims alone, ether with state proofs under the
 * made-up block, which are worth something to whoever takes that block's hash for true.
 *
 * @param manifest manifest.json of the snapshot, whose totals are in dollars and cents
 * @param previous digest of the publication before
 */
export function sampleDraft(manifest: Uint8Array, previous: string | null): SampleDraft {
  const read = readManifest(manifest);
  const { snapshot, takenAt, operator } = read.header;
  const cents = BigInt(read.totals[0]!);
  const bitcoin = named('bitcoin', BITCOINS, (cents * SHARES.bitcoin * 10n ** 8n) / (CENTS.BTC * 100n));
  const ether = named('ether', ETHERS, (cents * SHARES.ether * 10n ** 18n) / (CENTS.ETH * 100n));
  const keyOf = (address: string) => keccak_256(hexBytes(address, 20));
  const state = buildTrie(
    ether.map(({ key, amount }) => [
      keyOf(key.evm),
      rlpList([rlpNumber(0n), rlpNumber(amount), rlpString(EMPTY_TRIE), rlpString(NO_CODE)]),
    ]),
  );
  const { header, block } = evmHeaderOf(HEIGHT, takenAt, state.root);
  const draft = {
    ...{ operator, domain: 'sample-data.example', snapshot, takenAt },
    liabilities: { header: toHex(headerDigest(read.header)), manifest: read.digest },
    ...{ anchor: 'eip155:1', messages: [], unit: 'USD', priceScale: 12 },
    networks: [
      {
        ...{ network: 'bitcoin', height: '925000', time: takenAt },
        block: `0x${'00'.repeat(9)}${'5a'.repeat(23)}`,
      },
      { network: 'eip155:1', height: String(HEIGHT), block, time: takenAt, header },
    ],
    assets: [
      { symbol: 'BTC', scale: 8, price: PRICES.BTC },
      { symbol: 'ETH', scale: 9, price: PRICES.ETH },
    ],
    ...{ attested: [], previous },
  };
  const text = signedText(draft as unknown as Stated);
  const lines: DraftedLine[] = [
    ...bitcoin.map(({ key, amount }) => ({
      ...{ network: 'bitcoin', asset: 'BTC', address: key.p2pkh, class: 'own', amount: String(amount) },
      ownership: { scheme: 'bitcoin-message', signatures: [bitcoinMessage(text, key)] },
    })),
    ...ether.map(({ key, amount }) => ({
      ...{ network: 'eip155:1', asset: 'ETH', address: key.evm, class: 'own', amount: String(amount) },
      ownership: { scheme: 'eip191', signatures: [eip191(text, key)] },
      balance: state.proof(keyOf(key.evm)).map(toHex),
    })),
  ];
  return { draft, lines, block };
}

/** So many holders of parts of an amount. */
function named(of: string, count: number, amount: bigint) {
  return Array.from({ length: count }, (_, i) => ({
    key: secpKey(`sample ${of} ${i}`),
    amount: amount / BigInt(count) + (i === 0 ? amount % BigInt(count) : 0n),
  }));
}
