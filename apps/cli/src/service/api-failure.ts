import { SolventError, type FailureKind } from '@solvent-por/kzg';
import { SolventApiError } from '@solvent-por/client';
import { printable } from '../format';

/** Well-formed questions whose answer is no; the rest of what a service refuses is usage. */
const INVALID = new Set(['ACCOUNT_NOT_FOUND', 'CHAIN_TIME']);
const INTERNAL = new Set(['INTERNAL', 'RESPONSE_MALFORMED', 'RESPONSE_TOO_LONG']);

/** What to do about a refusal, where its own words don't say. */
const HINTS: Readonly<Record<string, string>> = {
  // Which of the two was given cannot be asked without sending what may be the key.
  ACCOUNT_NOT_FOUND:
    'compare your key with your account page (the account id in a proof file has as many digits and is no key) and the snapshot with its name; if both are right, ask the exchange why your account is not counted',
  API_KEY_INVALID: 'it is unknown, has expired or was revoked; `solvent api-key new` makes another',
  FORBIDDEN: 'give a key of the right role with SOLVENT_API_KEY or --api-key-file',
  HTTP_404: 'is it really a Solvent gateway?',
};

/**
 * A failure of the service, or to reach it, as commands report failures; anything else is given back as it
 * is.
 */
export function apiFailure(error: unknown, endpoint: string): unknown {
  if (!(error instanceof SolventApiError)) return error;
  const { code, details, status, retryAfter } = error;
  return new SolventError(code, kindOf(code), explanation(error, endpoint), {
    ...details,
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function kindOf(code: string): FailureKind {
  if (INVALID.has(code)) return 'invalid';
  if (INTERNAL.has(code)) return 'internal';
  return /^(?:INCLUSION|DOCUMENT|ID)_/.test(code) ? 'malformed' : 'usage';
}

function explanation({ code, message, retryAfter }: SolventApiError, endpoint: string): string {
  const words = printable(message);
  if (code === 'NETWORK_FAILED')
    return `cannot reach ${endpoint} (${words}): is the gateway running there? --endpoint or SOLVENT_ENDPOINT names another`;
  if (code === 'TIMED_OUT') return `${endpoint} does not answer: ${words}`;
  const hint = HINTS[code] ?? (retryAfter === undefined ? undefined : `try again in ${retryAfter} s`);
  return hint === undefined ? words : `${words}; ${hint}`;
}
