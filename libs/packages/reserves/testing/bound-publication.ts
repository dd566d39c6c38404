import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex } from '@solvent-por/kzg';
import { canonicalJson, headerDigest, type Header } from '@solvent-por/verifier';
import { buildReserves, reservesDigest, signedText, type DraftedLine } from '../src';
import type { Stated } from '../src/documents/texts';
import { eip191, secpKey, type SecpKey } from './keys';
import { evmHeader } from './made-publication';

/** What a publication is bound to, and how it is made. */
export interface Wanted {
  readonly header: Header;
  /** Digest of the manifest: 0x and 64 digits. */
  readonly manifest: string;
  /** Seed of the operator's Ed25519 key. */
  readonly signing: Uint8Array;
  /** Of ether, each of its own key. */
  readonly lines: number;
  /** Number, from 1, of a line that another key signed. */
  readonly falseLine?: number;
  /** Digest of the publication before. */
  readonly previous?: string;
  /** Another operator than the header's. */
  readonly operator?: string;
}

export interface BoundPublication {
  /** The two files. */
  readonly reserves: string;
  readonly addresses: string;
  readonly digest: string;
}

const keys: SecpKey[] = [];

/**
 * A publication of ether that covers 1, 2, 3, … gwei of so many addresses, bound to a manifest: right, but for
 * `falseLine`. Its block is made up, so that nodes of tests alone confirm it.
 */
export function boundPublication(wanted: Wanted): BoundPublication {
  const { header, manifest, signing, previous = null, operator = header.operator } = wanted;
  const { header: bytes, block } = evmHeader(23_900_000n, header.takenAt);
  const draft = {
    ...{ operator, domain: 'exchange.example', snapshot: header.snapshot, takenAt: header.takenAt },
    liabilities: { header: toHex(headerDigest(header)), manifest },
    anchor: 'eip155:1',
    messages: [],
    networks: [{ network: 'eip155:1', height: '23900000', block, time: header.takenAt, header: bytes }],
    assets: [{ symbol: 'ETH', scale: 9 }],
    attested: [],
    previous,
  };
  const text = signedText(draft as unknown as Stated);
  const holders = holdersOf(wanted.lines);
  const lines = holders.map((holder, i): DraftedLine => ({
    ...{ network: 'eip155:1', asset: 'ETH', address: holder.evm, class: 'own' },
    amount: `${i + 1}000000000`,
    ownership: {
      scheme: 'eip191',
      signatures: [eip191(text, i + 1 === wanted.falseLine ? secpKey('mallory') : holder)],
    },
  }));
  const built = buildReserves(draft, lines);
  const signature = toHex(ed25519.sign(reservesDigest(built.unsigned), signing));
  return {
    reserves: canonicalJson({ ...built.unsigned, signature }),
    addresses: built.lines.map((line) => `${line}\n`).join(''),
    digest: toHex(reservesDigest(built.unsigned)),
  };
}

/** In the order of their addresses, in which lines rise. */
function holdersOf(count: number): SecpKey[] {
  while (keys.length < count) keys.push(secpKey(`holder ${keys.length}`));
  return keys.slice(0, count).sort((a, b) => (a.evm < b.evm ? -1 : 1));
}
