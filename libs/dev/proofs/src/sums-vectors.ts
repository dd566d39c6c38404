import {
  concat,
  encodePoints,
  fromBytes,
  mod,
  nobleVerifier,
  pow,
  toBytes,
  toHex,
  u32be,
  utf8,
} from '@solvent-por/kzg';
import { headerDigest, layoutOf, type Header } from '@solvent-por/verifier';
import { createHash } from 'node:crypto';
import { vectorSnapshots, type VectorSnapshot } from './vector-snapshots';
import type { Vector } from './vectors';
import { unhex } from './verify-file';

/** Input of a `sums` vector (section 8): the columns of a snapshot and its totals. */
export interface SumsVectorInput {
  readonly header: Header;
  /** Root of the account tree and the K limb commitments of each batch, batch 0 first. */
  readonly batches: ReadonlyArray<{ readonly accounts: string; readonly limbs: readonly string[] }>;
  readonly totals: readonly string[];
  /** Of an incorrect vector: what a careless implementation gets. */
  readonly claimed?: SumsVectorOutput;
}

export interface SumsVectorOutput {
  readonly columns: string;
  /** 32 bytes, big-endian. */
  readonly gamma: string;
  /** sum_b of each batch. */
  readonly sums: readonly string[];
}

interface Rules {
  readonly batch: (accounts: Uint8Array, limbs: readonly Uint8Array[]) => readonly Uint8Array[];
  readonly columns: (header: Uint8Array, digests: readonly Uint8Array[]) => readonly Uint8Array[];
  /** Labels and data that are absorbed before γ is drawn. */
  readonly absorbed: (
    all: readonly (readonly [string, Uint8Array])[],
  ) => readonly (readonly [string, Uint8Array])[];
  readonly total: (total: bigint) => Uint8Array;
  /** The power of γ of the v-th published value; undefined leaves it out. */
  readonly power: (v: number) => number | undefined;
  readonly limb: (j: number) => bigint;
}

const RULES: Rules = {
  batch: (accounts, limbs) => [Uint8Array.of(6), accounts, ...limbs],
  columns: (header, digests) => [Uint8Array.of(5), header, ...digests],
  absorbed: (all) => all,
  total: toBytes,
  power: (v) => v,
  limb: (j) => 1n << BigInt(11 * j),
};

const sha256 = (...parts: readonly Uint8Array[]) =>
  new Uint8Array(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  );

/** Section 8 in node:crypto and plain multi-scalar multiplications, written apart from the verifier's. */
function outputOf({ header, batches, totals }: SumsVectorInput, rules: Rules = RULES): SumsVectorOutput {
  const layout = layoutOf(header);
  const digest = headerDigest(header);
  const columns = sha256(
    ...rules.columns(
      digest,
      batches.map(({ accounts, limbs }) => sha256(...rules.batch(unhex(accounts), limbs.map(unhex)))),
    ),
  );
  let state = sha256(utf8('solvent/v1/sums'));
  const absorb = (label: string, data: Uint8Array) => {
    state = sha256(state, Uint8Array.of(label.length), utf8(label), u32be(data.length), data);
  };
  const all = [
    ['header', digest],
    ['batches', u32be(batches.length)],
    ['columns', columns],
    ['totals', concat(...totals.map((total) => rules.total(BigInt(total))))],
    ['gamma', new Uint8Array(0)],
  ] as const;
  for (const [label, data] of rules.absorbed(all)) absorb(label, data);
  const gamma = mod(fromBytes(concat(sha256(state, Uint8Array.of(0)), sha256(state, Uint8Array.of(1)))));
  const kzg = nobleVerifier();
  const sums = batches.map(({ limbs }) => {
    const points = kzg.decodePoints(limbs.map(unhex));
    const scalars = points.map(() => 0n);
    layout.published.forEach(({ form }, v) => {
      const power = rules.power(v);
      if (power === undefined) return;
      for (const { base } of form.terms) {
        const { firstLimb, limbs: count } = layout.bases[base]!;
        for (let j = 0; j < count; j++)
          scalars[firstLimb + j] = mod(scalars[firstLimb + j]! + pow(gamma, BigInt(power)) * rules.limb(j));
      }
    });
    return toHex(encodePoints([kzg.multiScalar(points, scalars)])[0]!);
  });
  return { columns: toHex(columns), gamma: toHex(toBytes(gamma)), sums };
}

