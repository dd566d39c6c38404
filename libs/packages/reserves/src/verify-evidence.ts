import { hexBytes } from '@solvent-por/kzg';
import { DocumentReader, layoutOf, parseHeader, PRICE_BOUND, TOTAL_BOUND } from '@solvent-por/verifier';
import { evmAddressBytes } from './addresses/evm';
import { parsePlainJson } from './documents/plain-json';
import { AMOUNT_BOUND } from './documents/reader';
import { malformed, untrue } from './failure';
import { bytesOf } from './hex';
import { parseCode } from './known/read-known';
import { MOST_EVM_HEADER_BYTES, readEvmHeader } from './proofs/block-header';
import { proofNodes, provedAccount, provedTokenBalance } from './proofs/evm-balance';
import type { LiabilitiesManifest } from './verify/manifest';
import type { Prices } from './verify/prices';
import { compareWithLiabilities, type ReservesSums, type Solvency } from './verify/solvency';
import { verdictOf, verifyOwnership, type OwnershipVerdict } from './verify-ownership';

export const MAX_EVIDENCE_BYTES = 8 * 1024 * 1024;

/** What is said of a balance under a header. */
export type BalanceVerdict =
  | {
      readonly verdict: 'right';
      readonly block: 'confirmed' | 'unconfirmed';
      /** A bit above the amount says that the token is frozen there. */
      readonly frozen?: true;
    }
  | { readonly verdict: 'wrong' | 'malformed'; readonly code: string; readonly reason: string };

/** What is said of sums against a manifest. */
export type ComparisonVerdict =
  | { readonly verdict: 'right'; readonly solvency: Solvency }
  | { readonly verdict: 'wrong' | 'malformed'; readonly code: string; readonly reason: string };

export interface EvidenceOptions {
  /** Hash of the block from elsewhere, for a balance. */
  readonly block?: string;
  /** The verifier's own, for sums. */
  readonly prices?: Prices;
}

const read = new DocumentReader('EVIDENCE_MALFORMED');

/**
 * Judges one piece of evidence: of ownership { network, address, message, ownership }, of a balance { header,
 * block, … }, or sums against liabilities { manifest, assets, … } (section 9).
 *
 * @param bytes any JSON
 */
export function verifyEvidence(
  bytes: Uint8Array,
  { block, prices }: EvidenceOptions = {},
): OwnershipVerdict | BalanceVerdict | ComparisonVerdict {
  return verdictOf<OwnershipVerdict | BalanceVerdict | ComparisonVerdict>(() => {
    const value = parsePlainJson(bytes, MAX_EVIDENCE_BYTES, 'the evidence');
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return read.fail('evidence', 'must be an object');
    if (Object.hasOwn(value, 'manifest')) return verifyComparison(value, prices);
    if (Object.hasOwn(value, 'header')) return verifyBalance(value, block);
    const e = read.object(value, 'evidence', ['network', 'address', 'message', 'ownership']);
    return verifyOwnership(e.network, e.address, e.message, e.ownership);
  });
}

/**
 * Whether an address held an amount at a block (section 7), offline.
 *
 * @param evidence { header, block, height?, address, balance, amount }, for a token also { token, rule: {
 *   slot, bits?, code? }, storage }
 * @param block hash from elsewhere; without it the block is unconfirmed, for a header can be made up
 */
export function verifyBalance(evidence: unknown, block?: string): BalanceVerdict {
  return verdictOf<BalanceVerdict>(() => {
    const e = read.object(
      evidence,
      'evidence',
      ['header', 'block', 'address', 'balance', 'amount'],
      ['height', 'token', 'rule', 'storage'],
    );
    const own = read.hex(e.block, 'block', 32);
    const given = block === undefined ? undefined : read.hex(block, 'the hash that was given', 32);
    const address = addressOf(e.address, 'address');
    const amount = read.decimal(e.amount, 'amount', 0n, AMOUNT_BOUND);
    const nodes = proofNodes(e.balance, 'balance');
    const header =
      bytesOf(e.header, MOST_EVM_HEADER_BYTES) ??
      read.fail('header', `must be at most ${MOST_EVM_HEADER_BYTES} bytes as 0x and lower-case hex`);
    const height = Object.hasOwn(e, 'height') ? read.decimal(e.height, 'height', 0n, 1n << 64n) : undefined;
    const token = tokenOf(e);
    const { stateRoot, number } = readEvmHeader(header, hexBytes(own, 32));
    if (height !== undefined && height !== number)
      untrue('BLOCK_HEADER_UNTRUE', `the header is of height ${number}, not ${height}`);
    if (given !== undefined && given !== own)
      untrue('BLOCK_UNTRUE', `the block is ${own} in the evidence, and ${given} by the hash that was given`);
    const shown = token
      ? tokenBalance(stateRoot, address, token, nodes)
      : { amount: provedAccount(stateRoot, address, nodes).balance, frozen: false };
    if (shown.amount !== amount)
      untrue(
        'STATE_PROOF_UNTRUE',
        `the proof shows a balance of ${shown.amount}, the evidence says ${amount}`,
      );
    return {
      verdict: 'right',
      block: given === undefined ? 'unconfirmed' : 'confirmed',
      ...(shown.frozen && { frozen: true }),
    };
  });
}

