/** Bytes of a shard prefix: see `shardPrefix`. */
export const PREFIX_BYTES = 2;

/** Shard prefixes as they are kept and sent: u16be each. */
export function encodePrefixes(prefixes: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES * prefixes.length);
  const view = new DataView(bytes.buffer);
  prefixes.forEach((prefix, i) => view.setUint16(PREFIX_BYTES * i, prefix));
  return bytes;
}

/** @param bytes an even number of them */
export function decodePrefixes(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length / PREFIX_BYTES }, (_, i) =>
    view.getUint16(PREFIX_BYTES * i),
  );
}
