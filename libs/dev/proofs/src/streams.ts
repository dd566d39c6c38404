/** A stream of these bytes in pieces of one size; it counts what was read of it. */
export function inPieces(
  bytes: Uint8Array,
  size = bytes.length,
): AsyncIterable<Uint8Array> & { taken: number } {
  const stream = {
    taken: 0,
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += size) {
        const piece = bytes.subarray(at, at + size);
        stream.taken += piece.length;
        yield piece;
      }
    },
  };
  return stream;
}

/** A head and then one byte over and over, `length` times in all; it counts what was read of it. */
export function endless(
  head: Uint8Array,
  filler: number,
  length: number,
  size = 65_536,
): AsyncIterable<Uint8Array> & { taken: number } {
  const stream = {
    taken: 0,
    async *[Symbol.asyncIterator]() {
      stream.taken += head.length;
      yield head;
      for (let left = length; left > 0; left -= size) {
        const piece = new Uint8Array(Math.min(size, left)).fill(filler);
        stream.taken += piece.length;
        yield piece;
      }
    },
  };
  return stream;
}
