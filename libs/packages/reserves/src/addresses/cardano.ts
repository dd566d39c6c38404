import { blake2b } from '@noble/hashes/blake2.js';
import { equalBytes } from '@solvent-por/kzg';
import { decodeBech32 } from './bech32';
import { account, type AccountKind, type Network } from './network';

/** Kind of a Shelley address by its upper four bits; the lower four are 1 on mainnet. */
const KINDS: readonly (AccountKind | undefined)[] = [
  'key',
  'unsupported',
  'key',
  'unsupported',
  'unsupported',
  'unsupported',
  'key',
  'unsupported',
];
const POINTER = new Set([4, 5]);
const ENTERPRISE = 6;

/** Bech32 `addr`: a header, the payment credential, and, below 4, a staking one. */
export const CARDANO: Network = {
  name: 'cardano',
  family: 'other',
  read: (address) => {
    const bytes = decodeBech32(address, 'addr');
    if (!bytes || bytes.length < 29 || (bytes[0]! & 0x0f) !== 1) return undefined;
    const type = bytes[0]! >> 4;
    const kind = KINDS[type];
    if (kind === undefined || !lengthFits(type, bytes.length)) return undefined;
    return account(address, kind, bytes.subarray(1, 29));
  },
  ofEd25519: ({ payload }, key) => equalBytes(payload, blake2b(key, { dkLen: 28 })),
};

/** A pointer is three numbers of one to ten bytes each. */
function lengthFits(type: number, length: number): boolean {
  if (POINTER.has(type)) return length >= 32 && length <= 59;
  return length === (type < ENTERPRISE ? 57 : 29);
}
