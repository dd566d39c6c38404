import { concat, toHex } from '@solvent-por/kzg';
import { networkOf, readAddress, type Account } from '@solvent-por/reserves';

/** The script of an address, in hex without 0x: what outputs to it carry. */
export function scriptOf(network: string, address: string): string {
  return toHex(script(readAddress(networkOf(network), address))).slice(2);
}

function script({ kind, payload }: Account): Uint8Array {
  switch (kind) {
    case 'p2pkh':
      return concat(Uint8Array.of(0x76, 0xa9, 0x14), payload, Uint8Array.of(0x88, 0xac));
    case 'p2sh':
      return concat(Uint8Array.of(0xa9, 0x14), payload, Uint8Array.of(0x87));
    case 'p2wpkh':
    case 'p2wsh':
      return concat(Uint8Array.of(0, payload.length), payload);
    case 'p2tr':
      return concat(Uint8Array.of(0x51, 0x20), payload);
    default:
      throw new RangeError(`an account of kind ${kind} is of no network of unspent outputs`);
  }
}
