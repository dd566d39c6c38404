import { joinFindings, type Findings } from './findings';

/**
 * What a verifier says about something well-formed. A valid one says what was checked and, as plainly, what
 * was not (no operator key given, say); of an invalid one `code` is stable and for programs, `reason` for
 * people. Malformed input never gets this far:
 * it throws a SolventError of kind `malformed`.
 */
export type Verdict = Valid | Invalid;

export interface Valid extends Findings {
  readonly valid: true;
}

export interface Invalid {
  readonly valid: false;
  readonly code: string;
  readonly reason: string;
}

export function valid(...findings: readonly Findings[]): Valid {
  return { valid: true, ...joinFindings(...findings) };
}

export function invalid(code: string, reason: string): Invalid {
  return { valid: false, code, reason };
}
