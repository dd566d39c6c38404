import {
  divideByPower,
  encodePoints,
  G1_BASE,
  inverse,
  mod,
  pow,
  ROWS,
  rowPoint,
  toHex,
  type G1Point,
} from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { BatchProver, foldedColumn } from '@solvent-por/prover';
import { accountLeaf, AccountTree, HASH_BYTES, manifestDigest, type Inclusion } from '@solvent-por/verifier';
import { nothing } from './batch-vector-parts';
import type { InclusionVectorInput } from './inclusion-vectors';
import { coefficientsOf, commitTo } from './polynomials';
import type { ProvedLine, SmallSnapshot } from './small-snapshot';
import { inclusionFile, SnapshotBuilder } from './snapshot-builder';
import { testAccounts, testHeader, testKey, toBatches, type TestAccount } from './snapshots';
import { leavesOf, treeOf } from './stored-batches';
import type { Vector } from './vectors';
import { replaced } from './verify-file';

type Openings = Inclusion['openings'];

/** A row, one of its subcell (equal modulo 512), one of its cell alone (equal modulo 64). */
const [ROW, SUBCELL, CELL] = [9, 521, 73] as const;
/** Rows of a subcell, and of a cell, that hold nothing. */
const [ZERO_SUBCELL, ZERO_CELL] = [5, 7] as const;
const INFINITY = Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : 0));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
/** Whether a step of section 9 is taken, and what blinds its quotient. */
type Steps = readonly [bigint | undefined, bigint | undefined];

/** One batch of 600 accounts, in which rows share cells and subcells. */
class OpenedBatch {
  private constructor(
    readonly builder: SnapshotBuilder,
    readonly accounts: readonly TestAccount[],
    readonly line: ProvedLine,
    readonly snapshot: SmallSnapshot,
  ) {}

  static async prove(): Promise<OpenedBatch> {
    const header = { ...testHeader('aggregate', 1, 2), snapshot: 'test-openings' };
    const builder = await SnapshotBuilder.load(header);
    const accounts = testAccounts(header, 600).map((account, row) =>
      row % 512 === ZERO_SUBCELL || row % 64 === ZERO_CELL ? { ...account, amounts: [0n, 0n] } : account,
    );
    const line = builder.prove(0, toBatches(accounts));
    return new OpenedBatch(builder, accounts, line, builder.finalise([line]));
  }

  include(row: number, snapshot = this.snapshot): Inclusion {
    return this.builder.include(snapshot, this.line.stored[0]!, row);
  }

  vector(kind: 'correct' | 'incorrect', name: string, file: Inclusion, { document } = this.snapshot): Vector {
    const input: InclusionVectorInput = {
      document: text(inclusionFile(file)),
      key: toHex(this.accounts[file.row]!.key),
      manifest: text(document),
    };
    const expected =
      kind === 'correct'
        ? { valid: true, keyChecked: true, values: file.values.map(String) }
        : { valid: false, code: 'INCLUSION_OPENING' };
    return { kind, name, input, expected };
  }

  /** Openings of a row of any blinding; a step that is not taken leaves infinity, and its part to the next. */
  open(row: number, [cell, subcell]: Steps): Openings {
    const { kernels, committer, layout } = this.builder;
    const mark = kernels.mark();
    const column = foldedColumn(kernels, layout, this.line.stored[0]!, this.snapshot.gamma);
    let rest = coefficientsOf(kernels, column);
    kernels.release(mark);
    const z = rowPoint(row);
    const step = (power: number, blinding: bigint | undefined): Uint8Array => {
      if (blinding === undefined) return INFINITY;
      const a = pow(z, BigInt(power));
      const { quotient, remainder } = divideByPower(rest, power, a);
      rest = [mod(remainder[0]! - blinding * a), ...remainder.slice(1), blinding];
      return commitTo(kernels, committer, [mod(quotient[0]! - blinding), ...quotient.slice(1)]);
    };
    const [first, second] = [step(64, cell), step(8, subcell)];
    // The remainder of the last division is the value.
    return [first, second, commitTo(kernels, committer, divideByPower(rest, 1, z).quotient)];
  }

  /** The batch proved again under a tree in which the row's value is one more. */
  oneMore(): { line: ProvedLine; file: (snapshot: SmallSnapshot) => Inclusion } {
    const { builder, line } = this;
    const { id, salt, values: held } = this.include(ROW);
    const values = [held[0]! + 1n, ...held.slice(1)];
    const tree = treeOf(
      replaced(leavesOf(builder.layout, line.stored[0]!), ROW, accountLeaf(id, salt, values)),
    );
    class LyingProver extends BatchProver {
      protected override accountsRoot = () => tree.root;
    }
    return {
      line: builder.prove(0, [line.stored[0]!.accounts], builder.prover(LyingProver)),
      file: (snapshot) => ({ ...this.include(ROW, snapshot), values, accountPath: tree.path(ROW) }),
    };
  }
}

