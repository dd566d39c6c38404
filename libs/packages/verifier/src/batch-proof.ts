import { fromBytes, hexBytes, R, SCALAR_BYTES, toBytes, toHex } from '@solvent-por/kzg';
import { HASH_BYTES } from './account-tree';
import { DocumentReader } from './document';
import { GROUP_SIZE, QUOTIENT_CHUNKS, type Layout } from './layout';
import { MAX_BATCHES } from './manifest';

/** One value per column of a proof, in the lists of section 7. */
export interface ProofColumns<T> {
  readonly limbs: readonly T[];
  readonly multiplicity: T;
  readonly helpers: readonly T[];
  readonly table: T;
}

/** A proof of k consecutive batches (section 7): all that is known before the snapshot's γ is drawn. */
export interface BatchProof {
  /** Index of the first batch. */
  readonly first: number;
  /** Roots of the k batches' account trees: 32 bytes each. */
  readonly accounts: readonly Uint8Array[];
  /** 48-byte compressed points, not yet checked to be on the curve. */
  readonly commitments: ProofColumns<Uint8Array> & { readonly quotient: readonly Uint8Array[] };
  /** Values at ζ, and `shifted` = W(ωζ); field elements below r. */
  readonly evaluations: ProofColumns<bigint> & { readonly shifted: bigint };
  /** 48-byte compressed points. */
  readonly openings: { readonly zeta: Uint8Array; readonly omegaZeta: Uint8Array; readonly zero: Uint8Array };
}

/**
 * What one line of the global proof file holds (section 11): a proof, and the sums of its batches under the
 * snapshot's γ.
 */
export interface SummedProof extends BatchProof {
  /** sum_b of the k batches: 48-byte compressed points. */
  readonly sums: readonly Uint8Array[];
}

/** NG: helper columns of a proof of k batches. */
export function helperCount(layout: Layout, k: number): number {
  return Math.ceil((k * layout.limbs) / GROUP_SIZE);
}

/** Bytes of the line of a proof of k batches, its sums included, without its LF. */
export function proofLineBytes(layout: Layout, k: number, first: number): number {
  const point = 2 + 2 + 96;
  const scalar = 2 + 2 + 64;
  const list = (item: number, count: number) => 2 + item * count + Math.max(0, count - 1);
  const [limbs, helpers] = [k * layout.limbs, helperCount(layout, k)];
  const keys = (...names: string[]) => names.reduce((sum, name) => sum + name.length + 3, names.length + 1);
  return (
    keys('accounts', 'commitments', 'evaluations', 'first', 'openings', 'sums') +
    list(scalar, k) +
    keys('helpers', 'limbs', 'multiplicity', 'quotient', 'table') +
    (list(point, helpers) + list(point, limbs) + point + list(point, QUOTIENT_CHUNKS) + point) +
    keys('helpers', 'limbs', 'multiplicity', 'shifted', 'table') +
    (list(scalar, helpers) + list(scalar, limbs) + scalar + scalar + scalar) +
    String(first).length +
    keys('omegaZeta', 'zero', 'zeta') +
    3 * point +
    list(point, k)
  );
}

/**
 * The longest line that may come after the batches before `first`, without its LF (section 11): a line of the
 * largest k, even where fewer batches are left. A longer one is refused before it is read to its end.
 */
export function maxProofLineBytes(layout: Layout, first = MAX_BATCHES - 1): number {
  return proofLineBytes(layout, layout.maxBatches, first);
}

/** The JSON form of a proof; the canonical form of a summed one is its line. */
export function proofToJson(proof: BatchProof | SummedProof): object {
  const { first, accounts, commitments, evaluations, openings } = proof;
  const scalar = (x: bigint) => toHex(toBytes(x));
  return {
    first,
    accounts: accounts.map(toHex),
    commitments: { ...mapColumns(commitments, toHex), quotient: commitments.quotient.map(toHex) },
    evaluations: { ...mapColumns(evaluations, scalar), shifted: scalar(evaluations.shifted) },
    openings: {
      zeta: toHex(openings.zeta),
      omegaZeta: toHex(openings.omegaZeta),
      zero: toHex(openings.zero),
    },
    ...('sums' in proof ? { sums: proof.sums.map(toHex) } : {}),
  };
}

