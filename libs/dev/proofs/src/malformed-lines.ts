import { encodePoints, fromBytes, hexBytes, G1_BASE, R, toBytes, toHex } from '@solvent-por/kzg';
import { canonicalJson, layoutOf, proofToJson, type Header, type SummedProof } from '@solvent-por/verifier';
import type { Vector } from './vectors';
import { BAD_POINTS } from './verify-file';

type Columns<Q> = {
  limbs: string[];
  multiplicity: string;
  helpers: string[];
  table: string;
} & Q;
interface Line {
  first: unknown;
  accounts: string[];
  sums: string[];
  commitments: Columns<{ quotient: string[] }>;
  evaluations: Columns<{ shifted: string }>;
  openings: { zeta: string; omegaZeta: string; zero: string };
}

const P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;

/** A point of the subgroup with p added to its x: a decoder that reduces takes it for the point. */
export function unreducedPoint(): Uint8Array {
  for (let point = G1_BASE; ; point = point.add(G1_BASE)) {
    const [encoded] = encodePoints([point]);
    const flags = encoded![0]! & 0xe0;
    const x = fromBytes(Uint8Array.from(encoded!, (byte, i) => (i === 0 ? byte ^ flags : byte)));
    // Most x are too large for it: 381 bits must hold the sum.
    if (x + P >= 1n << 381n) continue;
    const bytes = toBytes(x + P, 48);
    bytes[0]! |= flags;
    return bytes;
  }
}

