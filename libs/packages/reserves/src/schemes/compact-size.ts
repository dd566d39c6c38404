import { concat } from '@solvent-por/kzg';

/** Bitcoin's CompactSize of the length, then the bytes. @param bytes fewer than 2^32 */
export function vs(bytes: Uint8Array): Uint8Array {
  return concat(compactSize(bytes.length), bytes);
}

function compactSize(length: number): Uint8Array {
  if (length < 0xfd) return Uint8Array.of(length);
  if (length <= 0xffff) return Uint8Array.of(0xfd, length & 0xff, length >> 8);
  const bytes = new Uint8Array(5);
  bytes[0] = 0xfe;
  new DataView(bytes.buffer).setUint32(1, length, true);
  return bytes;
}
