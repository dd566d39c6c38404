import { base32nopad } from '@scure/base';
import { equalBytes } from '@solvent-por/kzg';
import { decoded } from './base58';
import { crc16 } from './crc16';
import { account, type Network } from './network';

/** `G`. */
const VERSION = 0x30;

/** Strkey: a version byte, the key, CRC-16 little-endian, in Base32. */
export const STELLAR_NETWORKS: readonly Network[] = ['stellar', 'pi'].map((name) => ({
  name,
  family: 'other',
  read: (address) => {
    const bytes = decoded(base32nopad, address);
    if (bytes?.length !== 35 || bytes[0] !== VERSION) return undefined;
    const checksum = crc16(bytes.subarray(0, 33));
    if (bytes[33] !== (checksum & 0xff) || bytes[34] !== checksum >> 8) return undefined;
    return account(address, 'key', bytes.subarray(1, 33));
  },
  ofEd25519: ({ payload }, key) => equalBytes(payload, key),
  rotated: true,
}));
