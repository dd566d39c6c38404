import type { Problem } from './problem';

/** What is wrong with a claim in the making: a text below `claim.failed.`. */
export type ClaimTrouble =
  'foreign' | 'other' | 'file' | 'manifest' | 'below' | 'keys' | 'missing' | 'check' | 'server';

const OPENING: readonly (readonly [RegExp, ClaimTrouble])[] = [
  [/^CLAIM_FILE_FOREIGN$/, 'foreign'],
  [/^CLAIM_FILE_OTHER$/, 'other'],
  [/^(CLAIM_FILE_MALFORMED|CLAIM_ELEMENT|DOCUMENT_\w+)$/, 'file'],
  [/^(SIGNATURE|CHAIN|OPERATOR|MANIFEST)_/, 'manifest'],
];
const MAKING: readonly (readonly [RegExp, ClaimTrouble])[] = [
  [/^CLAIM_BELOW$/, 'below'],
  [/^(CLAIM_KEY\w*|CLAIM_ARTEFACT|CLAIM_POINT|DOCUMENT_\w+)$/, 'keys'],
  [/^HTTP_404$/, 'missing'],
  [/^CLAIM_SELF_CHECK$/, 'check'],
  [/^CLAIM_(PROVING|PROVER)_\w+$/, 'server'],
];

/**
 * @param doing what failed: opening the claim file, or making the claim
 * @returns undefined where it is no trouble of claims but of the network, say
 */
export function claimTrouble(doing: 'opening' | 'making', { code }: Problem): ClaimTrouble | undefined {
  return (doing === 'opening' ? OPENING : MAKING).find(([codes]) => codes.test(code))?.[1];
}

/** What is wrong with a claim that is shown: a text below `shown.failed.`. */
export type ShownTrouble = 'none' | 'link' | 'file' | 'snapshot' | 'keys' | 'missing';

const SHOWN: readonly (readonly [RegExp, ShownTrouble])[] = [
  [/^CLAIM_LINK_NONE$/, 'none'],
  [/^CLAIM_LINK_DAMAGED$/, 'link'],
  [/^CLAIM_SNAPSHOT_UNKNOWN$/, 'snapshot'],
  [/^CLAIM_KEY\w*$/, 'keys'],
  [/^(CLAIM_MALFORMED|CLAIM_ELEMENT|CLAIM_POINT|DOCUMENT_\w+)$/, 'file'],
  [/^HTTP_404$/, 'missing'],
];

/** @returns undefined where it is no trouble of claims but of the network, say */
export function shownTrouble({ code }: Pick<Problem, 'code'>, fromLink: boolean): ShownTrouble | undefined {
  const trouble = SHOWN.find(([codes]) => codes.test(code))?.[1];
  // Characters that are no claim's came by a link that was changed.
  return trouble === 'file' && fromLink ? 'link' : trouble;
}
