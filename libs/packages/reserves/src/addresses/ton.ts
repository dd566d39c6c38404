import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad } from '@scure/base';
import { concat, equalBytes, hexBytes, u32be } from '@solvent-por/kzg';
import { TON_WALLETS } from '../known/ton-wallets';
import { decoded } from './base58';
import { crc16 } from './crc16';
import { account, type Network, type TonWallet } from './network';

/** Bounceable, mainnet; then the workchain, the account, CRC-16 big-endian. */
const TAG = 0x11;

/** 48 characters of base64url; the account is the hash of the wallet's first code and data. */
export const TON: Network = {
  name: 'ton',
  family: 'other',
  read: (address) => {
    const bytes = decoded(base64urlnopad, address);
    if (bytes?.length !== 36 || bytes[0] !== TAG || bytes[1] !== 0) return undefined;
    const checksum = crc16(bytes.subarray(0, 34));
    if (bytes[34] !== checksum >> 8 || bytes[35] !== (checksum & 0xff)) return undefined;
    return account(address, 'key', bytes.subarray(2, 34));
  },
  ofEd25519: ({ payload }, key, wallet) =>
    wallet !== undefined && equalBytes(payload, tonAccount(key, wallet)),
};

/** The one spelling of an account of workchain 0, for importers. @param hash 32 bytes */
export function tonAddress(hash: Uint8Array): string {
  const bytes = concat(Uint8Array.of(TAG, 0), hash);
  const checksum = crc16(bytes);
  return base64urlnopad.encode(concat(bytes, Uint8Array.of(checksum >> 8, checksum & 0xff)));
}

/** Hash of the StateInit of a wallet: 32 bytes. @param key 32 bytes */
export function tonAccount(key: Uint8Array, { wallet, walletId, timeout }: TonWallet): Uint8Array {
  const { code, depth } = TON_WALLETS[wallet]!;
  const bits =
    wallet === 'highload-v3'
      ? highloadData(key, walletId, timeout ?? 0)
      : walletData(key, walletId, wallet === 'v4r2');
  return sha256(
    concat(Uint8Array.of(2, 1, 0x34, 0, depth, 0, 0), hexBytes(code, 32), cellHash(bits.bytes, bits.length)),
  );
}

interface Bits {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Sequence number 0, wallet id, key; of v4r2 one 0 bit more, for it has no plugins. */
function walletData(key: Uint8Array, walletId: number, plugins: boolean): Bits {
  const bytes = concat(u32be(0), u32be(walletId), key);
  return plugins ? { bytes: concat(bytes, Uint8Array.of(0)), length: 321 } : { bytes, length: 320 };
}

/** Key, wallet id, 66 zero bits, 22 bits of time-out: 376 bits, which fill their bytes. */
function highloadData(key: Uint8Array, walletId: number, timeout: number): Bits {
  const tail = concat(new Uint8Array(8), u32be(timeout).subarray(1));
  return { bytes: concat(key, u32be(walletId), tail), length: 376 };
}

/** Hash of a cell without references; bits that do not fill a byte are ended by 1 0…0. */
function cellHash(bytes: Uint8Array, bits: number): Uint8Array {
  const padded = Uint8Array.from(bytes);
  if (bits % 8 !== 0) padded[padded.length - 1]! |= 0x80 >> (bits % 8);
  return sha256(concat(Uint8Array.of(0, Math.floor(bits / 8) + Math.ceil(bits / 8)), padded));
}
