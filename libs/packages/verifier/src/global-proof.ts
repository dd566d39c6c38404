import {
  decodeUncompressed,
  hexBytes,
  OpeningChecks,
  SolventError,
  toHex,
  type KzgVerifier,
} from '@solvent-por/kzg';
import { maxProofLineBytes } from './batch-proof';
import { readManifestTrust, verifyManifestTrust } from './chain';
import * as finding from './finding';
import { headerDigest } from './header';
import { layoutOf } from './layout';
import { splitLines } from './lines';
import { manifestChallenge, MAX_MANIFEST_BYTES, parseManifest, type Manifest } from './manifest';
import { verifyProofLine, type LineContext, type VerifiedLine } from './proof-line';
import { looseText, otherDocument } from './recognise';
import { leafNode, SumTreeBuilder, treeRoot } from './sum-tree';
import { addTotalsCheck, ColumnsDigest } from './sums';
import { invalid, valid, type Invalid, type Valid } from './verdict';

/** Verifies lines of one global proof file somewhere else: in worker threads, say. */
export interface LineVerifier {
  /** How many lines may be under way at once. */
  readonly concurrency: number;
  /** @param line without its LF; the manifest is the file's, already found trustworthy */
  verify(line: Uint8Array, manifest: Manifest): Promise<VerifiedLine | Invalid>;
}

export interface GlobalProofOptions {
  readonly kzg: KzgVerifier;
  /** The Ed25519 key that must have signed: 32 bytes. */
  readonly operator?: Uint8Array;
  /** Manifests seen before (section 10). */
  readonly previous?: readonly Manifest[];
  /** Keys of the operator before this one: see `verifyManifestTrust`. */
  readonly formerOperators?: readonly Uint8Array[];
  /** What the caller's clock says: see `verifyManifestTrust`. */
  readonly now?: Date;
  /** In this thread, one after another, by default. */
  readonly lines?: LineVerifier;
  readonly onManifest?: (manifest: Manifest) => void;
  readonly onProgress?: (progress: {
    readonly batches: number;
    readonly batchCount: number;
    readonly bytes: number;
  }) => void;
}

export type GlobalVerdict =
  | (Invalid & { readonly manifest?: Manifest })
  | (Valid & { readonly manifest: Manifest; readonly proofs: number });

/**
 * Verifies a whole global proof file as a stream, in memory that does not grow with it (section 11).
 *
 * @param source the file's bytes in pieces of any size
 * @throws SolventError TRUSTED_MALFORMED (kind usage): `operator` or `previous` is there but undefined or
 *   malformed, or another member is not known;
 *   of kind malformed: LINE_TOO_LONG, FILE_CUT_OFF, PROOFS_MISSING (a manifest alone), PROOF_MALFORMED,
 * MANIFEST_MALFORMED, POINT_MALFORMED, DOCUMENT_*
 */
export async function verifyGlobalProof(
  source: AsyncIterable<Uint8Array>,
  options: GlobalProofOptions,
): Promise<GlobalVerdict> {
  const known = readManifestTrust(options, 'options', ['kzg', 'lines', 'onManifest', 'onProgress']);
  let lineLimit = 0;
  let bytes = 0;
  const lines = splitLines(source, (index) => (index === 0 ? MAX_MANIFEST_BYTES : lineLimit), refuseAlone);
  try {
    const head = await lines.next();
    if (head.done) throw cutOff('the file is empty');
    const manifest = parseHead(head.value);
    bytes += head.value.length + 1;
    const trust = verifyManifestTrust(manifest, known);
    if (!trust.valid) return { ...trust, manifest };
    options.onManifest?.(manifest);

    const { header, batchCount } = manifest;
    lineLimit = maxProofLineBytes(layoutOf(header));
    const digest = headerDigest(header);
    const tree = new SumTreeBuilder();
    const columns = new ColumnsDigest(digest);
    let proofs = 0;
    for await (const { result, length } of inOrder(
      lines,
      manifest,
      options.lines ?? inThisThread(options.kzg),
    )) {
      if (!result.valid) return { ...result, manifest };
      if (result.first !== tree.count || tree.count + result.batches.length > batchCount)
        return {
          ...invalid(
            'GLOBAL_ORDER',
            `line ${proofs + 2} proves batches from ${result.first} on where ${tree.count} of ${batchCount} should follow`,
          ),
          manifest,
        };
      for (const { accounts, digest: digestOfBatch, sum, point } of result.batches) {
        columns.push(digestOfBatch);
        tree.push(leafNode(digest, tree.count, accounts, decodeUncompressed([point])[0]!, sum));
      }
      proofs++;
      bytes += length + 1;
      options.onProgress?.({ batches: tree.count, batchCount, bytes });
    }
    if (tree.count < batchCount) throw cutOff(`it ends after ${tree.count} of ${batchCount} batches`);

    const columnsDigest = columns.digest();
    if (toHex(columnsDigest) !== manifest.columns)
      return {
        ...invalid('GLOBAL_COLUMNS', 'the manifest was made for other account trees or columns than these'),
        manifest,
      };
    const top = tree.top();
    if (toHex(treeRoot(digest, batchCount, columnsDigest, top)) !== manifest.root)
      return {
        ...invalid('GLOBAL_ROOT', "the batches' sum tree has another root than the manifest"),
        manifest,
      };
    const [opening] = options.kzg.decodePoints([hexBytes(manifest.totalsOpening, 48)]);
    const checks = new OpeningChecks();
    const gamma = manifestChallenge(manifest, digest);
    addTotalsCheck(top.sum, gamma, manifest.totals.map(BigInt), opening!, checks);
    if (!checks.holds(options.kzg))
      return {
        ...invalid('GLOBAL_TOTALS', 'the published totals are not the sums of the batches'),
        manifest,
      };
    const holds = [finding.proofsHold(proofs, header.mode !== 'spot'), finding.totalsHold(batchCount)];
    return { ...valid(...holds, trust), manifest, proofs };
  } finally {
    await lines.return(undefined);
  }
}

