import { haircutHeader, testAccounts, testHeader, toBatches, type TestAccount } from './snapshots';
import type { ProvedLine, SmallSnapshot } from './small-snapshot';
import { SnapshotBuilder } from './snapshot-builder';
import type { Header } from '@solvent-por/verifier';

/** A snapshot that vectors are made from. */
export interface VectorSnapshot {
  /** In the order of the rows, batch by batch. */
  readonly accounts: readonly TestAccount[];
  readonly builder: SnapshotBuilder;
  /** One batch a proof. */
  readonly lines: readonly ProvedLine[];
  readonly snapshot: SmallSnapshot;
}

export interface VectorSnapshots {
  /** Three batches, one published value of one limb: the smallest files there are. */
  readonly spot: VectorSnapshot & { /** Batches 0 and 1 in one proof. */ readonly pair: ProvedLine };
  /** Two batches, two published values. */
  readonly aggregate: VectorSnapshot;
  /** One batch. */
  readonly margin: VectorSnapshot;
  /** Margin with tiers and pools, two batches. */
  readonly haircuts: VectorSnapshot;
}

let made: Promise<VectorSnapshots> | undefined;

/** The same in every run; proved once a process. */
export function vectorSnapshots(): Promise<VectorSnapshots> {
  return (made ??= (async () => {
    const spot = await prove(testHeader('spot', 1, 1), 6);
    const pair = spot.builder.prove(
      0,
      spot.lines.slice(0, 2).map(({ stored }) => stored[0]!.accounts),
    );
    return {
      spot: { ...spot, pair },
      aggregate: await prove(testHeader('aggregate', 1, 2), 3),
      margin: await prove(testHeader('margin', 1, 1), 2),
      haircuts: await prove(haircutHeader(2), 3),
    };
  })());
}

async function prove(header: Header, count: number): Promise<VectorSnapshot> {
  const small = (account: TestAccount, i: number): TestAccount => ({
    ...account,
    amounts:
      header.mode === 'aggregate' || header.assets.length > 1
        ? account.amounts
        : account.amounts.map((_, v) => BigInt(v === 0 ? 100 + i : i)),
  });
  const builder = await SnapshotBuilder.load(header);
  const accounts = testAccounts(header, count).map(small);
  const lines = builder.proveAll(toBatches(accounts, 2));
  return { builder, accounts, lines, snapshot: builder.finalise(lines) };
}
