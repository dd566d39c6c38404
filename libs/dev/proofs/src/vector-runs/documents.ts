import {
  decodeUncompressed,
  fromBytes,
  hexBytes,
  OpeningChecks,
  SolventError,
  toBytes,
  toHex,
  utf8,
  type KzgVerifier,
} from '@solvent-por/kzg';
import {
  addTotalsCheck,
  encodedSum,
  headerDigest,
  layoutOf,
  leafNode,
  manifestDigest,
  parseDecimal,
  parseHeader,
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
  verifyManifestTrust,
  verifyProofLine,
} from '@solvent-por/verifier';
import type { BatchVectorInput } from '../batch-vector-parts';
import type { GlobalVectorInput } from '../global-vectors';
import type { InclusionVectorInput } from '../inclusion-vectors';
import type { TotalsVectorInput, TreeVectorInput } from '../tree-vectors';
import { unhex, verifyFile } from '../verify-file';

/** Lines, trees and whole documents, as their vectors describe them. */

export interface ManifestVectorInput {
  readonly document?: string;
  readonly documentHex?: string;
  readonly operator?: string;
  readonly previous?: readonly string[];
}

/** The bytes of a `manifest` vector: text, or hex where the document isn't UTF-8. */
export function manifestBytes({ document, documentHex }: ManifestVectorInput): Uint8Array {
  return document === undefined ? unhex(documentHex!) : utf8(document);
}

export function runManifest(input: ManifestVectorInput): object {
  const manifest = parseManifest(manifestBytes(input));
  const verdict = verifyManifestTrust(manifest, {
    ...(input.operator === undefined ? {} : { operator: parseOperatorKey(input.operator) }),
    ...(input.previous === undefined
      ? {}
      : { previous: input.previous.map((text) => parseManifest(utf8(text))) }),
  });
  return verdict.valid ? { digest: toHex(manifestDigest(manifest)) } : { code: verdict.code };
}

export function runBatch({ header: json, line, gamma }: BatchVectorInput, kzg: KzgVerifier): object {
  const header = parseHeader(json);
  const digest = headerDigest(header);
  const verdict = verifyProofLine(utf8(line), {
    layout: layoutOf(header),
    headerDigest: digest,
    kzg,
    gamma: fromBytes(hexBytes(gamma, 32)),
  });
  if (!verdict.valid) return { valid: false, code: verdict.code };
  return {
    valid: true,
    first: verdict.first,
    batches: verdict.batches.map(({ accounts, digest: digestOfBatch, point }, i) => {
      const [sum] = decodeUncompressed([point]);
      const { hash } = leafNode(digest, verdict.first + i, accounts, sum!);
      return { digest: toHex(digestOfBatch), leaf: toHex(hash) };
    }),
  };
}

export function runTree(
  { headerDigest: digestText, leaves, batchCount, columns, root }: TreeVectorInput,
  kzg: KzgVerifier,
): object {
  const digest = unhex(digestText);
  const nodes = leaves.map(({ accounts, sum }, batch) =>
    leafNode(digest, batch, unhex(accounts), kzg.decodePoints([unhex(sum)])[0]!),
  );
  const tree = new SumTree(nodes);
  const builder = new SumTreeBuilder();
  for (const node of nodes) builder.push(node);
  if (toHex(builder.top().hash) !== toHex(tree.top.hash))
    throw new Error('a tree made leaf by leaf has another top');
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

export function runTotals(input: TotalsVectorInput, kzg: KzgVerifier): object {
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

export function runInclusion({ document, key, manifest }: InclusionVectorInput, kzg: KzgVerifier): object {
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

export async function runGlobal({ file, operator }: GlobalVectorInput, kzg: KzgVerifier): Promise<object> {
  const verdict = await verifyFile(utf8(file), { kzg, operator: parseOperatorKey(operator) });
  if (!verdict.valid) return { valid: false, code: verdict.code };
  const { valid, proofs, manifest } = verdict;
  const { batchCount, totals } = manifest;
  return { valid, proofs, batchCount, totals, digest: toHex(manifestDigest(manifest)) };
}
