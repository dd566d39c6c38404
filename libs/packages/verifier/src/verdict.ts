/**
 * What a verifier says about something well-formed. `notes` say what was checked and, as plainly, what was not (no operator
 * key given, say); `code` is stable and for programs, `reason` for people. Malformed input never gets this far:
 * it throws a SolventError of kind `malformed`.
 */
export type Verdict = Valid | Invalid;

export interface Valid {
  readonly valid: true;
  readonly notes: readonly string[];
}

export interface Invalid {
  readonly valid: false;
  readonly code: string;
  readonly reason: string;
}

export function valid(...notes: string[]): Valid {
  return { valid: true, notes };
}

export function invalid(code: string, reason: string): Invalid {
  return { valid: false, code, reason };
}
