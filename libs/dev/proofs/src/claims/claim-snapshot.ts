import { createHash } from 'node:crypto';
import { claimKeyOf, elementBytes, type ClaimFile, type VerifyingKey } from '@solvent-por/claims';
import { ClaimHasher, ClaimRoots, type ClaimBatchTree } from '@solvent-por/claims/tree';
import { concat, toHex } from '@solvent-por/kzg';
import { signManifest } from '@solvent-por/prover';
import { headerDigest, layoutOf, manifestDigest, type Header, type Manifest } from '@solvent-por/verifier';
import { TEST_KEYS, testAccounts, testHeader, testKey, type TestAccount } from '../snapshots';

/** The operator's secret for claims in tests. */
export const TEST_CLAIM_KEY = testKey('claims');

/** A snapshot as far as claims are concerned: nothing in it was proved. */
export interface ClaimSnapshot {
  readonly manifest: Manifest;
  readonly accounts: readonly TestAccount[];
  /** Of account i. */
  claimFile(i: number): ClaimFile;
}

/**
 * Accounts in batches of three, with their claim tree, under a signed manifest that names the keys.
 * @param header whose layout has as many published values as the keys are for
 */
export function claimSnapshot(
  header: Header,
  count: number,
  keys: readonly Pick<VerifyingKey, 'digest'>[],
): ClaimSnapshot {
  const accounts = testAccounts(header, count, 'claims');
  const { published } = layoutOf(header);
  const digest = headerDigest(header);
  const rows = accounts.map(({ id, amounts }) => ({
    id,
    claimKey: claimKeyOf(TEST_CLAIM_KEY, digest, id),
    values: published.map(({ inputs }) => inputs.reduce((sum, input) => sum + amounts[input]!, 0n)),
  }));
  const hasher = new ClaimHasher();
  const trees: ClaimBatchTree[] = [];
  for (let first = 0; first < rows.length; first += A_BATCH) {
    const part = rows.slice(first, first + A_BATCH);
    trees.push(
      hasher.batchTree(
        {
          count: part.length,
          width: published.length,
          ids: concat(...part.map(({ id }) => id)),
          claimKeys: concat(...part.map(({ claimKey }) => claimKey)),
          value: (row, v) => part[row]!.values[v]!,
        },
        elementBytes(BigInt(`0x${createHash('sha256').update(`unused ${first}`).digest('hex')}`) >> 4n),
      ),
    );
  }
  const roots = new ClaimRoots(trees.map(({ root }) => root));
  const manifest = signManifest(
    {
      ...{ protocol: 'solvent/v1', header, batchCount: trees.length },
      ...{ columns: `0x${'12'.repeat(32)}`, root: `0x${'11'.repeat(32)}` },
      totals: published.map((_, v) => rows.reduce((sum, { values }) => sum + values[v]!, 0n).toString()),
      totalsOpening: `0xc0${'00'.repeat(47)}`,
      claimRoot: toHex(elementBytes(roots.root)),
      claimKeys: keys.map((key) => toHex(key.digest)),
      previous: null,
    },
    TEST_KEYS.signing,
  );
  return {
    manifest,
    accounts,
    claimFile: (i) => {
      const [batch, row] = [Math.floor(i / A_BATCH), i % A_BATCH];
      return {
        ...{ manifest: manifestDigest(manifest), batch, row },
        ...rows[i]!,
        path: [...trees[batch]!.path(row), ...roots.path(batch)],
      };
    },
  };
}

/** Accounts of a batch: few, so that there are several batches. */
const A_BATCH = 3;

/** Of two published values: equity and debt of one asset. */
export function claimHeader(): Header {
  return { ...testHeader('aggregate'), snapshot: 'test-claims' };
}
