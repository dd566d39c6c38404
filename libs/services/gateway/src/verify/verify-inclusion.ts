import { equalBytes, SolventError, toHex, utf8 } from '@solvent-por/kzg';
import type { VerificationAnswer, VerificationTask } from '@solvent-por/prover';
import {
  accountId,
  finding,
  headerDigest,
  invalid,
  joinFindings,
  MAX_INCLUSION_BYTES,
  parseInclusion,
  type Finding,
  type Findings,
  type Header,
  type Inclusion,
  type Invalid,
} from '@solvent-por/verifier';
import type { Caller } from '../access/caller';
import { parseAccountId } from '../lookup/account-id';
import { amountsOf, type Amount } from '../snapshots/amounts';
import type { PublishedManifest } from '../snapshots/published-manifests';
import { documentBytes } from './given-document';

export type VerifyOutcome = 'valid' | 'invalid' | 'malformed';

export interface InclusionVerifierPorts {
  /** The manifest that was published here with this digest. */
  readonly manifest: (digest: Uint8Array) => Promise<PublishedManifest | undefined>;
  /** Verifies in a worker thread, in the caller's turn. @throws SolventError VERIFICATION_BUSY */
  readonly verify: (caller: Caller, task: VerificationTask) => Promise<VerificationAnswer>;
  /** Takes so many verifications more from the caller's allowance. @throws SolventError RATE_LIMITED */
  readonly charge: (caller: Caller, verifications: number) => Promise<void>;
  readonly onVerified: (seconds: number, outcome: VerifyOutcome) => void;
}

/** The answer to `verifyInclusion`. */
export interface InclusionAnswer extends Findings {
  readonly valid: boolean;
  readonly code: string | null;
  readonly reason: string | null;
  readonly idChecked: boolean;
  readonly snapshot: string | null;
  readonly takenAt: string | null;
  readonly manifestDigest: string | null;
  readonly values: readonly Amount[] | null;
}

/** So long a document is one verification: longer ones are several. */
const BYTES_OF_ONE = 16 * 1024;

/**
 * Verifies inclusion documents against the manifests that this server published under the digests they name:
 * of others it can say nothing. Under one that is not the operator's none is valid. It is never given an account
 * key, so it compares ids; whose id it is only the owner of the key can tell.
 */
export class InclusionVerifier {
  constructor(private readonly ports: InclusionVerifierPorts) {}

  /**
   * @param given.proof the document's text, or its JSON value
   * @param given.accountId the id it must be of; absent, it isn't checked, but null is a client's empty
   *   variable and refused
   * @throws SolventError ID_MALFORMED; MANIFEST_UNKNOWN; RATE_LIMITED; VERIFICATION_BUSY; the codes of `parseInclusion` and POINT_MALFORMED,
   *   kind malformed
   */
  async verify(
    caller: Caller,
    given: { readonly proof: unknown; readonly accountId?: string | null },
  ): Promise<InclusionAnswer> {
    const { ports } = this;
    const id = trustedId(given);
    const document = documentBytes(given.proof, 'inclusion proof', MAX_INCLUSION_BYTES);
    await ports.charge(caller, Math.ceil(document.length / BYTES_OF_ONE) - 1);
    const inclusion = parseInclusion(document);
    const published = await ports.manifest(inclusion.manifest);
    if (!published)
      throw new SolventError(
        'MANIFEST_UNKNOWN',
        'usage',
        'the document belongs to a manifest that was not published here: ask whoever published it, or verify it yourself with that manifest',
      );
    const { trust } = published;
    if (!trust.valid) return notValid(trust, id);
    const started = performance.now();
    const answer = await ports.verify(caller, { document, manifest: utf8(published.document) });
    const { header } = published.manifest;
    const compare = id && !('malformed' in answer) && answer.valid;
    const verdict = (compare && refuseOther(id, inclusion, header)) || answer;
    ports.onVerified((performance.now() - started) / 1000, outcomeOf(verdict));
    if ('malformed' in verdict) throw new SolventError(verdict.code, 'malformed', verdict.malformed);
    if (!verdict.valid) return notValid(verdict, id);
    return {
      valid: true,
      code: null,
      reason: null,
      idChecked: id !== undefined,
      ...answerFindings(verdict, published.digest, trust, id),
      snapshot: header.snapshot,
      takenAt: header.takenAt,
      manifestDigest: published.digest,
      values: amountsOf(header, inclusion.values.map(String)),
    };
  }
}

function notValid({ code, reason }: Invalid, id: Uint8Array | undefined): InclusionAnswer {
  return {
    valid: false,
    code,
    reason,
    // Of a false document nothing was found to be as it should be.
    idChecked: false,
    ...(id ? joinFindings() : finding.accountIdNotChecked()),
    snapshot: null,
    takenAt: null,
    manifestDigest: null,
    values: null,
  };
}

/** What a valid document shows here, where ids are compared and no key is ever given. */
function answerFindings(
  verdict: Findings,
  manifest: string,
  trust: Findings,
  id: Uint8Array | undefined,
): Findings {
  const ofTheirs = ({ code }: Finding) => code !== 'ACCOUNT_KEY';
  const ofOperator = ({ code }: Finding) => code === 'OPERATOR_KEY';
  return joinFindings(
    { checked: verdict.checked, notChecked: verdict.notChecked.filter(ofTheirs) },
    finding.publishedManifest(manifest),
    { checked: trust.checked.filter(ofOperator), notChecked: trust.notChecked.filter(ofOperator) },
    id ? finding.accountId(toHex(id)) : finding.accountIdNotChecked(),
    finding.totalsNotChecked("that is the global proof's work"),
  );
}

/**
 * What is left to compare of a document that verifies: its id with the one given. Both the id and the key are
 * 64 hex digits.
 */
function refuseOther(id: Uint8Array, inclusion: Inclusion, header: Header): Invalid | undefined {
  if (equalBytes(id, inclusion.id)) return undefined;
  return equalBytes(accountId(headerDigest(header), id), inclusion.id)
    ? invalid(
        'INCLUSION_ID',
        'what was given as accountId is the account key, which opens the account in every snapshot: never send it; give the id that is made from it',
      )
    : invalid('INCLUSION_ID', 'the document is for another account than the one whose id was given');
}

/** @throws SolventError ID_MALFORMED where one was given and is none */
function trustedId(given: { readonly accountId?: string | null }): Uint8Array | undefined {
  if (!Object.hasOwn(given, 'accountId')) return undefined;
  const id = typeof given.accountId === 'string' ? parseAccountId(given.accountId) : undefined;
  if (id) return id;
  throw new SolventError(
    'ID_MALFORMED',
    'malformed',
    'accountId must be 64 hex digits, with or without 0x; leave it out to have the id not checked',
  );
}

function outcomeOf(verdict: VerificationAnswer): VerifyOutcome {
  if ('malformed' in verdict) return 'malformed';
  return verdict.valid ? 'valid' : 'invalid';
}
