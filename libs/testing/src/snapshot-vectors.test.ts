import {
  hexBytes,
  nobleVerifier,
  OpeningChecks,
  SolventError,
  toBytes,
  toHex,
  utf8,
  type KzgVerifier,
} from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  addTotalsCheck,
  encodedSum,
  leafNode,
  manifestDigest,
  parseDecimal,
  parseInclusion,
  parseManifest,
  parseOperatorKey,
  siblingSides,
  sumsChallenge,
  SumTree,
  SumTreeBuilder,
  TOTAL_BOUND,
  treeRoot,
  verifyInclusion,
} from '@solvent/proof/verify';
import { globalVectors, type GlobalVectorInput } from './global-vectors';
import { inclusionVectors, type InclusionVectorInput } from './inclusion-vectors';
import { totalsVectors, treeVectors, type TotalsVectorInput, type TreeVectorInput } from './tree-vectors';
import { pinnedVectors, type Vector } from './vectors';
import { unhex, verifyFile } from './verify-file';

/** Vectors of what stands above one proof; every verifier runs all of them. */
type Run = (input: never, kzg: KzgVerifier) => object | Promise<object>;

function runTree(
  { headerDigest, leaves, batchCount, columns, root }: TreeVectorInput,
  kzg: KzgVerifier,
): object {
  const digest = unhex(headerDigest);
  const nodes = leaves.map(({ accounts, sum }, batch) =>
    leafNode(digest, batch, unhex(accounts), kzg.decodePoints([unhex(sum)])[0]!),
  );
  const tree = new SumTree(nodes);
  const builder = new SumTreeBuilder();
  for (const node of nodes) builder.push(node);
  expect(toHex(builder.top().hash)).toBe(toHex(tree.top.hash));
  if (toHex(treeRoot(digest, batchCount, unhex(columns), tree.top)) !== root || batchCount !== leaves.length)
    return { valid: false };
  const json = (node: SumTree['top']) => ({ hash: toHex(node.hash), sum: toHex(encodedSum(node)) });
  return {
    top: json(tree.top),
    paths: nodes.map((_, batch) =>
      tree.path(batch).map((node, i) => ({ side: siblingSides(batch, batchCount)[i], ...json(node) })),
    ),
  };
}

function runTotals(input: TotalsVectorInput, kzg: KzgVerifier): object {
  const values = input.totals.map((total) => {
    const value = parseDecimal(total, TOTAL_BOUND);
    if (value === undefined) throw new SolventError('TOTAL_MALFORMED', 'malformed', 'not a total');
    return value;
  });
  const [proof, sum] = kzg.decodePoints([input.opening, input.sum].map(unhex));
  const gamma = sumsChallenge(unhex(input.headerDigest), input.batchCount, unhex(input.columns), values);
  const checks = new OpeningChecks();
  addTotalsCheck(sum!, gamma, values, proof!, checks);
  return checks.holds(kzg) ? { gamma: toHex(toBytes(gamma)) } : { valid: false };
}

function runInclusion({ document, key, manifest }: InclusionVectorInput, kzg: KzgVerifier): object {
  const inclusion = parseInclusion(utf8(document));
  const trusted = {
    manifest: parseManifest(utf8(manifest)),
    ...(key === undefined ? {} : { key: hexBytes(key, 32) }),
  };
  const verdict = verifyInclusion(inclusion, trusted, kzg);
  if (!verdict.valid) return { valid: false, code: verdict.code };
  const { valid, keyChecked } = verdict;
  return { valid, keyChecked, values: inclusion.values.map(String) };
}

async function runGlobal({ file, operator }: GlobalVectorInput, kzg: KzgVerifier): Promise<object> {
  const verdict = await verifyFile(utf8(file), { kzg, operator: parseOperatorKey(operator) });
  if (!verdict.valid) return { valid: false, code: verdict.code };
  const { valid, proofs, manifest } = verdict;
  const { batchCount, totals } = manifest;
  return { valid, proofs, batchCount, totals, digest: toHex(manifestDigest(manifest)) };
}

const functions: [string, () => Promise<Vector[]>, Run][] = [
  ['tree', treeVectors, runTree],
  ['totals', totalsVectors, runTotals],
  ['inclusion', inclusionVectors, runInclusion],
  ['global', globalVectors, runGlobal],
];

describe.each(functions)('%s', (name, make, run) => {
  let vectors: Vector[];
  beforeAll(async () => {
    vectors = pinnedVectors(name, await make());
  });

  test('there are vectors of every kind', () => {
    for (const kind of ['correct', 'incorrect', 'malformed'])
      expect(vectors.filter((vector) => vector.kind === kind).length).toBeGreaterThanOrEqual(3);
  });

  test.each([nativeVerifier(), nobleVerifier()])('$name: every vector', async (kzg) => {
    const outcomes: unknown[] = [];
    for (const { kind, name: vector, input, expected } of vectors)
      try {
        outcomes.push([kind, vector, await run(input as never, kzg)]);
      } catch (error) {
        const { code, kind: failure, details } = error as SolventError;
        const named = typeof expected === 'object' && expected !== null && 'details' in expected;
        outcomes.push([failure, vector, { code, ...(named ? { details } : {}) }]);
      }
    expect(outcomes).toEqual(vectors.map(({ kind, name: vector, expected }) => [kind, vector, expected]));
  });
});