/**
 * Reads a line's JSON value (section 11). Lengths of lists, the form of every member and the range of every
 * scalar are checked here;
 * points are decoded by the verifier.
 * @throws SolventError PROOF_MALFORMED
 */
export function parseProof(value: unknown, layout: Layout): SummedProof {
  const members = read.object(value, 'proof', [...MEMBERS, 'sums']);
  const proof = parseMembers(members, layout);
  return { ...proof, sums: list(members.sums, 'sums', proof.accounts.length, point) };
}

/**
 * The same for a proof whose sums are not made yet, as its prover keeps it.
 * @throws SolventError PROOF_MALFORMED
 */
export function parseUnsummedProof(value: unknown, layout: Layout): BatchProof {
  return parseMembers(read.object(value, 'proof', MEMBERS), layout);
}

function parseMembers(
  { first, accounts, commitments, evaluations, openings }: Record<(typeof MEMBERS)[number], unknown>,
  layout: Layout,
): BatchProof {
  const points = read.object(commitments, 'commitments', [...COLUMNS, 'quotient']);
  const scalars = read.object(evaluations, 'evaluations', [...COLUMNS, 'shifted']);
  const proofs = read.object(openings, 'openings', ['omegaZeta', 'zero', 'zeta']);
  const k = read.array(accounts, 'accounts', 1, layout.maxBatches).length;
  const lists = { limbs: k * layout.limbs, helpers: helperCount(layout, k) };
  return {
    first: read.integer(first, 'first', 0, MAX_BATCHES - 1),
    accounts: list(accounts, 'accounts', k, hash),
    commitments: {
      ...columns(points, 'commitments', lists, point),
      quotient: list(points.quotient, 'commitments.quotient', QUOTIENT_CHUNKS, point),
    },
    evaluations: {
      ...columns(scalars, 'evaluations', lists, scalar),
      shifted: scalar(scalars.shifted, 'evaluations.shifted'),
    },
    openings: {
      zeta: point(proofs.zeta, 'openings.zeta'),
      omegaZeta: point(proofs.omegaZeta, 'openings.omegaZeta'),
      zero: point(proofs.zero, 'openings.zero'),
    },
  };
}

const read = new DocumentReader('PROOF_MALFORMED');
const MEMBERS = ['first', 'accounts', 'commitments', 'evaluations', 'openings'] as const;
const COLUMNS = ['helpers', 'limbs', 'multiplicity', 'table'] as const;

type Read<T> = (value: unknown, path: string) => T;

function columns<T>(
  value: Record<string, unknown>,
  path: string,
  lengths: { limbs: number; helpers: number },
  item: Read<T>,
): ProofColumns<T> {
  return {
    limbs: list(value.limbs, `${path}.limbs`, lengths.limbs, item),
    multiplicity: item(value.multiplicity, `${path}.multiplicity`),
    helpers: list(value.helpers, `${path}.helpers`, lengths.helpers, item),
    table: item(value.table, `${path}.table`),
  };
}

function mapColumns<S, T>(from: ProofColumns<S>, f: (value: S) => T): ProofColumns<T> {
  const { limbs, multiplicity, helpers, table } = from;
  return {
    limbs: limbs.map(f),
    multiplicity: f(multiplicity),
    helpers: helpers.map(f),
    table: f(table),
  };
}

function list<T>(value: unknown, path: string, length: number, item: Read<T>): T[] {
  return read.array(value, path, length, length).map((x, i) => item(x, `${path}[${i}]`));
}

function hash(value: unknown, path: string): Uint8Array {
  return hexBytes(read.hex(value, path, HASH_BYTES), HASH_BYTES);
}

function point(value: unknown, path: string): Uint8Array {
  return hexBytes(read.hex(value, path, 48), 48);
}

function scalar(value: unknown, path: string): bigint {
  const x = fromBytes(hexBytes(read.hex(value, path, SCALAR_BYTES), SCALAR_BYTES));
  return x < R ? x : read.fail(path, 'is not below the field order');
}