/** Vectors of `inclusion` about the three openings: not unique, infinity where it is right, errors that cancel. */
export async function openingVectors(): Promise<Vector[]> {
  const batch = await OpenedBatch.prove();
  const honest = batch.include(ROW);
  const [a, b, c] = honest.openings;
  const opened = (name: string, row: number, steps: Steps) =>
    batch.vector('correct', name, { ...batch.include(row), openings: batch.open(row, steps) });
  const wrong = (name: string, openings: Openings) =>
    batch.vector('incorrect', name, { ...honest, openings });
  return [
    opened('openings-without-blinding', ROW, [0n, 0n]),
    opened('openings-blinded-otherwise', ROW, [3n, 4n]),
    opened('opening-64-infinity', ROW, [undefined, 5n]),
    opened('opening-8-infinity', ROW, [6n, undefined]),
    opened('opening-1-infinity', ZERO_SUBCELL, [7n, 0n]),
    opened('openings-8-and-1-infinity', ZERO_CELL, [0n, 0n]),
    nothingButInfinity(batch.builder),
    wrong('opening-8-of-the-same-cell', [a, batch.include(CELL).openings[1], c]),
    wrong('opening-1-of-the-same-subcell', [a, b, batch.include(SUBCELL).openings[2]]),
    wrong('openings-8-and-1-of-the-same-cell', [a, ...lastTwo(batch.include(CELL))]),
    ...cancelling(batch),
  ];
}

const lastTwo = ({ openings: [, b, c] }: Inclusion) => [b, c] as const;

/** A batch of zeros without blinding: its sum is infinity too. */
function nothingButInfinity(builder: SnapshotBuilder): Vector {
  const [row, salt, id] = [7, testKey('salt'), testKey('id')];
  const leaves = new Uint8Array(HASH_BYTES * ROWS);
  leaves.set(accountLeaf(id, salt, [0n, 0n]), HASH_BYTES * row);
  const tree = new AccountTree(leaves);
  const { manifest, document } = builder.finalise([
    { proof: { ...nothing(builder.header), accounts: [tree.root] }, stored: [] },
  ]);
  const file: Inclusion = {
    ...{ manifest: manifestDigest(manifest), batch: 0, row, id, salt, values: [0n, 0n] },
    ...{ accountPath: tree.path(row), sum: INFINITY, openings: [INFINITY, INFINITY, INFINITY], path: [] },
  };
  return {
    kind: 'correct',
    name: 'nothing-but-infinity',
    input: { document: text(inclusionFile(file)), manifest: text(document) } satisfies InclusionVectorInput,
    expected: { valid: true, keyChecked: false, values: ['0', '0'] },
  };
}

/** A value one higher, in the account tree as well: only the openings can show it. */
function cancelling(batch: OpenedBatch): Vector[] {
  const kzg = nativeVerifier();
  const { builder } = batch;
  const { line, file } = batch.oneMore();
  const snapshot = builder.finalise([line]);
  const shown = file(snapshot);
  const z = rowPoint(ROW);
  const powers = [64, 8, 1];
  // x on one and −x on another give x·(z^i − z^j) on the left, which is to make up for the value, and nothing on the
  // right of a verifier that pairs both with the same power of τ.
  const moved = (i: number, j: number): Openings => {
    const x = inverse(mod(pow(z, BigInt(powers[i]!)) - pow(z, BigInt(powers[j]!))));
    const by = kzg.multiScalar([G1_BASE], [x]);
    const points = kzg
      .decodePoints([...shown.openings])
      .map((point: G1Point, k) => (k === i ? point.add(by) : k === j ? point.subtract(by) : point));
    return encodePoints(points) as unknown as Openings;
  };
  const totals = snapshot.totals.map((total, v) => (v === 0 ? total - 4096n : total));
  const lower = builder.finalise([line], {
    totals: () => totals,
    totalsOpening: (_, gamma) => builder.openTotals(line.stored, gamma, totals, snapshot.totals),
  });
  return [
    ...(
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const
    ).map(([i, j]) =>
      batch.vector(
        'incorrect',
        `openings-${powers[i]}-and-${powers[j]}-whose-errors-cancel`,
        { ...shown, openings: moved(i, j) },
        snapshot,
      ),
    ),
    batch.vector('incorrect', 'value-one-higher-and-a-total-4096-lower', file(lower), lower),
  ];
}