/** Vectors of test-vectors/batch that are no line of a proof: of its form, its scalars, its points. */
export function malformedLines(header: Header, proof: SummedProof, gamma: string): Vector[] {
  const text = canonicalJson(proofToJson(proof));
  const vector = (name: string, line: string, expected: object): Vector => ({
    kind: 'malformed',
    name,
    input: { header, line, gamma },
    expected,
  });
  const changed = (change: (line: Line) => void): string => {
    const line = JSON.parse(text) as Line;
    change(line);
    return canonicalJson(line);
  };
  const member = (name: string, path: string, change: (line: Line) => void) =>
    vector(name, changed(change), { code: 'PROOF_MALFORMED', details: { member: path } });
  const point = (name: string, index: number, change: (line: Line) => void) =>
    vector(name, changed(change), { code: 'POINT_MALFORMED', details: { index } });

  const { limbs } = layoutOf(header);
  const helpers = proof.commitments.helpers.length;
  const order = toHex(toBytes(R));
  const unreduced = (hex: string) => toHex(toBytes(fromBytes(hexBytes(hex, 32)) + R));
  const bad = (what: keyof typeof BAD_POINTS) => toHex(BAD_POINTS[what]!);
  return [
    vector('not-json', text.slice(0, -1), { code: 'DOCUMENT_MALFORMED' }),
    vector('final-line-break', `${text}\n`, { code: 'DOCUMENT_NOT_CANONICAL' }),
    vector('space', text.replace(':', ': '), { code: 'DOCUMENT_NOT_CANONICAL' }),
    vector('doubled-member', text.replace('"first":0', '"first":0,"first":0'), {
      code: 'DOCUMENT_NOT_CANONICAL',
    }),
    vector('first-with-fraction', text.replace('"first":0', '"first":0.0'), {
      code: 'DOCUMENT_NOT_CANONICAL',
    }),
    vector('null', 'null', { code: 'PROOF_MALFORMED', details: { member: 'proof' } }),
    member('unknown-member', 'proof', (line) => Object.assign(line, { k: 1 })),
    member('unknown-commitment', 'commitments', (line) => Object.assign(line.commitments, { tags: [] })),
    member('no-openings', 'proof.openings', (line) => Reflect.deleteProperty(line, 'openings')),
    member('first-negative', 'first', (line) => (line.first = -1)),
    member('first-65536', 'first', (line) => (line.first = 65_536)),
    member('first-as-text', 'first', (line) => (line.first = '0')),
    member('no-batch', 'accounts', (line) => (line.accounts = [])),
    member('no-sums', 'proof.sums', (line) => Reflect.deleteProperty(line, 'sums')),
    member('sum-missing', 'sums', (line) => line.sums.pop()),
    member('sum-too-many', 'sums', (line) => line.sums.push(line.sums[0]!)),
    member('old-form-with-tags', 'proof', (line) => Object.assign(line, { tags: line.accounts })),
    member('limb-missing', 'commitments.limbs', (line) => line.commitments.limbs.pop()),
    member('limb-too-many', 'commitments.limbs', (line) =>
      line.commitments.limbs.push(line.commitments.table),
    ),
    member('limb-value-too-many', 'evaluations.limbs', (line) =>
      line.evaluations.limbs.push(line.evaluations.table),
    ),
    member('batch-without-limbs', 'commitments.limbs', (line) => line.accounts.push(line.accounts[0]!)),
    member(
      'account-tree-of-31-bytes',
      'accounts[0]',
      (line) => (line.accounts[0] = line.accounts[0]!.slice(0, -2)),
    ),
    member(
      'account-tree-in-upper-case',
      'accounts[0]',
      (line) => (line.accounts[0] = `0x${line.accounts[0]!.slice(2).toUpperCase()}`),
    ),
    member('helper-too-many', 'commitments.helpers', (line) =>
      line.commitments.helpers.push(line.commitments.table),
    ),
    member('five-quotient-chunks', 'commitments.quotient', (line) =>
      line.commitments.quotient.push(line.commitments.table),
    ),
    member(
      'point-of-47-bytes',
      'openings.zero',
      (line) => (line.openings.zero = line.openings.zero.slice(0, -2)),
    ),
    member(
      'point-in-upper-case',
      'openings.zeta',
      (line) => (line.openings.zeta = `0x${line.openings.zeta.slice(2).toUpperCase()}`),
    ),
    member(
      'scalar-is-the-order',
      'evaluations.multiplicity',
      (line) => (line.evaluations.multiplicity = order),
    ),
    member(
      'multiplicity-value-unreduced',
      'evaluations.multiplicity',
      (line) => (line.evaluations.multiplicity = unreduced(line.evaluations.multiplicity)),
    ),
    member(
      'limb-value-unreduced',
      'evaluations.limbs[1]',
      (line) => (line.evaluations.limbs[1] = unreduced(line.evaluations.limbs[1]!)),
    ),
    member(
      'helper-value-unreduced',
      'evaluations.helpers[0]',
      (line) => (line.evaluations.helpers[0] = unreduced(line.evaluations.helpers[0]!)),
    ),
    member(
      'table-value-unreduced',
      'evaluations.table',
      (line) => (line.evaluations.table = unreduced(line.evaluations.table)),
    ),
    member(
      'shifted-value-unreduced',
      'evaluations.shifted',
      (line) => (line.evaluations.shifted = unreduced(line.evaluations.shifted)),
    ),
    point('sum-not-in-subgroup', 0, (line) => (line.sums[0] = bad('not in the subgroup'))),
    point('sum-not-on-curve', 0, (line) => (line.sums[0] = bad('not on the curve'))),
    point('limb-not-on-curve', 0, (line) => (line.commitments.limbs[0] = bad('not on the curve'))),
    point(
      'multiplicity-not-canonical',
      limbs,
      (line) => (line.commitments.multiplicity = bad('not canonical')),
    ),
    point(
      'table-x-not-reduced',
      1 + limbs + helpers,
      (line) => (line.commitments.table = toHex(unreducedPoint())),
    ),
    point(
      'helper-not-in-subgroup',
      1 + limbs,
      (line) => (line.commitments.helpers[0] = bad('not in the subgroup')),
    ),
    point(
      'table-infinity-with-a-bit-set',
      1 + limbs + helpers,
      (line) => (line.commitments.table = bad('infinity with a bit set')),
    ),
    point(
      'quotient-not-on-curve',
      2 + limbs + helpers,
      (line) => (line.commitments.quotient[0] = bad('not on the curve')),
    ),
    point(
      'opening-not-in-subgroup',
      6 + limbs + helpers,
      (line) => (line.openings.zeta = bad('not in the subgroup')),
    ),
    point(
      'shifted-opening-uncompressed',
      7 + limbs + helpers,
      (line) => (line.openings.omegaZeta = `0x1${line.openings.omegaZeta.slice(3)}`),
    ),
    point(
      'zero-opening-not-in-subgroup',
      8 + limbs + helpers,
      (line) => (line.openings.zero = bad('not in the subgroup')),
    ),
  ];
}
