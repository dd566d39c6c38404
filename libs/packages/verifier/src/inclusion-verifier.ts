import { equalBytes, hexBytes, OpeningChecks, rowPoint, toHex, type KzgVerifier } from '@solvent-por/kzg';
import { accountId, accountLeaf, KEY_BYTES } from './account';
import { ACCOUNT_ROWS } from './account-batch';
import { climbAccounts } from './account-tree';
import * as finding from './finding';
import { headerDigest } from './header';
import { refuseOtherWidth, type Inclusion } from './inclusion';
import { sizeOf } from './layout';
import { manifestChallenge, manifestDigest, type Manifest } from './manifest';
import { climb, leafNode, shownNode, siblingSides, treeRoot } from './sum-tree';
import { addTotalsCheck, foldValues } from './sums';
import { Trusted } from './trusted';
import { invalid, valid, type Invalid, type Valid } from './verdict';

/**
 * What an inclusion is compared with: none of it may come from the file. A member that is there must be what
 * it says (see `Trusted`).
 */
export interface TrustedInclusion {
  /**
   * The manifest whose signature and global proof the caller, or someone they trust, verified (section 11).
   */
  readonly manifest: Manifest;
  /** The account key, 32 bytes; absent is not checked, and the verdict says so. */
  readonly key?: Uint8Array;
}

/**
 * The outcome of {@link verifyInclusion}: what was compared with something the user brought is said beside
 * it.
 */
export type InclusionVerdict =
  | Invalid
  | (Valid & {
      /**
       * The id was made from the user's key. Otherwise the file's own id was used: someone else's file would
       * pass.
       */
      readonly keyChecked: boolean;
    });

/**
 * Verifies that the account with this key and these values is in the snapshot of a manifest (section 9). It
 * shows nothing about other accounts: that no sum is negative, and that γ was drawn after the account trees,
 * is what the global proof of the same manifest shows.
 *
 * @returns codes of refusal: INCLUSION_MANIFEST (the file is of another manifest), INCLUSION_ID,
 *   INCLUSION_ROW, INCLUSION_BATCH, INCLUSION_PATH,
 *   INCLUSION_ROOT (account, path and sums are not those of the manifest), INCLUSION_OPENING
 * @throws SolventError INCLUSION_MALFORMED | POINT_MALFORMED; TRUSTED_MALFORMED (kind usage): there is no
 *   manifest, or a member of `trusted` is there but
 *   undefined, or of another type, or not known
 */
export function verifyInclusion(
  inclusion: Inclusion,
  trusted: TrustedInclusion,
  kzg: KzgVerifier,
): InclusionVerdict {
  const given = new Trusted(trusted, 'trusted', ['manifest', 'key']);
  const [manifest, key] = [
    given.required('manifest', given.manifest('manifest')),
    given.bytes('key', KEY_BYTES),
  ];
  const { batch, row, values } = inclusion;
  const { header, batchCount } = manifest;
  if (!equalBytes(inclusion.manifest, manifestDigest(manifest)))
    return invalid(
      'INCLUSION_MANIFEST',
      `the file belongs to another manifest than the one given, which is of snapshot ${header.snapshot} (${header.takenAt}): take the manifest of the file's snapshot, or ask for a file of this one`,
    );
  refuseOtherWidth(inclusion, sizeOf(header).published);
  const digest = headerDigest(header);
  const foreign = key && refuseForeign(inclusion.id, key, digest);
  if (foreign) return foreign;
  if (row >= ACCOUNT_ROWS) return invalid('INCLUSION_ROW', `row ${row} is not an account row`);
  if (batch >= batchCount)
    return invalid('INCLUSION_BATCH', `batch ${batch} is not in a snapshot of ${batchCount}`);
  const siblings = siblingSides(batch, batchCount).length;
  if (inclusion.path.length !== siblings)
    return invalid(
      'INCLUSION_PATH',
      `the path must have ${siblings} siblings, it has ${inclusion.path.length}`,
    );

  const [sum, cell, subcell, single, totalsOpening, ...pathSums] = kzg.decodePoints([
    inclusion.sum,
    ...inclusion.openings,
    hexBytes(manifest.totalsOpening, 48),
    ...inclusion.path.map((node) => node.sum),
  ]);
  const accounts = climbAccounts(
    accountLeaf(inclusion.id, inclusion.salt, values),
    inclusion.accountPath,
    row,
  );
  const top = climb(
    leafNode(digest, batch, accounts, sum!, inclusion.sum),
    inclusion.path.map((node, i) => shownNode(node.hash, pathSums[i]!, node.sum)),
    batch,
    batchCount,
  );
  if (toHex(treeRoot(digest, batchCount, hexBytes(manifest.columns, 32), top)) !== manifest.root)
    return invalid(
      'INCLUSION_ROOT',
      'the account with these values is not in the snapshot: its path leads to another root',
    );

  const gamma = manifestChallenge(manifest, digest);
  const checks = new OpeningChecks();
  checks.addRow({
    commitment: { points: [sum!], scalars: [1n] },
    point: rowPoint(row),
    value: foldValues(gamma, values),
    proofs: [cell!, subcell!, single!],
  });
  addTotalsCheck(top.sum, gamma, manifest.totals.map(BigInt), totalsOpening!, checks);
  if (!checks.holds(kzg))
    return invalid(
      'INCLUSION_OPENING',
      'the account with these values is not in that row, or the totals are wrong',
    );
  const id = toHex(inclusion.id);
  return {
    ...valid(
      finding.accountIncluded(toHex(inclusion.manifest)),
      key ? finding.accountKey({ id }) : finding.accountKeyNotChecked({ id }),
    ),
    keyChecked: key !== undefined,
  };
}

/** An id is made from a key, and both are 64 hex digits: who takes one for the other is told so. */
function refuseForeign(id: Uint8Array, key: Uint8Array, digest: Uint8Array): Invalid | undefined {
  if (equalBytes(accountId(digest, key), id)) return undefined;
  return equalBytes(key, id)
    ? invalid('INCLUSION_ID', "what was given as account key is the file's account id: give the key")
    : invalid('INCLUSION_ID', 'the file is for another account than that of the key given');
}
