import { testAccounts, testHeader, toBatches, type TestAccount } from './snapshots';
import { SnapshotBuilder, type ProvedLine, type SmallSnapshot } from './snapshot-builder';
import type { Mode } from '@solvent/proof/verify';

/** A snapshot that vectors are made from. */
export interface VectorSnapshot {
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
}

let made: Promise<VectorSnapshots> | undefined;

/** The same in every run; proved once a process. */
export function vectorSnapshots(): Promise<VectorSnapshots> {
  return (made ??= (async () => {
    const spot = await prove('spot', 1, 6);
    const pair = spot.builder.prove(
      0,
      spot.lines.slice(0, 2).map(({ stored }) => stored[0]!.accounts),
    );
    return {
      spot: { ...spot, pair },
      aggregate: await prove('aggregate', 2, 3),
      margin: await prove('margin', 1, 2),
    };
  })());
}

async function prove(mode: Mode, limbs: number, count: number): Promise<VectorSnapshot> {
  const header = testHeader(mode, 1, limbs);
  const small = (account: TestAccount, i: number): TestAccount => ({
    ...account,
    amounts:
      mode === 'aggregate' ? account.amounts : account.amounts.map((_, v) => BigInt(v === 0 ? 100 + i : i)),
  });
  const builder = await SnapshotBuilder.load(header);
  const lines = builder.proveAll(toBatches(testAccounts(header, count).map(small), 2));
  return { builder, lines, snapshot: builder.close(lines) };
}
