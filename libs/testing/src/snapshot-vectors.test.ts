import {
  encodePoints,
  hexBytes,
  nobleVerifier,
  OpeningChecks,
  SolventError,
  toHex,
  utf8,
  type KzgVerifier,
} from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  addTotalsCheck,
  leafNode,
  manifestDigest,
  parseDecimal,
  parseInclusion,
  parseManifest,
  parseOperatorKey,
  siblingSides,
  SumTree,
  SumTreeBuilder,
  TOTAL_BOUND,
  totalsChallenge,
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

function runTree({ headerDigest, leaves, batchCount, root }: TreeVectorInput, kzg: KzgVerifier): object {
  const digest = unhex(headerDigest);
  const nodes = leaves.map(({ tag, sums }, batch) =>
    leafNode(digest, batch, unhex(tag), kzg.decodePoints(sums.map(unhex))),
  );
  const tree = new SumTree(nodes);
  const builder = new SumTreeBuilder();
  for (const node of nodes) builder.push(node);
  expect(toHex(builder.top().hash)).toBe(toHex(tree.top.hash));
  if (toHex(treeRoot(digest, batchCount, tree.top)) !== root || batchCount !== leaves.length)
    return { valid: false };
  const json = ({ hash, sums }: SumTree['top']) => ({
    hash: toHex(hash),
    sums: encodePoints(sums).map(toHex),
  });
  return {
    top: json(tree.top),
    paths: nodes.map((_, batch) =>
      tree.path(batch).map((node, i) => ({ side: siblingSides(batch, batchCount)[i], ...json(node) })),
    ),
  };
}

function runTotals({ root, sums, totals, opening }: TotalsVectorInput, kzg: KzgVerifier): object {
  const values = totals.map((total) => {
    const value = parseDecimal(total, TOTAL_BOUND);
    if (value === undefined) throw new SolventError('TOTAL_MALFORMED', 'malformed', 'not a total');
    return value;
  });
  const [proof, ...points] = kzg.decodePoints([opening, ...sums].map(unhex));
  const checks = new OpeningChecks();
  addTotalsCheck(unhex(root), { hash: new Uint8Array(32), sums: points }, values, proof!, checks);
  if (!checks.holds(kzg)) return { valid: false };
  return { beta: `0x${totalsChallenge(unhex(root), values).toString(16).padStart(64, '0')}` };
}

function runInclusion({ document, id, manifest }: InclusionVectorInput, kzg: KzgVerifier): object {
  const inclusion = parseInclusion(utf8(document));
  const trusted = {
    ...(id === undefined ? {} : { id: hexBytes(id, 32) }),
    ...(manifest === undefined ? {} : { manifest: parseManifest(utf8(manifest)) }),
  };
  const verdict = verifyInclusion(inclusion, trusted, kzg);
  if (!verdict.valid) return { valid: false, code: verdict.code };
  const { valid, idChecked, manifestChecked } = verdict;
  return { valid, idChecked, manifestChecked, values: inclusion.values.map(String) };
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
