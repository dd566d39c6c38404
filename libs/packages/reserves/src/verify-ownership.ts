import { SolventError } from '@solvent-por/kzg';
import { networkOf, readAddress } from './addresses/networks';
import type { Question } from './schemes/evidence';
import { judgeOwnership } from './schemes/judge-ownership';

/**
 * What is said of one piece of evidence: `right`; `wrong`, well-formed but false; `malformed`; `unchecked`, a
 * node must be asked `question`; `unsupported`, recognised and not judged by this version.
 */
export type OwnershipVerdict =
  | { readonly verdict: 'right' | 'unsupported' }
  | { readonly verdict: 'unchecked'; readonly question: Question }
  | { readonly verdict: 'wrong' | 'malformed'; readonly code: string; readonly reason: string };

/**
 * Whether whoever holds the key of an address signed a text (the reserves page, section 5).
 *
 * @param network a name of section 6, such as `bitcoin` or `eip155:1`
 * @param address in its one spelling
 * @param message the text itself
 * @param ownership `{ scheme, signatures, … }` without `message` and `named`
 */
export function verifyOwnership(
  network: unknown,
  address: unknown,
  message: unknown,
  ownership: unknown,
): OwnershipVerdict {
  return verdictOf(() => {
    const ledger = networkOf(network);
    const account = readAddress(ledger, address);
    if (typeof message !== 'string')
      throw new SolventError('OWNERSHIP_MALFORMED', 'malformed', 'message must be the text that was signed');
    const judged = judgeOwnership(ledger, account, ownership, () => message);
    return judged.verdict === 'unchecked' ? judged : { verdict: judged.verdict };
  });
}

/** What a judge throws, as a verdict. @throws whatever is no SolventError of kind malformed or invalid */
export function verdictOf<T>(
  judge: () => T,
): T | { readonly verdict: 'wrong' | 'malformed'; readonly code: string; readonly reason: string } {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof SolventError) || !(error.kind === 'malformed' || error.kind === 'invalid'))
      throw error;
    return {
      verdict: error.kind === 'malformed' ? 'malformed' : 'wrong',
      code: error.code,
      reason: error.message,
    };
  }
}
