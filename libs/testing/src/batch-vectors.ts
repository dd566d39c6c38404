import {
  concat,
  encodePoints,
  G1_BASE,
  mod,
  nobleVerifier,
  pow,
  R,
  rowPoint,
  ROWS,
  toBytes,
  toHex,
  u32be,
} from '@solvent/algebra';
import {
  canonicalJson,
  headerDigest,
  helperCount,
  layoutOf,
  proofToJson,
  type BatchProof,
  type Header,
  type Layout,
  type SummedProof,
} from '@solvent/proof/verify';
import { createHash } from 'node:crypto';
import {
  cancellingMove,
  claimedOpenings,
  contextOf,
  EMPTY_ROW,
  ForgersWorkshop,
  hide,
  lyingAboutW,
  moveOpening,
  specifiedPowers,
  summed,
  TEST_GAMMA,
  type Cheat,
  type Powers,
} from './cheating';
import { malformedLines } from './malformed-lines';
import { haircutHeader, testAccounts, testHeader, testKey, toBatches } from './snapshots';
import type { Vector } from './vectors';

/** Input of a vector of test-vectors/batch. */
export interface BatchVectorInput {
  readonly header: Header;
  /** A line of a global proof file, without its LF. */
  readonly line: string;
  /** γ of the snapshot: 32 bytes big-endian. */
  readonly gamma: string;
}

const AGGREGATE = testHeader('aggregate', 1, 2);
const MARGIN = testHeader('margin', 1, 2);
const HAIRCUTS = haircutHeader(2);
const [debt, net] = layoutOf(AGGREGATE).bases.map(({ firstLimb }) => firstLimb) as [number, number];
const [equity, owed, worth] = layoutOf(MARGIN).bases.map(({ firstLimb }) => firstLimb) as [
  number,
  number,
  number,
];
const PER_BATCH = layoutOf(AGGREGATE).limbs;

const GAMMA = toHex(toBytes(TEST_GAMMA));
const lineOf = (header: Header, proof: BatchProof | SummedProof) =>
  canonicalJson(proofToJson('sums' in proof ? proof : summed(proof, contextOf(header))));
const inputOf = (header: Header, proof: BatchProof | SummedProof): BatchVectorInput => ({
  header,
  line: lineOf(header, proof),
  gamma: GAMMA,
});

/**
 * The vectors of test-vectors/batch: lines of honest provers, of cheating ones, and what is no line.
 * Takes some 20 seconds: every correct line and every forgery is a real proof.
 */
export async function batchVectors(): Promise<Vector[]> {
  const workshop = await ForgersWorkshop.open();
  const honest = workshop.prove(AGGREGATE, {});
  return [
    ...correct(workshop, honest),
    ...forged(workshop),
    ...altered(workshop, honest),
    ...haircuts(workshop),
    ...summedFalsely(workshop, honest),
    ...malformedLines(AGGREGATE, summed(honest, contextOf(AGGREGATE)), GAMMA),
  ];
}

