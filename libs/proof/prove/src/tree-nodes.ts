import { concat, u32be } from '@solvent/algebra';
import type { TreeNode } from './snapshot-closer';

const HASH_BYTES = 32;
const POINT_BYTES = 48;
const HEAD_BYTES = 4 + 4 + HASH_BYTES;

/** A node in one piece: u32be(start) ‖ u32be(size) ‖ hash ‖ sums. A big tree passes between threads as a few large pieces, not as a million small ones. */
export function packNode({ start, size, hash, sums }: TreeNode): Uint8Array {
  return concat(u32be(start), u32be(size), hash, ...sums);
}

/** Nodes as they were packed, read one by one; can be gone through again. */
export class PackedNodes implements Iterable<TreeNode> {
  /** @param width published values of the layout @param pieces whole nodes each */
  constructor(
    private readonly width: number,
    private readonly pieces: readonly Uint8Array[],
  ) {}

  *[Symbol.iterator](): Generator<TreeNode> {
    const bytes = HEAD_BYTES + POINT_BYTES * this.width;
    for (const piece of this.pieces) {
      const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
      for (let at = 0; at < piece.length; at += bytes)
        yield {
          start: view.getUint32(at),
          size: view.getUint32(at + 4),
          hash: piece.subarray(at + 8, at + HEAD_BYTES),
          sums: Array.from({ length: this.width }, (_, v) => {
            const point = at + HEAD_BYTES + POINT_BYTES * v;
            return piece.subarray(point, point + POINT_BYTES);
          }),
        };
    }
  }
}
