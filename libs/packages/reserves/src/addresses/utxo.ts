import { concat, equalBytes } from '@solvent-por/kzg';
import { afterVersion, decodeBase58Check } from './base58';
import { decodeSegwit } from './bech32';
import { decodeCashAddress } from './cash-address';
import { compressed, hash160 } from './hashes';
import { account, type Account, type Network } from './network';

interface Versions {
  readonly p2pkh: readonly number[];
  readonly p2sh: readonly number[];
  /** Prefix of segwit addresses; absent where the network has no segwit. */
  readonly segwit?: string;
  /** Before ` Signed Message:\n`. */
  readonly says: string;
}

/** Litecoin's `3…` addresses (05) are a second spelling of `M…`, and so none. */
const VERSIONS: Readonly<Record<string, Versions>> = {
  bitcoin: { p2pkh: [0x00], p2sh: [0x05], segwit: 'bc', says: 'Bitcoin' },
  litecoin: { p2pkh: [0x30], p2sh: [0x32], segwit: 'ltc', says: 'Litecoin' },
  dogecoin: { p2pkh: [0x1e], p2sh: [0x16], says: 'Dogecoin' },
  dash: { p2pkh: [0x4c], p2sh: [0x10], says: 'DarkCoin' },
  bitcoinsv: { p2pkh: [0x00], p2sh: [0x05], says: 'Bitcoin' },
  bitcoingold: { p2pkh: [0x26], p2sh: [0x17], segwit: 'btg', says: 'Bitcoin Gold' },
  digibyte: { p2pkh: [0x1e], p2sh: [0x3f], segwit: 'dgb', says: 'DigiByte' },
  qtum: { p2pkh: [0x3a], p2sh: [0x32], segwit: 'qc', says: 'Qtum' },
  ravencoin: { p2pkh: [0x3c], p2sh: [0x7a], says: 'Raven' },
  zcash: { p2pkh: [0x1c, 0xb8], p2sh: [0x1c, 0xbd], says: 'Zcash' },
};

export const UTXO_NETWORKS: readonly Network[] = [
  ...Object.entries(VERSIONS).map(([name, versions]) =>
    network(name, versions.says, versions.segwit !== undefined, (address) => read(address, versions)),
  ),
  network('bitcoincash', 'Bitcoin', false, decodeCashAddress),
];

function network(name: string, says: string, segwit: boolean, reader: Network['read']): Network {
  return {
    name,
    family: 'utxo',
    read: reader,
    ofSecp256k1: (of, key) => isOfKey(of, key, segwit),
    utxo: { prefix: `${says} Signed Message:\n`, segwit },
  };
}

function read(address: string, { p2pkh, p2sh, segwit }: Versions): Account | undefined {
  if (segwit !== undefined && address.startsWith(`${segwit}1`)) return readSegwit(address, segwit);
  const bytes = decodeBase58Check(address);
  const key = bytes && afterVersion(bytes, p2pkh, 20);
  const script = bytes && afterVersion(bytes, p2sh, 20);
  return key ? account(address, 'p2pkh', key) : script && account(address, 'p2sh', script);
}

function readSegwit(address: string, prefix: string): Account | undefined {
  const decoded = decodeSegwit(address, prefix);
  if (!decoded) return undefined;
  const { version, program } = decoded;
  if (version > 1)
    return program.length >= 2 && program.length <= 40 ? account(address, 'unsupported', program) : undefined;
  if (version === 1) return program.length === 32 ? account(address, 'p2tr', program) : undefined;
  if (program.length === 20) return account(address, 'p2wpkh', program);
  return program.length === 32 ? account(address, 'p2wsh', program) : undefined;
}

/** HASH160 of what a P2SH-P2WPKH address wraps. @param keyHash HASH160 of a 33-byte key */
export function wrappedKey(keyHash: Uint8Array): Uint8Array {
  return hash160(concat(Uint8Array.of(0x00, 0x14), keyHash));
}

function isOfKey({ kind, payload }: Account, key: Uint8Array, segwit: boolean): boolean {
  const keyHash = hash160(compressed(key));
  switch (kind) {
    case 'p2pkh':
      return equalBytes(payload, keyHash) || equalBytes(payload, hash160(key));
    case 'p2wpkh':
      return equalBytes(payload, keyHash);
    case 'p2sh':
      return segwit && equalBytes(payload, wrappedKey(keyHash));
    default:
      return false;
  }
}
