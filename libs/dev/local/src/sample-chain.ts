import { secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { rlpList, rlpNumber, rlpString } from '@solvent-por/reserves';
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
  const account = rlpList([rlpNumber(0n), rlpNumber(amount), rlpString(EMPTY_TRIE), rlpString(NO_CODE)]);
  // Hex prefix 2: a leaf with an even number of nibbles, all 64.
  const path = concat(Uint8Array.of(0x20), keccak_256(hexBytes(address, 20)));
  const leaf = rlpList([rlpString(path), rlpString(account)]);
  const items = Array.from({ length: 15 }, () => rlpString(new Uint8Array(32)));
  items[3] = rlpString(keccak_256(leaf));
  items[8] = rlpNumber(height);
  items[11] = rlpNumber(BigInt(Date.parse(time) / 1000));
  const header = rlpList(items);
  return { header: toHex(header), block: toHex(keccak_256(header)), proof: [toHex(leaf)] };
}
