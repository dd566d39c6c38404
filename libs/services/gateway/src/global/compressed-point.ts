const COORDINATE = 48;
const COMPRESSED = 0x80;
const INFINITY = 0x40;
const LARGER = 0x20;
/** (p − 1)/2 of BLS12-381's base field, big-endian. */
const HALF = Buffer.from(
  '0d0088f51cbff34d258dd3db21a5d66bb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555',
  'hex',
);

/** The compressed form (48 bytes, as in inclusion files) of a point that this house stored uncompressed (96 bytes); nothing is checked. */
export function compressPoint(uncompressed: Uint8Array): Uint8Array {
  const bytes = uncompressed.slice(0, COORDINATE);
  if (bytes[0]! & INFINITY) bytes[0] = COMPRESSED | INFINITY;
  else bytes[0]! |= COMPRESSED | (Buffer.compare(uncompressed.subarray(COORDINATE), HALF) > 0 ? LARGER : 0);
  return bytes;
}