function inputOf({ builder, lines, snapshot }: VectorSnapshot): SumsVectorInput {
  const K = builder.layout.limbs;
  return {
    header: builder.header,
    batches: lines.flatMap(({ proof }) =>
      proof.accounts.map((accounts, i) => ({
        accounts: toHex(accounts),
        limbs: proof.commitments.limbs.slice(i * K, (i + 1) * K).map(toHex),
      })),
    ),
    totals: snapshot.totals.map(String),
  };
}

export async function sumsVectors(): Promise<Vector[]> {
  const all = await vectorSnapshots();
  const base = inputOf(all.haircuts);
  const [first, second] = base.batches as [SumsVectorInput['batches'][0], SumsVectorInput['batches'][0]];
  const last = layoutOf(base.header).published.length - 1;
  const without = (label: string): Partial<Rules> => ({
    absorbed: (given) => given.filter(([name]) => name !== label),
  });
  const flaws: [string, Partial<Rules>][] = [
    ['batch-without-its-account-tree', { batch: (_, limbs) => [Uint8Array.of(6), ...limbs] }],
    ['batch-without-its-limbs', { batch: (accounts) => [Uint8Array.of(6), accounts] }],
    [
      'batch-without-its-last-limb',
      { batch: (accounts, limbs) => [Uint8Array.of(6), accounts, ...limbs.slice(0, -1)] },
    ],
    ['batch-without-its-first-byte', { batch: (accounts, limbs) => [accounts, ...limbs] }],
    ['columns-without-the-header', { columns: (_, digests) => [Uint8Array.of(5), ...digests] }],
    ['columns-without-their-first-byte', { columns: (header, digests) => [header, ...digests] }],
    [
      'columns-of-all-but-the-last-batch',
      { columns: (header, digests) => [Uint8Array.of(5), header, ...digests.slice(0, -1)] },
    ],
    ['gamma-without-header', without('header')],
    ['gamma-without-batches', without('batches')],
    ['gamma-without-columns', without('columns')],
    ['gamma-without-totals', without('totals')],
    ['gamma-not-absorbed', without('gamma')],
    ['totals-of-twelve-bytes', { total: (total) => toBytes(total, 12) }],
    ['powers-from-1', { power: (v) => v + 1 }],
    ['powers-reversed', { power: (v) => last - v }],
    ['last-value-left-out', { power: (v) => (v === last ? undefined : v) }],
    ['two-values-under-one-power', { power: (v) => (v === last ? last - 1 : v) }],
    ['limbs-of-8-bits', { limb: (j) => 1n << BigInt(8 * j) }],
  ];
  const correct: [string, SumsVectorInput][] = [
    ['spot', inputOf(all.spot)],
    ['aggregate', inputOf(all.aggregate)],
    ['margin', inputOf(all.margin)],
    ['tiers-and-pools', base],
    ['batches-swapped', { ...base, batches: [second, first] }],
    [
      'account-trees-swapped',
      {
        ...base,
        batches: [
          { ...first, accounts: second.accounts },
          { ...second, accounts: first.accounts },
        ],
      },
    ],
    ['largest-totals', { ...base, totals: base.totals.map(() => String((1n << 96n) - 1n)) }],
  ];
  return [
    ...correct.map(([name, input]): Vector => ({ kind: 'correct', name, input, expected: outputOf(input) })),
    ...flaws.map(([name, flaw]): Vector => ({
      kind: 'incorrect',
      name,
      input: { ...base, claimed: outputOf(base, { ...RULES, ...flaw }) },
      expected: { valid: false },
    })),
  ];
}