interface Token {
  readonly address: Uint8Array;
  readonly slot: bigint;
  readonly bits: number;
  readonly code: readonly string[] | undefined;
  readonly storage: readonly Uint8Array[];
}

function tokenOf(e: Readonly<Record<'token' | 'rule' | 'storage', unknown>>): Token | undefined {
  const there = ['token', 'rule', 'storage'].map((name) => Object.hasOwn(e, name));
  if (!there.includes(true)) return undefined;
  if (there.includes(false)) return read.fail('token', 'rule and storage: all of them or none');
  const r = read.object(e.rule, 'rule', ['slot'], ['bits', 'code']);
  return {
    address: addressOf(e.token, 'token'),
    slot: read.decimal(r.slot, 'rule.slot', 0n, 1n << 256n),
    bits: Object.hasOwn(r, 'bits') ? read.integer(r.bits, 'rule.bits', 1, 256) : 256,
    code: Object.hasOwn(r, 'code') ? parseCode(r.code, 'rule.code') : undefined,
    storage: proofNodes(e.storage, 'storage'),
  };
}

function tokenBalance(
  stateRoot: Uint8Array,
  address: Uint8Array,
  token: Token,
  nodes: readonly Uint8Array[],
): { readonly amount: bigint; readonly frozen: boolean } {
  const contract = provedAccount(stateRoot, token.address, token.storage);
  if (!contract.exists) untrue('STATE_PROOF_UNTRUE', 'storage shows that there is no contract at the token');
  if (token.code && !token.code.includes(contract.code))
    untrue('STATE_PROOF_UNTRUE', `the contract has other code than the rule says: ${contract.code}`);
  return provedTokenBalance(contract.storageRoot, address, token, nodes);
}

function addressOf(value: unknown, path: string): Uint8Array {
  const bytes = typeof value === 'string' ? evmAddressBytes('eip155:1', value) : undefined;
  return bytes ?? malformed('ADDRESS_MALFORMED', `${path} must be 0x and 40 lower-case digits`);
}

const MANIFEST = [
  'protocol',
  'batchCount',
  'columns',
  'root',
  'totalsOpening',
  'claimRoot',
  'claimKeys',
  'previous',
  'signature',
] as const;

function verifyComparison(value: object, prices: Prices | undefined): ComparisonVerdict {
  const e = read.object(value, 'evidence', ['manifest', 'assets'], ['attested', 'unit', 'priceScale']);
  const m = read.object(e.manifest, 'evidence.manifest', ['header', 'totals'], MANIFEST);
  const header = parseHeader(m.header);
  const published = layoutOf(header).published.length;
  const totals = read
    .array(m.totals, 'manifest.totals', published, published)
    .map((total, i) => read.decimal(total, `manifest.totals[${i}]`, 0n, TOTAL_BOUND).toString());
  const manifest: LiabilitiesManifest = { header, totals };
  const sums: ReservesSums = {
    assets: sumsOf(e.assets),
    attested: Object.hasOwn(e, 'attested') ? attestedOf(e.attested) : [],
    ...(Object.hasOwn(e, 'unit') ? { unit: symbolOf(e.unit, 'unit') } : {}),
    ...(Object.hasOwn(e, 'priceScale')
      ? { priceScale: read.integer(e.priceScale, 'priceScale', 0, 36) }
      : {}),
  };
  return { verdict: 'right', solvency: compareWithLiabilities(manifest, sums, prices) };
}

function sumsOf(value: unknown): ReservesSums['assets'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return read.fail('assets', 'must be an object');
  return Object.fromEntries(
    Object.entries(value).map(([symbol, given]) => {
      const path = `assets.${symbolOf(symbol, 'assets')}`;
      const a = read.object(given, path, ['scale', 'proved', 'checked', 'claimed'], ['price']);
      const sum = (name: 'proved' | 'checked' | 'claimed') =>
        read.decimal(a[name], `${path}.${name}`, 0n, AMOUNT_BOUND).toString();
      return [
        symbol,
        {
          scale: read.integer(a.scale, `${path}.scale`, 0, 36),
          ...{ proved: sum('proved'), checked: sum('checked'), claimed: sum('claimed') },
          ...priceOf(a, path),
        },
      ];
    }),
  );
}

function attestedOf(value: unknown): NonNullable<ReservesSums['attested']> {
  return read.array(value, 'attested', 0, 64).map((given, i) => {
    const path = `attested[${i}]`;
    const a = read.object(given, path, ['symbol', 'scale', 'amount'], ['by', 'digest', 'price']);
    return {
      symbol: symbolOf(a.symbol, `${path}.symbol`),
      scale: read.integer(a.scale, `${path}.scale`, 0, 36),
      amount: read.decimal(a.amount, `${path}.amount`, 0n, AMOUNT_BOUND).toString(),
      ...priceOf(a, path),
    };
  });
}

function priceOf(a: { readonly price?: unknown }, path: string): { readonly price?: string } {
  if (!Object.hasOwn(a, 'price')) return {};
  return { price: read.decimal(a.price, `${path}.price`, 1n, PRICE_BOUND).toString() };
}

function symbolOf(value: unknown, path: string): string {
  return read.text(value, path, /^[A-Z0-9]{1,16}$/, '1 to 16 characters of A-Z and 0-9');
}
