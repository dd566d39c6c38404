import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex } from '@solvent-por/kzg';
import {
  buildReserves,
  readManifest,
  reservesDigest,
  signedText,
  type DraftedLine,
  type ReservesDraft,
} from '@solvent-por/reserves';
import { canonicalJson, headerDigest } from '@solvent-por/verifier';
import { sampleBlock, sampleKey, signEip191, type SampleKey } from './sample-chain';

/** The two files of a publication, and what proves the balances of its made-up chain. */
export interface SampleReserves {
  readonly reserves: string;
  readonly addresses: string;
  readonly digest: string;
  /** Hash of the made-up block of eip155:1. */
  readonly block: string;
}

/** Of what is owed, in percent: a little more than all of it, by the operator's word and prices. */
const SHARES = { bitcoin: 55n, ether: 24n, proved: 25n };
const HOLDERS = 5;
/** Of the smallest unit, in 10^-12 dollars; and of a coin, in cents. */
const PRICES = { BTC: '651002200', ETH: '3620560' };
const CENTS = { BTC: 6_510_022n, ETH: 362_056n };
const HEIGHT = 23_900_000n;

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
 * chain has. They claim a little more than is owed, at prices of the operator's own: bitcoin that nobody signed
 * for, ether that keys signed for, and some of it with a state proof, which is worth something to whoever takes
 * the hash of its made-up block for true.
 *
 * @param manifest manifest.json of the snapshot, whose totals are in dollars and cents
 * @param previous digest of the publication before
 */
export function sampleDraft(manifest: Uint8Array, previous: string | null): SampleDraft {
  const read = readManifest(manifest);
  const { snapshot, takenAt, operator } = read.header;
  const cents = BigInt(read.totals[0]!);
  const worth = (share: bigint, coin: keyof typeof CENTS, decimals: bigint) =>
    (cents * share * 10n ** decimals) / (CENTS[coin] * 100n);
  const bitcoin = holders('bitcoin', worth(SHARES.bitcoin, 'BTC', 8n));
  const ether = holders('ether', worth(SHARES.ether, 'ETH', 18n));
  const proved = { key: sampleKey('proved ether'), amount: worth(SHARES.proved, 'ETH', 18n) };
  const { header, block, proof } = sampleBlock(HEIGHT, takenAt, proved.key.evm, proved.amount);
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
  const text = signedText(draft);
  const onEthereum = ({ key, amount }: Holder) => ({
    ...{ network: 'eip155:1', asset: 'ETH', address: key.evm, class: 'own', amount: String(amount) },
    ownership: { scheme: 'eip191', signatures: [signEip191(key, text)] },
  });
  const lines: DraftedLine[] = [
    // Nobody signs for these.
    ...bitcoin.map(({ key, amount }) => ({
      ...{ network: 'bitcoin', asset: 'BTC', address: key.p2pkh, class: 'own', amount: String(amount) },
    })),
    ...ether.map(onEthereum),
    { ...onEthereum(proved), balance: proof },
  ];
  return { draft, lines, block };
}

interface Holder {
  readonly key: SampleKey;
  readonly amount: bigint;
}

/** Of parts of an amount. */
function holders(of: string, amount: bigint): readonly Holder[] {
  const share = amount / BigInt(HOLDERS);
  return Array.from({ length: HOLDERS }, (_, i) => ({ key: sampleKey(`${of} ${i}`), amount: share }));
}