function correct(workshop: ForgersWorkshop, honest: BatchProof): Vector[] {
  const make = (name: string, header: Header, proof: BatchProof): Vector => ({
    kind: 'correct',
    name,
    input: inputOf(header, proof),
    expected: { valid: true, first: proof.first, batches: batchesOf(header, proof) },
  });
  const prove = (header: Header, count: number, k: number, first: number) =>
    workshop.forgeBatches(
      header,
      toBatches(testAccounts(header, count), Math.max(1, Math.ceil(count / k))),
      {},
      first,
    ).proof;
  const [six, spot] = [testHeader('aggregate'), testHeader('spot', 2, 3)];
  const cut: Cheat = {
    chunks: (chunks, kernels) => {
      const add = (chunk: number, c: bigint, power: number) =>
        kernels.load(
          chunk,
          0,
          kernels.read(chunk, 0, ROWS).map((x, i) => mod(x + c * rowPoint(power * i))),
        );
      add(chunks[0]!, 5n, ROWS - 1);
      add(chunks[1]!, -5n, 0);
      return [...chunks];
    },
  };
  const unchecked = [0, 2048, 4079].map((row) => ({ row, add: R - 7n }));
  return [
    make('aggregate', AGGREGATE, honest),
    make('aggregate-six-limbs', six, prove(six, 5, 1, 0)),
    make('two-batches', AGGREGATE, prove(AGGREGATE, 4, 2, 70)),
    make('spot', spot, prove(spot, 4, 1, 65_535)),
    make('margin', MARGIN, prove(MARGIN, 4, 1, 1)),
    make('tiers-and-pools', HAIRCUTS, prove(HAIRCUTS, 4, 1, 2)),
    make('tiers-and-pools-two-batches', HAIRCUTS, prove(HAIRCUTS, 3, 2, 0)),
    make('no-accounts', AGGREGATE, prove(AGGREGATE, 0, 1, 0)),
    make('nothing-but-infinity', AGGREGATE, nothing(AGGREGATE)),
    make('quotient-cut-elsewhere', AGGREGATE, workshop.prove(AGGREGATE, cut)),
    make(
      'multiplicities-where-nobody-looks',
      AGGREGATE,
      workshop.prove(AGGREGATE, { multiplicity: unchecked }),
    ),
  ];
}

/** Zero columns without blinding: a proof of nothing, and a valid one. */
function nothing(header: Header): BatchProof {
  const layout = layoutOf(header);
  const infinity = new Uint8Array(48);
  infinity[0] = 0xc0;
  const columns = <T>(x: T) => ({
    limbs: Array.from({ length: layout.limbs }, () => x),
    multiplicity: x,
    helpers: Array.from({ length: helperCount(layout, 1) }, () => x),
    table: x,
  });
  return {
    first: 0,
    accounts: [new Uint8Array(32)],
    commitments: { ...columns(infinity), quotient: [0, 1, 2, 3].map(() => infinity) },
    evaluations: { ...columns(0n), shifted: 0n },
    openings: { zeta: infinity, omegaZeta: infinity, zero: infinity },
  };
}

/** Digests and leaves as section 8 has them, derived by multi-scalar multiplications and node:crypto: not the way the verifier takes. */
function batchesOf(header: Header, proof: BatchProof): { digest: string; leaf: string }[] {
  const layout = layoutOf(header);
  const sha256 = (...parts: Uint8Array[]) =>
    new Uint8Array(
      createHash('sha256')
        .update(concat(...parts))
        .digest(),
    );
  return proof.accounts.map((accounts, batch) => {
    const limbs = proof.commitments.limbs.slice(batch * layout.limbs, (batch + 1) * layout.limbs);
    const sum = encodePoints([sumOf(layout, limbs)])[0]!;
    const leaf = sha256(Uint8Array.of(0), headerDigest(header), u32be(proof.first + batch), accounts, sum);
    return { digest: toHex(sha256(Uint8Array.of(6), accounts, ...limbs)), leaf: toHex(leaf) };
  });
}

/** Σ γ^v·C(v-th published value), value by value. */
function sumOf(layout: Layout, encoded: readonly Uint8Array[]) {
  const kzg = nobleVerifier();
  const limbs = kzg.decodePoints(encoded);
  const scalars = limbs.map(() => 0n);
  layout.published.forEach(({ form }, v) => {
    for (const { base } of form.terms) {
      const { firstLimb, limbs: count } = layout.bases[base]!;
      for (let j = 0; j < count; j++)
        scalars[firstLimb + j] = mod(
          scalars[firstLimb + j]! + (pow(TEST_GAMMA, BigInt(v)) << BigInt(11 * j)),
        );
    }
  });
  return kzg.multiScalar(limbs, scalars);
}

const incorrect = (name: string, header: Header, proof: BatchProof | SummedProof): Vector => ({
  kind: 'incorrect',
  name,
  input: inputOf(header, proof),
  expected: { valid: false, code: 'PROOF_INVALID' },
});

