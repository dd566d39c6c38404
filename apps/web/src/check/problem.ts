/** What a screen says when something went wrong; each has a title and a text, `error.title.<kind>`. */
export type ProblemKind =
  | 'offline'
  | 'busy'
  | 'rubbish'
  | 'nothing'
  | 'unknown'
  | 'dropped'
  | 'proof'
  | 'manifest'
  | 'needManifest'
  | 'needProof'
  | 'file'
  | 'other'
  | 'forbidden'
  | 'internal';

/** Something that says nothing about a proof; what is false is a step's state, and no problem. */
export interface Problem {
  readonly kind: ProblemKind;
  /** For whoever is asked for help. */
  readonly code: string;
  readonly message: string;
}

const BY_CODE: Readonly<Record<string, ProblemKind>> = {
  NETWORK_FAILED: 'offline',
  TIMED_OUT: 'offline',
  HTTP_502: 'offline',
  HTTP_503: 'offline',
  HTTP_504: 'offline',
  RATE_LIMITED: 'busy',
  LOOKUPS_BUSY: 'busy',
  VERIFICATION_BUSY: 'busy',
  HTTP_429: 'busy',
  NOTHING_PUBLISHED: 'nothing',
  SNAPSHOT_NOT_FOUND: 'unknown',
  HTTP_404: 'unknown',
  PRIVATE_DATA_DROPPED: 'dropped',
  FILE_OTHER_SNAPSHOT: 'other',
  API_KEY_INVALID: 'forbidden',
  API_KEY_MALFORMED: 'forbidden',
  FORBIDDEN: 'forbidden',
  INTERNAL: 'internal',
  WORKER_FAILED: 'internal',
};

/** Longest message of somebody else's that is shown. */
const LONGEST_CHARACTERS = 300;

/** @param error whatever was thrown on the way */
export function problemOf(error: unknown): Problem {
  const { failure } = error as { readonly failure?: { code: string; message: string } };
  const { code, message } = failure ?? (error as { code?: unknown; message?: unknown });
  const named = typeof code === 'string' ? code : 'INTERNAL';
  // What the page itself does wrong has no code; everything else came from outside.
  const kind = BY_CODE[named] ?? 'rubbish';
  return { kind, code: named, message: String(message).slice(0, LONGEST_CHARACTERS) };
}

export function codeOf(error: unknown): string {
  return problemOf(error).code;
}
