import { secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { createBase58check } from '@scure/base';

/** Of a made-up holder, whose key everybody knows: never use it. */
export interface SampleKey {
  readonly secret: Uint8Array;
  /** Addresses on EVM networks, and of P2PKH on Bitcoin. */
  readonly evm: string;
  readonly p2pkh: string;
}

/** Of an account without code and without storage. */
const EMPTY_TRIE = keccak_256(Uint8Array.of(0x80));
const NO_CODE = keccak_256(new Uint8Array(0));

export function sampleKey(name: string): SampleKey {
  const secret = sha256(utf8(`solvent sample data, known to everybody: ${name}`));
  const point = secp256k1.getPublicKey(secret, false).subarray(1);
  const hash = ripemd160(sha256(secp256k1.getPublicKey(secret)));
  return {
    secret,
    evm: toHex(keccak_256(point).subarray(12)),
    p2pkh: createBase58check(sha256).encode(concat(Uint8Array.of(0), hash)),
  };
}

/** Scheme `eip191`: r ‖ s ‖ v over a text. */
export function signEip191({ secret }: SampleKey, text: string): string {
  const bytes = utf8(text);
  const prefix = utf8(`\u0019Ethereum Signed Message:\n${bytes.length}`);
  const hash = keccak_256(concat(prefix, bytes));
  const signature = secp256k1.sign(hash, secret, { prehash: false, format: 'recovered' });
  return toHex(concat(signature.subarray(1), Uint8Array.of(27 + signature[0]!)));
}

/**
 * A block of a state in which one account is all there is: its trie is a single leaf, which is the proof.
 * @param time of the form 2026-11-30T00:00:00Z
 * @param amount in wei
 */
export function sampleBlock(
  height: bigint,
  time: string,
  address: string,
  amount: bigint,
): { readonly header: string; readonly block: string; readonly proof: readonly string[] } {
  const account = list([number(0n), number(amount), string(EMPTY_TRIE), string(NO_CODE)]);
  // Hex prefix 2: a leaf with an even number of nibbles, all 64.
  const path = concat(Uint8Array.of(0x20), keccak_256(hexBytes(address, 20)));
  const leaf = list([string(path), string(account)]);
  const items = Array.from({ length: 15 }, () => string(new Uint8Array(32)));
  items[3] = string(keccak_256(leaf));
  items[8] = number(height);
  items[11] = number(BigInt(Date.parse(time) / 1000));
  const header = list(items);
  return { header: toHex(header), block: toHex(keccak_256(header)), proof: [toHex(leaf)] };
}

/* RLP, as Ethereum writes what it hashes. */

function list(items: readonly Uint8Array[]): Uint8Array {
  const payload = concat(...items);
  return concat(lengthOf(payload.length, 0xc0), payload);
}

function string(bytes: Uint8Array): Uint8Array {
  return bytes.length === 1 && bytes[0]! < 0x80 ? bytes : concat(lengthOf(bytes.length, 0x80), bytes);
}

function number(value: bigint): Uint8Array {
  const hex = value === 0n ? '' : value.toString(16);
  return string(Uint8Array.from(Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')));
}

function lengthOf(length: number, base: number): Uint8Array {
  if (length < 56) return Uint8Array.of(base + length);
  return length < 256
    ? Uint8Array.of(base + 56, length)
    : Uint8Array.of(base + 57, length >> 8, length & 0xff);
}