/** Proofs by cheating provers; which claim is false of each is in libs/proof/prove/src/attacks. */
function forged(workshop: ForgersWorkshop): Vector[] {
  const row = EMPTY_ROW;
  const negative = [{ limb: net, row, add: -5n }];
  const powers = (flaw: Partial<Powers>, k = 1) => ({ ...specifiedPowers(layoutOf(AGGREGATE), k), ...flaw });
  const aggregate: [string, Cheat, number?][] = [
    ['negative-net', { limbs: negative }],
    [
      'gross-understated-net-kept',
      {
        limbs: [
          { limb: debt, row, add: -10n },
          { limb: net, row, add: 5n },
        ],
      },
    ],
    ['value-beyond-its-limbs', { limbs: [{ limb: net + 1, row, add: 2048n }] }],
    [
      'limb-counted-after-the-table',
      { limbs: [{ limb: net, row, add: 2048n }], multiplicity: [{ row: 2048, add: 1n }] },
    ],
    ['lookup-hidden-in-helper', { limbs: negative, hide: hide.inHelper(1, row) }],
    ['lookup-hidden-in-table', { limbs: negative, hide: hide.inTable(2048) }],
    ['lookup-hidden-in-reserved-row', { limbs: negative, hide: hide.inReservedRow(4081) }],
    ['smuggled-into-first-row-of-pair', { limbs: [{ limb: net, row: 4080, add: -1000n }] }],
    ['smuggled-into-second-row-of-pair', { limbs: [{ limb: debt, row: 4095, add: -1000n }] }],
    [
      'pairs-that-cancel-each-other',
      {
        limbs: [
          { limb: net, row: 4080, add: 1000n },
          { limb: net, row: 4082, add: -1000n },
        ],
      },
    ],
    [
      'limb-made-up-by-another-batch',
      {
        limbs: [
          { limb: net, row, add: -5n },
          { limb: PER_BATCH + net, row, add: 5n },
        ],
      },
      2,
    ],
    ['lie-at-omega-zeta', lyingAboutW(AGGREGATE, [{ limb: net, row: 4080, add: -1000n }])],
    // Each of the following is accepted by a verifier that lets these terms of F share a power of y.
    [
      'shared-power',
      {
        limbs: negative,
        hide: hide.acrossGroupAndTable(1, row),
        powers: powers({ table: 1, pairs: 2 }),
      },
    ],
    [
      'shared-power-of-groups',
      { limbs: negative, hide: hide.acrossGroups(0, 1, row), powers: powers({ groups: [0, 0] }) },
    ],
    [
      'shared-power-of-values',
      {
        limbs: [
          { limb: debt, row: 4080, add: -1000n },
          { limb: net, row: 4080, add: 1000n },
        ],
        powers: powers({ values: [0, 0], lookupSum: 1 }),
      },
    ],
    [
      'shared-power-of-batches',
      {
        limbs: [
          { limb: debt, row: 4081, add: -1000n },
          { limb: PER_BATCH + debt, row: 4081, add: 1000n },
        ],
        powers: powers({ values: [0, 1, 0, 1], lookupSum: 2 }, 2),
      },
      2,
    ],
    [
      'lookup-sum-left-out-of-pairs',
      { limbs: negative, hide: hide.inReservedRow(4081), powers: powers({ lookupSum: undefined }) },
    ],
  ];
  const owes = [
    { limb: equity, row, add: 4n },
    { limb: owed, row, add: 10n },
  ];
  const margin: [string, Cheat, number?][] = [
    ['insolvent-net-wrapped', { limbs: [...owes, { limb: worth, row, add: -18n }] }],
    ['insolvent-net-zero', { limbs: owes }],
    [
      'insolvent-in-second-batch',
      { limbs: owes.map((change) => ({ ...change, limb: layoutOf(MARGIN).limbs + change.limb })) },
      2,
    ],
    [
      'relation-made-up-by-another-batch',
      {
        limbs: [
          ...owes,
          { limb: layoutOf(MARGIN).limbs + equity, row, add: 10n },
          { limb: layoutOf(MARGIN).limbs + owed, row, add: 4n },
        ],
      },
      2,
    ],
  ];
  const make =
    (header: Header) =>
    ([name, cheat, k]: [string, Cheat, number?]) =>
      incorrect(name, header, workshop.prove(header, cheat, k));
  return [...aggregate.map(make(AGGREGATE)), ...margin.map(make(MARGIN))];
}

