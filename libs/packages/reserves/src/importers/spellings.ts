import { base64, bech32 } from '@scure/base';
import { equalBytes } from '@solvent-por/kzg';
import { decodeBase58Check, encodeBase58Check, afterVersion } from '../addresses/base58';
import { encodeCashAddress } from '../addresses/cash-address';
import { crc16 } from '../addresses/crc16';
import { fromEip55 } from '../addresses/evm';
import { filecoinPayload } from '../addresses/filecoin';
import { tonAddress } from '../addresses/ton';
import { malformed } from '../failure';
import { bytesOf, hexOf } from '../hex';

/**
 * An address in other people's spelling, in the one of section 6; where it is none of the spellings that are
 * converted, as it stands.
 * @throws SolventError ADDRESS_MALFORMED: a checksum of such a spelling is wrong
 */
export function canonicalAddress(network: string, address: string): string {
  if (network.startsWith('eip155:')) return evm(network, address);
  switch (network) {
    case 'bitcoincash':
      return cash(address);
    case 'litecoin':
      return litecoin(address);
    case 'aptos':
      return /^0x[0-9a-f]{1,63}$/.test(address) ? `0x${address.slice(2).padStart(64, '0')}` : address;
    case 'ton':
      return ton(address);
    default:
      return address;
  }
}

function evm(network: string, address: string): string {
  if (network === 'eip155:66' && address.startsWith('ex1')) return hrp(address, 'ex');
  if (network === 'eip155:1666600000' && address.startsWith('one1')) return hrp(address, 'one');
  if (network === 'eip155:314' && address.startsWith('f410f')) {
    const payload = filecoinPayload(address.slice(5), Uint8Array.of(4, 10), 20);
    return payload ? hexOf(payload) : refuse(address);
  }
  return fromEip55(address) ?? refuse(address);
}

function hrp(address: string, prefix: string): string {
  try {
    const decoded = bech32.decode(address as `${string}1${string}`);
    const bytes = bech32.fromWords(decoded.words);
    if (decoded.prefix === prefix && bytes.length === 20) return hexOf(bytes);
  } catch {
    // refused below
  }
  return refuse(address);
}

/** Legacy → CashAddr; a prefix that was left out is put back. */
function cash(address: string): string {
  const bytes = decodeBase58Check(address);
  const [key, script] = [bytes && afterVersion(bytes, [0x00], 20), bytes && afterVersion(bytes, [0x05], 20)];
  if (key ?? script) return encodeCashAddress(script !== undefined, (key ?? script)!);
  return /^[qp][0-9a-z]{41}$/.test(address) ? `bitcoincash:${address}` : address;
}

/** `3…` → `M…`. */
function litecoin(address: string): string {
  const bytes = decodeBase58Check(address);
  const script = bytes && afterVersion(bytes, [0x05], 20);
  return script ? encodeBase58Check(Uint8Array.of(0x32, ...script)) : address;
}

/** Not bounceable, plain base64, `0:` and hex: the bounceable form of mainnet. */
function ton(address: string): string {
  const raw = /^0:([0-9a-fA-F]{64})$/.exec(address)?.[1];
  if (raw !== undefined) return tonAddress(bytesOf(`0x${raw.toLowerCase()}`, 32)!);
  let bytes: Uint8Array;
  try {
    bytes = base64.decode(address.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return address;
  }
  const checksum = crc16(bytes.subarray(0, 34));
  const right = equalBytes(bytes.subarray(34), Uint8Array.of(checksum >> 8, checksum & 0xff));
  const mainnet = bytes[0] === 0x11 || bytes[0] === 0x51;
  return bytes.length === 36 && right && mainnet && bytes[1] === 0
    ? tonAddress(bytes.subarray(2, 34))
    : refuse(address);
}

function refuse(address: string): never {
  return malformed(
    'ADDRESS_MALFORMED',
    `the checksum, or the form, of ${JSON.stringify(address.slice(0, 128))} is wrong`,
  );
}

/** Hex of others, with or without 0x, in any case; as it stands where it is none. */
export function canonicalHex(text: string): string {
  return /^(?:0x)?(?:[0-9a-fA-F]{2})+$/.test(text) ? `0x${text.replace(/^0x/, '').toLowerCase()}` : text;
}

/** r ‖ s ‖ v with v of 0 or 1 as 27 or 28. */
export function canonicalRsv(text: string): string {
  const hex = canonicalHex(text);
  const v = hex.slice(-2);
  return hex.length === 132 && (v === '00' || v === '01')
    ? `${hex.slice(0, -2)}${v === '00' ? '1b' : '1c'}`
    : hex;
}

/** Base64 of 65 bytes as hex; undefined where it is none. */
export function hexOfBase64(text: string): string | undefined {
  try {
    return hexOf(base64.decode(text));
  } catch {
    return undefined;
  }
}
