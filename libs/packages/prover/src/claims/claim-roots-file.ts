import { elementBytes, elementOf } from '@solvent-por/claims';
import { ClaimRoots } from '@solvent-por/claims/tree';
import { concat, SolventError, toHex } from '@solvent-por/kzg';
import { decodeLabelled, digestsIn, encodeLabelled, type Origin } from '@solvent-por/snapshot/files';
import { HASH_BYTES, type Manifest } from '@solvent-por/verifier';
import { selfCheck } from './batch-claims';

/** Beside the witness: roots of the batches' claim trees, from which every path goes on upwards. */
export const CLAIMS_FILE = 'claims.bin';

const KIND = 'roots of claim trees';

/** @param roots of the batches, in order: 32 bytes each */
export function encodeClaimRoots(roots: readonly Uint8Array[], origin: Origin): Uint8Array {
  return encodeLabelled(concat(...roots), { kind: KIND, origin, count: roots.length });
}

/** @throws SolventError WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (kind invalid) */
export function decodeClaimRoots(file: Uint8Array, origin: Origin): Uint8Array[] {
  const expected = { kind: KIND, origin, name: CLAIMS_FILE };
  const { content, count } = decodeLabelled(file, expected);
  return digestsIn(content, count, expected);
}

/** The upper levels of a claim tree, and its root as it stands in the manifest. */
export function claimTreeAbove(roots: readonly Uint8Array[]): { tree: ClaimRoots; root: Uint8Array } {
  const tree = new ClaimRoots(roots.map((root, batch) => elementOf(root, `root of batch ${batch}`)));
  return { tree, root: elementBytes(tree.root) };
}

/**
 * The upper levels of a published snapshot's claim tree.
 * @param packed roots of its batches, in order, 32 bytes each
 * @throws SolventError CLAIMS_NOT_OFFERED (usage), CLAIM_SELF_CHECK (internal): they do not lead to what was
 *   published
 */
export function publishedClaimTree(manifest: Manifest, packed: Uint8Array): ClaimRoots {
  refuseWithoutClaims(manifest);
  if (packed.length !== HASH_BYTES * manifest.batchCount) throw selfCheck();
  const roots = Array.from({ length: manifest.batchCount }, (_, batch) =>
    packed.subarray(HASH_BYTES * batch, HASH_BYTES * (batch + 1)),
  );
  const { tree, root } = claimTreeAbove(roots);
  if (toHex(root) !== manifest.claimRoot) throw selfCheck();
  return tree;
}

/**
 * Refuses a snapshot in which no private claims can be made.
 * @throws SolventError CLAIMS_NOT_OFFERED (usage)
 */
export function refuseWithoutClaims({ header, claimRoot }: Manifest): void {
  if (claimRoot !== null) return;
  throw new SolventError(
    'CLAIMS_NOT_OFFERED',
    'usage',
    `the snapshot ${header.snapshot} has no claim tree, so no private claims can be made in it: its operator adds \`claims\` to the configuration of the next one`,
    { snapshot: header.snapshot },
  );
}
