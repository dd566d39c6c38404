import { concat, u32be } from '@solvent-por/kzg';
import type { TreeNode } from './snapshot-finaliser';

const HASH_BYTES = 32;
const POINT_BYTES = 48;
const HEAD_BYTES = 4 + 4 + HASH_BYTES;
const NODE_BYTES = HEAD_BYTES + POINT_BYTES;

/**
 * A node in one piece: u32be(start) ‖ u32be(size) ‖ hash ‖ sum. A big tree passes between threads as a few
 * large pieces, not as a million small ones.
 */
export function packNode({ start, size, hash, sum }: TreeNode): Uint8Array {
  return concat(u32be(start), u32be(size), hash, sum);
}

/** Nodes as they were packed, read one by one; can be gone through again. */
export class PackedNodes implements Iterable<TreeNode> {
  /** @param pieces whole nodes each */
  constructor(private readonly pieces: readonly Uint8Array[]) {}

  *[Symbol.iterator](): Generator<TreeNode> {
    for (const piece of this.pieces) {
      const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
      for (let at = 0; at < piece.length; at += NODE_BYTES)
        yield {
          start: view.getUint32(at),
          size: view.getUint32(at + 4),
          hash: piece.subarray(at + 8, at + HEAD_BYTES),
          sum: piece.subarray(at + HEAD_BYTES, at + NODE_BYTES),
        };
    }
  }
}
