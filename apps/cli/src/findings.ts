import type { ClaimFindingCode } from '@solvent-por/claims';
import type { FindingCode, Findings } from '@solvent-por/verifier';
import type { Context } from './context';

/** What is found by this program alone, beside what the verifier finds. */
type OwnCode =
  /** That all proofs which an index names are there as they were written. */
  | 'INDEX_COMPLETE'
  /** That two manifests are of one operator. */
  | 'SAME_OPERATOR';

export type CliFindings = Findings<FindingCode | ClaimFindingCode | OwnCode>;

export function sayFindings({ checked, notChecked }: CliFindings, { say, style }: Context): void {
  for (const { message } of checked) say(`${style.tick} ${message}`);
  for (const { message } of notChecked) say(`${style.warning} ${message}`);
}