/** Proofs altered after proving. */
function altered(workshop: ForgersWorkshop, honest: BatchProof): Vector[] {
  const lying = workshop.forge(AGGREGATE, { limbs: [{ limb: net, row: 4080, add: -1000n }] });
  const move = cancellingMove(lying, claimedOpenings(lying.proof, lying.context)[1]!.point);
  const both = moveOpening(
    moveOpening(lying.proof, 'zeta', move, lying.context),
    'omegaZeta',
    -move,
    lying.context,
  );
  const { commitments, evaluations, openings } = honest;
  const margin = workshop.prove(MARGIN, {});
  const dearer = { ...MARGIN, assets: MARGIN.assets.map((asset) => ({ ...asset, price: '4' })) };
  return [
    // Accepted where π_ζ and π_ωζ of a proof get one secret factor.
    incorrect('openings-that-cancel', AGGREGATE, both),
    incorrect('another-header', { ...AGGREGATE, snapshot: 'another' }, honest),
    incorrect('another-first', AGGREGATE, { ...honest, first: 1 }),
    incorrect('prices-altered', dearer, margin),
    incorrect('evaluation-altered', AGGREGATE, {
      ...honest,
      evaluations: { ...evaluations, multiplicity: evaluations.multiplicity ^ 1n },
    }),
    incorrect('shifted-evaluation-altered', AGGREGATE, {
      ...honest,
      evaluations: { ...evaluations, shifted: evaluations.shifted ^ 1n },
    }),
    incorrect('openings-swapped', AGGREGATE, {
      ...honest,
      openings: { ...openings, zeta: openings.omegaZeta, omegaZeta: openings.zeta },
    }),
    incorrect('opening-at-infinity', AGGREGATE, {
      ...honest,
      openings: { ...openings, zero: nothing(AGGREGATE).openings.zero },
    }),
    incorrect('quotient-chunks-swapped', AGGREGATE, {
      ...honest,
      commitments: { ...commitments, quotient: [...commitments.quotient].reverse() },
    }),
    incorrect('account-tree-replaced', AGGREGATE, { ...honest, accounts: [new Uint8Array(32)] }),
    incorrect('value-without-proof', AGGREGATE, {
      ...nothing(AGGREGATE),
      commitments: { ...nothing(AGGREGATE).commitments, limbs: commitments.limbs },
    }),
  ];
}

