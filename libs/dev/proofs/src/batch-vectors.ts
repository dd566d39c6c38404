import { concat, encodePoints, mod, R, rowPoint, ROWS, toHex, u32be } from '@solvent-por/kzg';
import { headerDigest, layoutOf, type BatchProof, type Header } from '@solvent-por/verifier';
import { createHash } from 'node:crypto';
import { AGGREGATE, GAMMA, HAIRCUTS, incorrect, inputOf, MARGIN, nothing, sumOf } from './batch-vector-parts';
import {
  cancellingMove,
  claimedOpenings,
  contextOf,
  EMPTY_ROW,
  Forger,
  hide,
  lyingAboutW,
  moveOpening,
  specifiedPowers,
  summed,
  type Cheat,
  type Powers,
} from './cheating';
import { haircuts, pools, summedFalsely } from './flawed-layout-vectors';
import { malformedLines } from './malformed-lines';
import { testAccounts, testHeader, toBatches } from './snapshots';
import type { Vector } from './vectors';

const [debt, net] = layoutOf(AGGREGATE).bases.map(({ firstLimb }) => firstLimb) as [number, number];
const [equity, owed, worth] = layoutOf(MARGIN).bases.map(({ firstLimb }) => firstLimb) as [
  number,
  number,
  number,
];
const PER_BATCH = layoutOf(AGGREGATE).limbs;

/**
 * The vectors of test-vectors/batch: lines of honest provers, of cheating ones, and what is no line.
 * Takes some 20 seconds: every correct line and every forgery is a real proof.
 */
export async function batchVectors(): Promise<Vector[]> {
  const forger = await Forger.open();
  const honest = forger.prove(AGGREGATE, {});
  return [
    ...correct(forger, honest),
    ...forged(forger),
    ...altered(forger, honest),
    ...haircuts(forger),
    ...pools(forger),
    ...summedFalsely(forger, honest),
    ...malformedLines(AGGREGATE, summed(honest, contextOf(AGGREGATE)), GAMMA),
  ];
}

function correct(forger: Forger, honest: BatchProof): Vector[] {
  const make = (name: string, header: Header, proof: BatchProof): Vector => ({
    kind: 'correct',
    name,
    input: inputOf(header, proof),
    expected: { valid: true, first: proof.first, batches: batchesOf(header, proof) },
  });
  const prove = (header: Header, count: number, k: number, first: number) =>
    forger.forgeBatches(
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
    make('quotient-cut-elsewhere', AGGREGATE, forger.prove(AGGREGATE, cut)),
    make(
      'multiplicities-where-nobody-looks',
      AGGREGATE,
      forger.prove(AGGREGATE, { multiplicity: unchecked }),
    ),
  ];
}

/**
 * Digests and leaves as section 8 has them, derived by multi-scalar multiplications and node:crypto: not the
 * way the verifier takes.
 */
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

/** Proofs by cheating provers; which claim is false of each is in libs/packages/prover/src/attacks. */
function forged(forger: Forger): Vector[] {
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
      incorrect(name, header, forger.prove(header, cheat, k));
  return [...aggregate.map(make(AGGREGATE)), ...margin.map(make(MARGIN))];
}

/** Proofs altered after proving. */
function altered(forger: Forger, honest: BatchProof): Vector[] {
  const lying = forger.forge(AGGREGATE, { limbs: [{ limb: net, row: 4080, add: -1000n }] });
  const move = cancellingMove(lying, claimedOpenings(lying.proof, lying.context)[1]!.point);
  const both = moveOpening(
    moveOpening(lying.proof, 'zeta', move, lying.context),
    'omegaZeta',
    -move,
    lying.context,
  );
  const { commitments, evaluations, openings } = honest;
  const margin = forger.prove(MARGIN, {});
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
