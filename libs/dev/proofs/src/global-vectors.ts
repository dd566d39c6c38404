import { toBytes, toHex, u32be } from '@solvent-por/kzg';
import { operatorKeyOf } from '@solvent-por/prover';
import { manifestDigest, proofLine, proofToJson, Transcript, unsummedBytes } from '@solvent-por/verifier';
import type { ProvedLine, SnapshotSteps } from './small-snapshot';
import { documentOf } from './snapshot-builder';
import { TEST_KEYS, testKey } from './snapshots';
import { vectorSnapshots } from './vector-snapshots';
import type { Vector } from './vectors';

/** Input of a `global` vector: the whole file as text, and the key that the auditor expects. */
export interface GlobalVectorInput {
  readonly file: string;
  readonly operator: string;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const operator = toHex(operatorKeyOf(TEST_KEYS.signing));

export async function globalVectors(): Promise<Vector[]> {
  const { spot, aggregate, margin, haircuts } = await vectorSnapshots();
  const { builder, snapshot, pair } = spot;
  const [a, b, c] = spot.lines as [ProvedLine, ProvedLine, ProvedLine];
  const under = (line: ProvedLine, first: number): ProvedLine => ({
    ...line,
    proof: { ...line.proof, first },
  });

  const correct = [
    ['spot', builder.finalise([a, b, c]), 3],
    ['spot-two-batches-in-one-proof', builder.finalise([pair, c]), 2],
    ['aggregate', aggregate.snapshot, 2],
    ['margin', margin.snapshot, 1],
    ['tiers-and-pools', haircuts.snapshot, 2],
  ] as const;
  const made = correct.map(([name, { file, manifest, totals }, proofs]): Vector => ({
    kind: 'correct',
    name,
    input: { file: text(file), operator },
    expected: {
      valid: true,
      proofs,
      batchCount: manifest.batchCount,
      totals: totals.map(String),
      digest: toHex(manifestDigest(manifest)),
    },
  }));

  const wrong = (
    name: string,
    code: string,
    lines: readonly ProvedLine[],
    steps: SnapshotSteps = {},
    by = builder,
  ): Vector => ({
    kind: 'incorrect',
    name,
    input: { file: text(by.finalise(lines, steps).file), operator },
    expected: { valid: false, code },
  });
  const off = (by: bigint): SnapshotSteps => {
    const { totals } = builder.finalise([a, b]);
    const stored = [a, b].flatMap((line) => line.stored);
    const forged = totals.map((total) => total + by);
    return {
      totals: () => forged,
      totalsOpening: (_, gamma) => builder.openTotals(stored, gamma, forged, totals),
    };
  };
  const [c2, d2] = aggregate.lines as [ProvedLine, ProvedLine];
  /** γ of the aggregate snapshot without one of the things that it must depend on. */
  const without = (left: string): bigint => {
    const { columns, totals } = aggregate.snapshot;
    const transcript = new Transcript('sums');
    const absorb = (label: string, ...data: Uint8Array[]) => {
      if (label !== left) transcript.absorb(label, ...data);
    };
    absorb('header', aggregate.builder.digest);
    absorb('batches', u32be(2));
    absorb('columns', columns);
    absorb('totals', ...totals.map((total) => toBytes(total)));
    return transcript.challenge('gamma');
  };
  const incorrect = [
    wrong('total-one-more', 'GLOBAL_TOTALS', [a, b], off(1n)),
    wrong('total-one-less', 'GLOBAL_TOTALS', [a, b], off(-1n)),
    wrong('batch-left-out-of-the-totals', 'GLOBAL_TOTALS', [a, b], { summed: ([first]) => [first!] }),
    wrong('batch-dropped', 'GLOBAL_ORDER', [a, c]),
    wrong('batch-dropped-and-the-next-renumbered', 'PROOF_INVALID', [a, under(c, 1)]),
    wrong('batch-doubled', 'GLOBAL_ORDER', [a, a]),
    wrong('batch-doubled-and-renumbered', 'PROOF_INVALID', [a, under(a, 1)]),
    wrong('lines-swapped', 'GLOBAL_ORDER', [b, a]),
    wrong('lines-swapped-and-renumbered', 'PROOF_INVALID', [under(b, 0), under(a, 1)]),
    wrong('lines-overlap', 'GLOBAL_ORDER', [pair, b, c]),
    wrong('lines-leave-a-gap', 'GLOBAL_ORDER', [b, c]),
    wrong('more-batches-than-the-manifest-says', 'GLOBAL_ORDER', [a, b], { batchCount: () => 1 }),
    wrong('leaves-swapped-in-the-tree', 'GLOBAL_ROOT', [a, b], { leaves: ([x, y]) => [y!, x!] }),
    wrong('foreign-leaf-in-the-tree', 'GLOBAL_ROOT', [a, b], {
      leaves: ([x]) => [x!, spot.snapshot.leaves[2]!],
    }),
    wrong('negative-leaf-in-the-tree', 'GLOBAL_ROOT', [a, b], {
      leaves: ([x, y]) => [x!, { ...y!, sum: y!.sum.negate() }],
    }),
    wrong('account-trees-exchanged-in-the-tree', 'GLOBAL_ROOT', [a, b], {
      leaves: ([x, y]) => [
        { ...x!, accounts: y!.accounts },
        { ...y!, accounts: x!.accounts },
      ],
    }),
    wrong('columns-of-other-batches', 'GLOBAL_COLUMNS', [a, b], {
      columns: () => builder.columnsOf(a.proof, c.proof),
    }),
    wrong('columns-in-another-order', 'GLOBAL_COLUMNS', [a, b], {
      columns: () => builder.columnsOf(b.proof, a.proof),
    }),
    wrong('columns-of-fewer-batches', 'GLOBAL_COLUMNS', [a, b], {
      columns: () => builder.columnsOf(a.proof),
    }),
    wrong('sums-swapped', 'PROOF_INVALID', [a, b], { sums: ([x, y]) => [y!, x!] }),
    wrong('sums-negated', 'PROOF_INVALID', [a, b], { sums: (sums) => sums.map((sum) => sum.negate()) }),
    wrong('sums-whose-errors-cancel', 'PROOF_INVALID', [a, b], {
      sums: ([x, y]) => [x!.add(y!), y!.subtract(y!)],
    }),
    ...['header', 'batches', 'columns', 'totals'].map((left) =>
      wrong(
        `gamma-drawn-without-${left}`,
        'PROOF_INVALID',
        [c2, d2],
        { gamma: () => without(left) },
        aggregate.builder,
      ),
    ),
    wrong(
      'gamma-drawn-before-the-totals-were-changed',
      'PROOF_INVALID',
      [c2, d2],
      {
        gamma: () => aggregate.snapshot.gamma,
        totals: ([equity, debt]) => [equity! + 1n, debt!],
      },
      aggregate.builder,
    ),
    wrong(
      'account-tree-changed-after-gamma',
      'PROOF_INVALID',
      [{ ...a, proof: { ...a.proof, accounts: b.proof.accounts } }, b],
      { columns: () => builder.columnsOf(a.proof, b.proof) },
    ),
    wrong('signature-of-another-key', 'SIGNATURE_INVALID', [a, b], { signing: testKey('somebody') }),
    {
      kind: 'incorrect' as const,
      name: 'another-operator-expected',
      input: { file: text(snapshot.file), operator: toHex(operatorKeyOf(testKey('somebody'))) },
      expected: { valid: false, code: 'OPERATOR_UNEXPECTED' },
    },
  ];

  const bad = (name: string, code: string, file: string): Vector => ({
    kind: 'malformed',
    name,
    input: { file, operator },
    expected: { code },
  });
  const [head, first, second] = [
    text(builder.finalise([a, b]).document),
    ...builder.finalise([a, b]).summed.map((proof) => text(proofLine(proof))),
  ] as [string, string, string];
  const join = (...lines: string[]) => lines.map((line) => `${line}\n`).join('');
  const whole = join(head, first, second);
  const extra = text(documentOf({ ...proofToJson(builder.finalise([a, b]).summed[0]!), note: 'x' }));
  const malformed = [
    bad('empty', 'FILE_CUT_OFF', ''),
    bad('cut-off-in-the-manifest', 'FILE_CUT_OFF', whole.slice(0, 100)),
    bad('cut-off-after-the-manifest', 'FILE_CUT_OFF', join(head)),
    bad('cut-off-in-a-proof', 'FILE_CUT_OFF', whole.slice(0, -100)),
    bad('cut-off-after-a-proof', 'FILE_CUT_OFF', join(head, first)),
    bad('no-final-line-feed', 'FILE_CUT_OFF', whole.slice(0, -1)),
    bad('trailing-space', 'FILE_CUT_OFF', `${whole} `),
    bad('empty-line-at-the-end', 'DOCUMENT_MALFORMED', `${whole}\n`),
    bad('empty-line-in-the-middle', 'DOCUMENT_MALFORMED', join(head, first, '', second)),
    bad('crlf', 'DOCUMENT_NOT_CANONICAL', whole.replaceAll('\n', '\r\n')),
    bad('crlf-after-a-proof', 'DOCUMENT_NOT_CANONICAL', join(head, `${first}\r`, second)),
    bad('byte-order-mark', 'DOCUMENT_MALFORMED', `\ufeff${whole}`),
    bad('unknown-member-of-a-proof', 'PROOF_MALFORMED', join(head, extra, second)),
    bad('space-in-a-proof', 'DOCUMENT_NOT_CANONICAL', join(head, first.replace(':', ': '), second)),
    bad('line-without-sums', 'PROOF_MALFORMED', join(head, text(unsummedBytes(a.proof)), second)),
    bad('manifest-twice', 'PROOF_MALFORMED', join(head, head, first, second)),
    bad('no-manifest', 'MANIFEST_MALFORMED', join(first, second)),
    bad('more-lines-than-batches', 'PROOF_MALFORMED', join(head, first, second, '{}')),
    bad('longest-manifest-exceeded', 'LINE_TOO_LONG', join('x'.repeat(262_145))),
  ];
  return [...made, ...incorrect, ...malformed];
}