/** Tiers and pools: what a verifier with a flaw accepts. */
function haircuts(workshop: ForgersWorkshop): Vector[] {
  const layout = layoutOf(HAIRCUTS);
  const limb = (name: string) => layout.bases.find((base) => base.name === name)!.firstLimb;
  const [tier, room] = [limb('TIERED equity tier 0'), limb('room of TIERED equity tier 0')];
  const row = EMPTY_ROW;
  const last = layout.relations.length - 1;
  const netWith = (change: (base: number, honest: bigint) => bigint): Partial<Layout> => ({
    relations: layout.relations.map((relation, i) =>
      i < last
        ? relation
        : {
            ...relation,
            terms: layout.bases.flatMap((_, base) => {
              const honest = relation.terms.find((term) => term.base === base)?.coefficient ?? 0n;
              const coefficient = change(base, honest);
              return coefficient === 0n ? [] : [{ base, coefficient }];
            }),
          },
    ),
  });
  const named = (base: number) => layout.bases[base]!.name;
  const debtor = (amounts: bigint[], flaw: Partial<Layout>) =>
    workshop.forgeBatches(HAIRCUTS, toBatches([{ id: testKey('debtor'), amounts }]), {
      layout: { ...layout, ...flaw },
    }).proof;
  const forge = (cheat: Cheat) => workshop.prove(HAIRCUTS, cheat);
  return [
    incorrect(
      'part-above-its-width-negative-room',
      HAIRCUTS,
      forge({
        limbs: [
          { limb: tier, row, add: 701n },
          { limb: room, row, add: -701n },
        ],
      }),
    ),
    incorrect(
      'room-of-an-unused-row-left-at-0',
      HAIRCUTS,
      forge({ limbs: [{ limb: room, row, add: -700n }] }),
    ),
    incorrect(
      'room-not-solved-in-a-reserved-row',
      HAIRCUTS,
      forge({ limbs: [{ limb: room, row: 4081, add: 1n }] }),
    ),
    incorrect(
      'constants-left-out-of-relations',
      HAIRCUTS,
      debtor([0n, 0n, 0n, 0n, 0n, 0n, 0n], {
        relations: layout.relations.map((relation) => ({ ...relation, constant: 0n })),
      }),
    ),
    incorrect(
      'debts-not-times-100',
      HAIRCUTS,
      debtor(
        [1000n, 0n, 0n, 0n, 1500n, 0n, 0n],
        netWith((base, c) => (named(base).endsWith('debt') ? c / 100n : c)),
      ),
    ),
    incorrect(
      'free-equity-counted-as-collateral',
      HAIRCUTS,
      debtor(
        [0n, 100n, 0n, 0n, 0n, 50n, 0n],
        netWith((base, c) => (named(base) === 'POOLED free' ? -400n : c)),
      ),
    ),
    incorrect(
      'percentage-of-another-tier',
      HAIRCUTS,
      debtor(
        [0n, 0n, 1900n, 0n, 0n, 1600n, 0n],
        netWith((base, c) => (named(base) === 'POOLED margin tier 1' ? -400n : c)),
      ),
    ),
    incorrect(
      'published-value-unpaired',
      HAIRCUTS,
      forge({
        limbs: [
          { limb: tier, row: 4080, add: -9n },
          { limb: room, row: 4080, add: 9n },
          { limb: limb('net'), row: 4080, add: -9n * 95n * 3n },
        ],
        layout: { ...layout, paired: layout.paired.slice(1) },
      }),
    ),
  ];
}

/** Lines whose proofs hold, with sums that are not theirs. */
function summedFalsely(workshop: ForgersWorkshop, honest: BatchProof): Vector[] {
  const context = contextOf(AGGREGATE);
  const other = (gamma: bigint) => summed(honest, { ...context, gamma });
  const two = workshop.prove(AGGREGATE, {}, 2);
  const [a, b] = context.kzg.decodePoints(summed(two, context).sums);
  const cancelling = encodePoints([a!.add(G1_BASE), b!.subtract(G1_BASE)]);
  const pools = workshop.prove(HAIRCUTS, {});
  const without = (published: Layout['published']): SummedProof => {
    const layout = { ...layoutOf(HAIRCUTS), published };
    return { ...pools, sums: encodePoints([sumOf(layout, pools.commitments.limbs)]) };
  };
  const { published } = layoutOf(HAIRCUTS);
  return [
    incorrect('sum-under-another-gamma', AGGREGATE, other(TEST_GAMMA + 1n)),
    incorrect('sum-of-the-first-value-alone', AGGREGATE, other(0n)),
    incorrect('sum-infinity', AGGREGATE, {
      ...honest,
      sums: nothing(AGGREGATE).accounts.map(() => encodePoints([a!.subtract(a!)])[0]!),
    }),
    incorrect('sums-of-two-batches-swapped', AGGREGATE, { ...two, sums: encodePoints([b!, a!]) }),
    // Accepted where two sums get one secret factor.
    incorrect('sums-whose-errors-cancel', AGGREGATE, { ...two, sums: cancelling }),
    incorrect('sum-without-the-last-pool', HAIRCUTS, without(published.slice(0, -1))),
    incorrect(
      'sum-with-pools-permuted',
      HAIRCUTS,
      without([...published.slice(0, -2), published.at(-1)!, published.at(-2)!]),
    ),
  ];
}
