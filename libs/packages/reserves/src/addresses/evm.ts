import { keccak_256 } from '@noble/hashes/sha3.js';
import { equalBytes, utf8 } from '@solvent-por/kzg';
import { bytesToHex } from '@noble/hashes/utils.js';
import { bytesOf, hexOf } from '../hex';
import { evmAccount } from './hashes';
import { account, type Network } from './network';

/** Chain ids have no leading zero and at most 19 digits. */
const NAME = /^eip155:[1-9][0-9]{0,18}$/;

/** The network of an `eip155:<chain id>` name, or undefined; whether another name is the one, is not asked. */
export function evmNetwork(name: string): Network | undefined {
  if (!NAME.test(name)) return undefined;
  const known = NETWORKS.get(name);
  if (known) return known;
  const network: Network = {
    name,
    family: 'eip155',
    read: (address) => {
      const bytes = evmAddressBytes(name, address);
      return bytes && account(address, 'key', bytes);
    },
    ofSecp256k1: ({ payload }, key) => equalBytes(payload, evmAccount(key)),
  };
  if (NETWORKS.size < MOST_KEPT) NETWORKS.set(name, network);
  return network;
}

/** Every line names its network: made once each. A publication has at most 256. */
const NETWORKS = new Map<string, Network>();
const MOST_KEPT = 1024;

/**
 * 0x and 40 lower-case digits. On Filecoin's EVM an address of 0xff and 11 zero bytes is a number that has
 * another name (f0…).
 */
export function evmAddressBytes(network: string, address: string): Uint8Array | undefined {
  const bytes = bytesOf(address, 20);
  if (bytes?.length !== 20) return undefined;
  if (network === 'eip155:314' && bytes[0] === 0xff && bytes.subarray(1, 12).every((byte) => byte === 0))
    return undefined;
  return bytes;
}

/** Address of a secp256k1 key. @param key 65 bytes */
export function evmAddress(key: Uint8Array): string {
  return hexOf(evmAccount(key));
}

/**
 * The lower-case spelling of an address as wallets show it, for importers.
 * @returns undefined where the text is no address, or its mixed-case checksum (EIP-55) is wrong
 */
export function fromEip55(text: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return undefined;
  const digits = text.slice(2);
  const lower = digits.toLowerCase();
  if (digits === lower || digits === digits.toUpperCase()) return `0x${lower}`;
  const hash = bytesToHex(keccak_256(utf8(lower)));
  const right = [...lower].map((digit, i) => (parseInt(hash[i]!, 16) >= 8 ? digit.toUpperCase() : digit));
  return right.join('') === digits ? `0x${lower}` : undefined;
}
