import { createHmac } from 'node:crypto';
import { claimLeaf, claimNode, elementBytes, pathBit, SHORT_BYTES } from '@solvent-por/claims';
import { ClaimHasher, type ClaimBatchTree } from '@solvent-por/claims/tree';
import { concat, SolventError, utf8 } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, HASH_BYTES, ID_BYTES, type AccountBatch, type Layout } from '@solvent-por/verifier';
import { publishedValues } from '../witness';

/** A batch's part of the claim tree (section 13), as its operator keeps it with the witness. */
export interface BatchClaims {
  /** Claim keys of its accounts, 31 bytes each, row by row. */
  readonly keys: Uint8Array;
  /**
   * Leaves of all 4,080 account rows, 32 bytes each, those of unused ones included: to make them again takes
   * most of the tree's time, and with hundreds of assets seconds.
   */
  readonly leaves: Uint8Array;
  /** Of the batch's tree: 32 bytes. */
  readonly root: Uint8Array;
  /**
   * `claimMark` of its accounts, 32 bytes each, row by row: whoever hands out claim files to those who ask for
   * them compares with these. Absent where the file prover, which hands out all of them, was given none.
   */
  readonly marks?: Uint8Array;
}

const CLAIM_DOMAIN = utf8('solvent/v1/claim');
const LEAVES_BYTES = HASH_BYTES * ACCOUNT_ROWS;

let shared: ClaimHasher | undefined;

/** This thread's hasher: its constants serve every batch. */
export function claimHasher(): ClaimHasher {
  return (shared ??= new ClaimHasher());
}

/** Bytes of a batch's part, as `encodeClaims` gives it: without marks, and with them. */
export function claimsBytes(count: number): readonly [number, number] {
  const plain = SHORT_BYTES * count + LEAVES_BYTES + HASH_BYTES;
  return [plain, plain + HASH_BYTES * count];
}

/** keys ‖ leaves ‖ root ‖ marks */
export function encodeClaims({ keys, leaves, root, marks }: BatchClaims): Uint8Array {
  return concat(keys, leaves, root, ...(marks ? [marks] : []));
}

/** @param bytes one of `claimsBytes(count)` of them */
export function decodeClaims(bytes: Uint8Array, count: number): BatchClaims {
  const leavesAt = SHORT_BYTES * count;
  const rootAt = leavesAt + LEAVES_BYTES;
  const marks = bytes.subarray(rootAt + HASH_BYTES);
  return {
    keys: bytes.subarray(0, leavesAt),
    leaves: bytes.subarray(leavesAt, rootAt),
    root: bytes.subarray(rootAt, rootAt + HASH_BYTES),
    ...(marks.length > 0 && { marks }),
  };
}

/** What a snapshot's claim leaves are made with. */
export interface ClaimSecrets {
  /** The operator's claim key: 32 bytes. */
  readonly key: Uint8Array;
  readonly headerDigest: Uint8Array;
  readonly layout: Layout;
}

/**
 * A batch's part of the claim tree.
 *
 * @param unused leaves of its unused account rows, 32 bytes each, below BN254's order
 * @throws SolventError CLAIM_SELF_CHECK (internal): an account's path does not lead to the root
 */
export function batchClaims(
  { key, headerDigest, layout }: ClaimSecrets,
  { count, ids, amounts, claimMarks }: AccountBatch,
  unused: Uint8Array,
): BatchClaims {
  const keys = new Uint8Array(SHORT_BYTES * count);
  const idOf = (row: number) => ids.subarray(ID_BYTES * row, ID_BYTES * (row + 1));
  for (let row = 0; row < count; row++) {
    const mac = createHmac('sha256', key)
      .update(CLAIM_DOMAIN)
      .update(headerDigest)
      .update(idOf(row))
      .digest();
    keys.set(mac.subarray(0, SHORT_BYTES), SHORT_BYTES * row);
  }
  let [at, values]: [number, readonly bigint[]] = [-1, []];
  const valuesOf = (row: number) => {
    if (row !== at) [at, values] = [row, publishedValues(layout, { amounts }, row)];
    return values;
  };
  const width = layout.published.length;
  const rows = { count, width, ids, claimKeys: keys, value: (row: number, v: number) => valuesOf(row)[v]! };
  const tree = claimHasher().batchTree(rows, unused);
  if (count > 0) {
    // Hashes of another make: what is wrong with this machine is found before anything is stored.
    const row = count - 1;
    const leaf = claimLeaf(idOf(row), keys.subarray(SHORT_BYTES * row), valuesOf(row));
    if (climb(leaf, tree.path(row), row) !== tree.root) throw selfCheck();
  }
  return {
    ...{ keys, leaves: tree.nodes.slice(0, LEAVES_BYTES), root: elementBytes(tree.root) },
    ...(claimMarks && { marks: claimMarks }),
  };
}

/**
 * The tree above a batch's leaves.
 * @throws SolventError CLAIM_SELF_CHECK (internal): it has another root than the one that was kept
 */
export function claimTreeOf({ leaves, root }: BatchClaims): ClaimBatchTree {
  const tree = claimHasher().treeOf(leaves);
  if (!Buffer.from(elementBytes(tree.root)).equals(root)) throw selfCheck();
  return tree;
}

function climb(leaf: bigint, path: readonly bigint[], row: number): bigint {
  return path.reduce(
    (node, sibling, j) => (pathBit(row, j) ? claimNode(sibling, node) : claimNode(node, sibling)),
    leaf,
  );
}

export function selfCheck(): SolventError<'CLAIM_SELF_CHECK'> {
  return new SolventError(
    'CLAIM_SELF_CHECK',
    'internal',
    "an account does not lead to the root of the claim tree: nothing of its batch was written; check this machine's memory and what is stored of the snapshot, then try again",
  );
}

/** Nobody's claim file is handed out to whoever knows the account's id. */
export function claimMarksMissing(batch: number): SolventError<'CLAIM_MARKS_MISSING'> {
  return new SolventError(
    'CLAIM_MARKS_MISSING',
    'invalid',
    `of batch ${batch} nothing is known by which its claim files could be handed out to their owners alone: request the snapshot again, with ingest and provers of this version`,
    { batch },
  );
}