/** Verifies lines side by side and gives the results in the file's order. */
async function* inOrder(
  lines: AsyncGenerator<Uint8Array>,
  manifest: Manifest,
  verifier: LineVerifier,
): AsyncGenerator<{ result: VerifiedLine | Invalid; length: number }> {
  const pending: Promise<{ result: VerifiedLine | Invalid; length: number }>[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (;;) {
    while (pending.length < verifier.concurrency) {
      // What is wrong with the file further on must not hide what is wrong before it.
      const next = await lines
        .next()
        .catch((error: unknown) => ({ done: true as const, value: undefined, error }));
      if ('error' in next) failure = { error: next.error };
      if (next.done) break;
      const length = next.value.length;
      const result = verifier.verify(next.value, manifest).then((verified) => ({ result: verified, length }));
      result.catch(() => undefined);
      pending.push(result);
    }
    const first = pending.shift();
    if (first) yield await first;
    else if (failure) throw failure.error;
    else return;
  }
}

/** What is needed to verify the lines below a manifest. */
export function lineContext(manifest: Manifest, kzg: KzgVerifier): LineContext {
  const { header } = manifest;
  const digest = headerDigest(header);
  return { layout: layoutOf(header), headerDigest: digest, kzg, gamma: manifestChallenge(manifest, digest) };
}

function inThisThread(kzg: KzgVerifier): LineVerifier {
  let context: LineContext | undefined;
  return {
    concurrency: 1,
    verify: async (line, manifest) => verifyProofLine(line, (context ??= lineContext(manifest, kzg))),
  };
}

/** The first line, or what is there in its place. */
function parseHead(line: Uint8Array): Manifest {
  try {
    return parseManifest(line);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const begun = looseText(line)?.text.trim() ?? '';
    const value = parsedJson(begun);
    const other = otherDocument(value, 'global proof');
    if (other !== undefined) throw new SolventError(error.code, 'malformed', `this ${other}`);
    if (value !== undefined || !/^[{[]/.test(begun)) throw error;
    throw new SolventError(
      error.code,
      'malformed',
      "line 1 is no whole manifest, and the file goes on: a program re-formatted it (indented), which `solvent normalise FILE` restores; or it is another program's file, or damaged: download it again",
    );
  }
}

/** A document by itself, in a file without any line feed, is not a global proof that was cut off. */
function refuseAlone(line: Uint8Array, index: number): void {
  if (index > 0 || parsedJson(looseText(line)?.text ?? '') === undefined) return;
  parseHead(line);
  throw new SolventError(
    'PROOFS_MISSING',
    'malformed',
    'this is a manifest by itself, without the proofs that follow it in a global proof: give global-proof.ndjson; an account is verified against a manifest by `solvent verify-user`',
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cutOff(what: string): SolventError<'FILE_CUT_OFF'> {
  return new SolventError('FILE_CUT_OFF', 'malformed', `the global proof is cut off: ${what}`);
}
