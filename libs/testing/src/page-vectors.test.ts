import type { SolventError } from '@solvent/algebra';
import { encodePoints, nobleVerifier, toBytes, toHex, type KzgVerifier } from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import { cellBlinding, subcellBlinding } from '@solvent/proof/prove';
import {
  accountId,
  accountKey,
  accountLeaf,
  batchDigest,
  climbAccounts,
  ColumnsDigest,
  headerDigest,
  layoutOf,
  parseHeader,
  sumsChallenge,
  sumWeights,
} from '@solvent/proof/verify';
import { accountVectors, type AccountVectorInput } from './account-vectors';
import { blindingVectors, type BlindingVectorInput } from './blinding-vectors';
import { layoutVectors, type LayoutVectorInput } from './layout-vectors';
import { sumsVectors, type SumsVectorInput } from './sums-vectors';
import { pinnedVectors, type Vector } from './vectors';
import { unhex } from './verify-file';

/** Vectors of single steps of the page, each made by a second implementation; an incorrect one is what a careless implementation gets. */
type Run = (input: never, kzg: KzgVerifier) => object;

function runAccount(input: AccountVectorInput): object {
  const key = accountKey(unhex(input.operator), input.identifier);
  const id = accountId(unhex(input.headerDigest), key);
  const leaf = accountLeaf(id, unhex(input.salt), input.values.map(BigInt));
  const accounts = climbAccounts(leaf, input.accountPath.map(unhex), input.row);
  return { key: toHex(key), id: toHex(id), leaf: toHex(leaf), accounts: toHex(accounts) };
}

function runBlinding({ openingSeed, gamma, cells, subcells }: BlindingVectorInput): object {
  const hex = (draw: typeof cellBlinding) => (c: number) =>
    toHex(toBytes(draw(unhex(openingSeed), BigInt(gamma), c)));
  return { s: cells.map(hex(cellBlinding)), u: subcells.map(hex(subcellBlinding)) };
}

function runLayout({ header }: LayoutVectorInput): object {
  const layout = layoutOf(parseHeader(header));
  const { limbs, maxBatches, paired } = layout;
  return {
    limbs,
    maxBatches,
    bases: layout.bases.map((base) => base.limbs),
    paired,
    published: layout.published.map(({ form }) => form.terms.map(({ base }) => base)),
    relations: layout.relations.map(({ terms, constant }) => ({
      terms: terms.map(({ base, coefficient }) => [base, String(coefficient)]),
      constant: String(constant),
    })),
  };
}

function runSums({ header: json, batches, totals }: SumsVectorInput, kzg: KzgVerifier): object {
  const header = parseHeader(json);
  const digest = headerDigest(header);
  const columns = new ColumnsDigest(digest);
  for (const { accounts, limbs } of batches) columns.push(batchDigest(unhex(accounts), limbs.map(unhex)));
  const columnsDigest = columns.digest();
  const gamma = sumsChallenge(digest, batches.length, columnsDigest, totals.map(BigInt));
  const weights = sumWeights(layoutOf(header), gamma);
  const sums = batches.map(({ limbs }) => kzg.multiScalar(kzg.decodePoints(limbs.map(unhex)), weights));
  return { columns: toHex(columnsDigest), gamma: toHex(toBytes(gamma)), sums: encodePoints(sums).map(toHex) };
}

const functions: [string, () => Vector[] | Promise<Vector[]>, Run][] = [
  ['account', accountVectors, runAccount],
  ['blinding', blindingVectors, runBlinding],
  ['layout', layoutVectors, runLayout],
  ['sums', sumsVectors, runSums],
];

describe.each(functions)('%s', (name, make, run) => {
  let vectors: Vector[];
  beforeAll(async () => {
    vectors = pinnedVectors(name, await make());
  });

  test('there are correct vectors and others', () => {
    expect(vectors.filter(({ kind }) => kind === 'correct').length).toBeGreaterThanOrEqual(3);
    expect(vectors.filter(({ kind }) => kind !== 'correct').length).toBeGreaterThanOrEqual(8);
  });

  test.each([nativeVerifier(), nobleVerifier()])('$name: every vector', (kzg) => {
    for (const { kind, name: vector, input, expected } of vectors) {
      const result = () => run(input as never, kzg);
      if (kind === 'correct') expect([vector, result()]).toEqual([vector, expected]);
      else if (kind === 'malformed') expect([vector, failureOf(result)]).toEqual([vector, expected]);
      else {
        const { claimed } = input as { claimed: object };
        expect([vector, claimed]).not.toEqual([vector, result()]);
      }
    }
  });
});

/** Code and, where a member is named, details of what was thrown. */
function failureOf(work: () => object): object {
  try {
    return work();
  } catch (error) {
    const { code, kind, details } = error as SolventError;
    expect(['malformed', 'invalid']).toContain(kind);
    return { code, ...('member' in details ? { details } : {}) };
  }
}
