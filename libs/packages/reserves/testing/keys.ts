import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, toHex, utf8 } from '@solvent-por/kzg';
import { encodeBase58Check } from '../src/addresses/base58';
import { compressed, hash160, sha256d } from '../src/addresses/hashes';
import { evmAddress } from '../src/addresses/evm';
import { vs } from '../src/schemes/compact-size';
import { ethereumHash } from '../src/schemes/ethereum-message';

/** Keys that everybody knows: never use them. */
export interface SecpKey {
  readonly secret: Uint8Array;
  /** 65 bytes */
  readonly key: Uint8Array;
  readonly evm: string;
  readonly p2pkh: string;
}

export function secpKey(name: string): SecpKey {
  const secret = sha256(utf8(`reserves test ${name}`));
  const key = secp256k1.getPublicKey(secret, false);
  const hash = hash160(compressed(key));
  return { secret, key, evm: evmAddress(key), p2pkh: encodeBase58Check(concat(Uint8Array.of(0), hash)) };
}

/** r ‖ s and the recovery id. */
export function signSecp(
  hash: Uint8Array,
  { secret }: SecpKey,
): { readonly rs: Uint8Array; readonly recovery: number } {
  const signature = secp256k1.sign(hash, secret, { prehash: false, format: 'recovered' });
  return { rs: signature.subarray(1), recovery: signature[0]! };
}

export function rsv(hash: Uint8Array, key: SecpKey): string {
  const { rs, recovery } = signSecp(hash, key);
  return toHex(concat(rs, Uint8Array.of(27 + recovery)));
}

export function eip191(text: string, key: SecpKey): string {
  return rsv(ethereumHash(utf8(text)), key);
}

export function okxEvm(text: string, key: SecpKey): string {
  return rsv(ethereumHash(keccak_256(utf8(text))), key);
}

/** h ‖ r ‖ s. @param kind of BIP-137 */
export function bitcoinMessage(
  text: string,
  key: SecpKey,
  kind = 1,
  prefix = 'Bitcoin Signed Message:\n',
): string {
  const { rs, recovery } = signSecp(sha256d(concat(vs(utf8(prefix)), vs(utf8(text)))), key);
  return toHex(concat(Uint8Array.of(27 + 4 * kind + recovery), rs));
}

export interface EdKey {
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
}

export function edKey(name: string): EdKey {
  const secret = sha256(utf8(`reserves test ${name}`));
  return { secret, key: ed25519.getPublicKey(secret) };
}

export function signEd(message: Uint8Array, { secret }: EdKey): string {
  return toHex(ed25519.sign(message, secret));
}
