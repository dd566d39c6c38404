import { SolventError } from '@solvent-por/kzg';

/**
 * Codes that are answered to clients as they are, with the HTTP status where the answer isn't GraphQL's.
 * Everything else, a damaged witness say, is our own trouble: clients see INTERNAL and a request id, the rest
 * stands in the log.
 */
const ANSWERED: Readonly<Record<string, number>> = {
  // look-ups
  ACCOUNT_NOT_FOUND: 404,
  PRIVATE_DATA_DROPPED: 410,
  LOOKUPS_BUSY: 503,
  CLAIMS_NOT_OFFERED: 409,
  // published things
  SNAPSHOT_NOT_FOUND: 404,
  MANIFEST_UNKNOWN: 404,
  VERIFICATION_BUSY: 503,
  BUNDLE_NOT_FOUND: 404,
  // documents that a client sends
  ID_MALFORMED: 400,
  INCLUSION_MALFORMED: 400,
  HEADER_MALFORMED: 400,
  MANIFEST_MALFORMED: 400,
  POINT_MALFORMED: 400,
  DOCUMENT_TOO_LARGE: 413,
  DOCUMENT_MALFORMED: 400,
  DOCUMENT_NOT_CANONICAL: 400,
  JSON_UNSUPPORTED: 400,
  // claims
  CLAIM_MALFORMED: 400,
  CLAIM_ELEMENT: 400,
  CLAIM_POINT: 400,
  CLAIM_SCOPE_TEXT: 400,
  CLAIM_PARTNER: 403,
  CLAIM_CHALLENGES_MANY: 429,
  CLAIM_KEY_NOT_SERVED: 404,
  // claims that are made here
  CLAIM_SERVER_SEES: 400,
  CLAIM_PROVING_NOT_OFFERED: 409,
  CLAIM_DEVELOPMENT: 409,
  CLAIM_BELOW: 409,
  CLAIM_PROVING_ANOTHER: 429,
  CLAIM_PROVING_BUSY: 503,
  CLAIM_PROVER_SILENT: 503,
  CLAIM_PROVER_FAILED: 503,
  // requests of snapshots
  CONFIG_INVALID: 400,
  CONFIG_PRICE: 400,
  CONFIG_ASSETS: 400,
  CLAIM_KEY_OTHER_LAYOUT: 400,
  TAKEN_IN_FUTURE: 400,
  SOURCE_MALFORMED: 400,
  OPERATOR_UNEXPECTED: 400,
  SNAPSHOT_EXISTS: 409,
  CHAIN_TIME: 409,
  // requests of sealed bundles
  SEALED_KEYS: 400,
  SEALED_WEAK_IDS: 400,
  SNAPSHOT_NOT_PUBLISHED: 409,
  // reserves
  RESERVES_NOT_FOUND: 404,
  RESERVES_EXISTS: 409,
  RESERVES_PUBLISHED: 409,
  // keys
  API_KEY_INVALID: 401,
  FORBIDDEN: 403,
  API_KEY_NOT_FOUND: 404,
  API_KEY_NAME: 400,
  API_KEY_EXPIRY: 400,
  API_KEY_PARTNER: 400,
  // every operation
  RATE_LIMITED: 429,
  DOWNLOADS_BUSY: 503,
  ARGUMENT_INVALID: 400,
  CURSOR_MALFORMED: 400,
  METHOD_NOT_ALLOWED: 405,
  BODY_MALFORMED: 400,
  BODY_TOO_LARGE: 413,
  QUERY_TOO_LONG: 400,
  QUERY_INVALID: 400,
  QUERY_TOO_DEEP: 400,
  QUERY_TOO_COSTLY: 400,
  ANSWER_TOO_LARGE: 400,
  NOT_FOUND: 404,
};

/** What a client is told about a failure. */
export interface Answer {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** Members of `extensions` beside the code. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** The one place where errors become answers. @returns undefined for what clients must not see */
export function answerOf(error: unknown): Answer | undefined {
  if (!(error instanceof SolventError) || error.kind === 'internal') return undefined;
  const status = ANSWERED[error.code];
  if (status === undefined) return undefined;
  return { code: error.code, message: error.message, status, details: error.details };
}

/** The answer to an unexpected failure; the log has the rest under the same request id. */
export function internalAnswer(requestId: string): Answer {
  return {
    code: 'INTERNAL',
    message: 'something went wrong here; the operator finds it in the log by its request id',
    status: 500,
    details: { requestId },
  };
}

/** Answers that several places give, so that they can't be told apart. */
export const refusals = {
  accountNotFound: () =>
    new SolventError(
      'ACCOUNT_NOT_FOUND',
      'usage',
      'there is no account with this id in a published snapshot of this name: an id is made for one snapshot from the account key, which is not to be sent',
    ),
  claimFileNotFound: () =>
    new SolventError(
      'ACCOUNT_NOT_FOUND',
      'usage',
      'there is no account with this id and this access in a published snapshot of this name: both are made from the account key and the header of its manifest, for that snapshot alone',
    ),
  privateDataDropped: () =>
    new SolventError(
      'PRIVATE_DATA_DROPPED',
      'usage',
      "this snapshot's accounts were dropped after their time; its totals and global proof are still there",
    ),
  snapshotNotFound: () =>
    new SolventError('SNAPSHOT_NOT_FOUND', 'usage', 'there is no published snapshot of this name'),
  bundleNotFound: () =>
    new SolventError(
      'BUNDLE_NOT_FOUND',
      'usage',
      'no sealed bundle with such a file is published here; one that is being made is there when it is whole',
    ),
  reservesNotFound: () =>
    new SolventError(
      'RESERVES_NOT_FOUND',
      'usage',
      'no reserves are published here beside a snapshot of this name',
    ),
  claimKeyNotServed: () =>
    new SolventError(
      'CLAIM_KEY_NOT_SERVED',
      'usage',
      'this server has no such key of private claims: ask its operator, who puts what `solvent ceremony export` wrote into the folder SOLVENT_CLAIM_KEYS',
    ),
  cursor: () => new SolventError('CURSOR_MALFORMED', 'usage', 'after must be an endCursor of this very list'),
  argument: (name: string, problem: string) =>
    new SolventError('ARGUMENT_INVALID', 'usage', `${name} ${problem}`, { argument: name }),
} as const;
