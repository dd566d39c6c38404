import type { KzgVerifier } from '@solvent-por/kzg';
import { isDeepStrictEqual } from 'node:util';
import type { Vector, VectorKind } from '../vectors';
import { runClaimAccess, runClaimLink, runClaims } from './claims';
import { runBatch, runGlobal, runInclusion, runManifest, runTotals, runTree } from './documents';
import { runAccount, runBlinding, runLayout, runSums, runTranscript } from './page';
import { runSealed } from './sealed';

export { manifestBytes, runManifest, type ManifestVectorInput } from './documents';
export { sealedSource } from './sealed';

type Run = (input: never, kzg: KzgVerifier) => object | Promise<object>;

const RUNS: Readonly<Record<string, Run>> = {
  account: runAccount,
  batch: runBatch,
  blinding: runBlinding,
  'claim-access': runClaimAccess,
  'claim-link': runClaimLink,
  claims: runClaims,
  global: runGlobal,
  inclusion: runInclusion,
  layout: runLayout,
  manifest: runManifest,
  sealed: runSealed,
  sums: runSums,
  totals: runTotals,
  transcript: runTranscript,
  tree: runTree,
};

/** Functions with vectors, in the order of their names. */
export const VECTOR_FUNCTIONS: readonly string[] = Object.keys(RUNS);

/** What came of a vector, or should have: how it was taken, which one it was, and the result. */
export type VectorOutcome = readonly [VectorKind | 'internal' | 'usage', string, unknown];

export const expectedOutcome = ({ kind, name, expected }: Vector): VectorOutcome => [kind, name, expected];

/**
 * Runs one vector of a function; to be compared with its expectedOutcome.
 *
 * An incorrect one either is found false, as its result says, or has in its input what a careless
 * implementation gets (`claimed`, or `challenges`), and is refused by getting something else.
 * @throws whatever is thrown that is no refusal of the input
 */
export async function runVector(
  functionName: string,
  { name, kind, input, expected }: Vector,
  kzg: KzgVerifier,
): Promise<VectorOutcome> {
  const run = RUNS[functionName]!;
  try {
    const result = await run(input as never, kzg);
    const claims =
      kind === 'incorrect' && typeof expected === 'object' ? claimsOf(input as object) : undefined;
    if (claims)
      return differsWholly(result, claims) ? [kind, name, { valid: false }] : ['correct', name, claims];
    const refused = 'code' in result || ('valid' in result && result.valid === false);
    return [refused ? 'incorrect' : 'correct', name, result];
  } catch (error) {
    const { code, kind: failure, details } = error as { code?: string; kind?: string; details?: object };
    if (code === undefined) throw error;
    const named = typeof expected === 'object' && expected !== null && 'details' in expected;
    const refusal = failure === 'invalid' ? 'malformed' : failure;
    return [refusal as VectorKind, name, { code, ...(named ? { details } : {}) }];
  }
}

/** Of all vectors of a function, in their order. */
export async function outcomesOf(
  functionName: string,
  vectors: readonly Vector[],
  kzg: KzgVerifier,
): Promise<VectorOutcome[]> {
  const outcomes: VectorOutcome[] = [];
  for (const vector of vectors) outcomes.push(await runVector(functionName, vector, kzg));
  return outcomes;
}

/** What a careless implementation gets, where an input says so. */
function claimsOf(input: { claimed?: object; challenges?: readonly string[] }): object | undefined {
  return input.claimed ?? (input.challenges && { challenges: input.challenges });
}

/** Of lists of challenges, every one must differ. */
function differsWholly(result: object, claims: object): boolean {
  if (isDeepStrictEqual(result, claims)) return false;
  if (!('challenges' in result && 'challenges' in claims)) return true;
  const [drawn, claimed] = [result.challenges, claims.challenges] as [string[], string[]];
  return drawn.length === claimed.length && drawn.every((challenge, i) => challenge !== claimed[i]);
}
