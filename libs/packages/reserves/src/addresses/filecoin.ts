import { blake2b } from '@noble/hashes/blake2.js';
import { base32nopad } from '@scure/base';
import { concat, equalBytes } from '@solvent-por/kzg';
import { decoded } from './base58';
import { account, type Network } from './network';

/** RFC 4648, in lower case. */
const coder = {
  decode: (text: string) => base32nopad.decode(text.toUpperCase()),
  encode: (bytes: Uint8Array) => base32nopad.encode(bytes).toLowerCase(),
};

/**
 * f1 (a secp256k1 key's BLAKE2b-160), f2 (actors) and f3 (BLS keys), each with a checksum. f0… are second
 * names of other accounts, f410f… accounts of eip155:314.
 */
export const FILECOIN: Network = {
  name: 'filecoin',
  family: 'other',
  read: (address) => {
    const type = Number(/^f([123])/.exec(address)?.[1]);
    const payload = filecoinPayload(address.slice(2), Uint8Array.of(type), type === 3 ? 48 : 20);
    return payload && account(address, type === 1 ? 'key' : 'unsupported', payload);
  },
  ofSecp256k1: ({ payload }, key) => equalBytes(payload, blake2b(key, { dkLen: 20 })),
};

/** Payload of Base32 with a checksum over what stands before it, or undefined. */
export function filecoinPayload(text: string, before: Uint8Array, length: number): Uint8Array | undefined {
  const bytes = decoded(coder, text);
  if (bytes?.length !== length + 4) return undefined;
  const payload = bytes.subarray(0, length);
  const checksum = blake2b(concat(before, payload), { dkLen: 4 });
  return equalBytes(checksum, bytes.subarray(length)) ? payload : undefined;
}
