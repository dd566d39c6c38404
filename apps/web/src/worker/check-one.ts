import { hexBytes, SolventError, toHex, type KzgVerifier } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  claimAccess,
  headerDigest,
  parseManifest,
  readSealedBundle,
  type Manifest,
} from '@solvent-por/verifier';
import { keyOf, readAccountInput } from '../check/account-input';
import { checkAccount, lookUpId, operatorOf } from '../check/check-account';
import { sealedFiles } from '../check/sealed-files';
import type { KnownBefore } from '../check/signature-step';
import type { Identified, KnownTexts, SealedReport, Tasks, Typed } from './protocol';

const encoder = new TextEncoder();

/** @throws SolventError MANIFEST_MALFORMED, … */
export function identify({ manifest, typed }: Tasks['identify']['give']): Identified {
  const input = readAccountInput(typed.text, typed.identifiers);
  if (input.kind === 'malformed') return input;
  const parsed = parseManifest(encoder.encode(manifest));
  const key = keyOf(input, operatorOf(parsed));
  return {
    kind: input.kind,
    tidied: input.tidied,
    id: lookUpId(parsed, key),
    access: toHex(claimAccess(headerDigest(parsed.header), key)),
  };
}

export function checkDocuments(
  { manifest, inclusion, typed, known }: Tasks['check']['give'],
  kzg: KzgVerifier,
): Tasks['check']['get'] {
  const key = typed && keyFor(typed, manifest);
  return checkAccount({ manifest, inclusion, known: knownOf(known), ...(key && { key }) }, kzg);
}

/** What the host of a bundle could learn is counted, so that the page can say it. */
export async function lookUpSealed(
  { manifest, address, typed, known }: Tasks['sealed']['give'],
  kzg: KzgVerifier,
): Promise<SealedReport> {
  const parsed = parseManifest(manifest);
  const input = readAccountInput(typed.text, typed.identifiers);
  if (input.kind === 'malformed')
    throw new SolventError('KEY_MALFORMED', 'malformed', 'what was given is no account key');
  const key = keyOf(input, operatorOf(parsed));
  const verdict = await readSealedBundle(sealedFiles(address), { manifest: parsed, key }, kzg);
  const shards = verdict.bits === undefined ? 0 : 2 ** verdict.bits;
  const host = {
    shards,
    sharing: shards === 0 ? 0 : Math.round((ACCOUNT_ROWS * parsed.batchCount) / shards),
  };
  if (!verdict.valid) {
    const { outcome, code, reason } = verdict;
    return { ...host, outcome, code, reason, ...(outcome === 'damaged' && { file: verdict.file }) };
  }
  const { document } = verdict;
  const report = checkAccount({ manifest, inclusion: document, key, known: knownOf(known) }, kzg);
  return { ...host, outcome: 'included', document, report };
}

/** Undefined where what was typed is none, or the manifest none: the check says the latter. */
function keyFor(typed: Typed, manifest: Uint8Array): Uint8Array | undefined {
  const input = readAccountInput(typed.text, typed.identifiers);
  if (input.kind === 'malformed') return undefined;
  if (input.kind === 'key') return input.key;
  const parsed = manifestOf(new TextDecoder().decode(manifest));
  return parsed && keyOf(input, operatorOf(parsed));
}

function knownOf({ expected, remembered, published }: KnownTexts): KnownBefore {
  const before = remembered === undefined ? undefined : manifestOf(remembered);
  return {
    ...(expected !== undefined && { expected }),
    ...(before && { remembered: before }),
    published: published.map(manifestOf).filter((manifest) => manifest !== undefined),
    now: new Date(),
  };
}

/** Undefined for what is none: others of a chain are no reason to refuse this one. */
export function manifestOf(text: string): Manifest | undefined {
  try {
    return parseManifest(encoder.encode(text));
  } catch (error) {
    if (error instanceof SolventError && error.kind === 'malformed') return undefined;
    throw error;
  }
}

/** 32 bytes of a key that the page was set up with. */
export function expectedKey(expected: string | undefined): { readonly operator?: Uint8Array } {
  return expected === undefined ? {} : { operator: hexBytes(expected, 32) };
}
