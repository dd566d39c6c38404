import { hexBytes, SolventError, toHex, utf8 } from '@solvent/algebra';
import type { VerificationAnswer, VerificationTask } from '@solvent/proof/prove';
import { canonicalJson, MAX_INCLUSION_BYTES, parseHeader } from '@solvent/proof/verify';
import { parseAccountId } from '../lookup/account-id';
import { amountsOf, type Amount } from '../snapshots/amounts';

export type VerifyOutcome = 'valid' | 'invalid' | 'malformed';

export interface InclusionVerifierPorts {
  /** JCS bytes of the published manifest with this digest. */
  readonly manifest: (digest: Uint8Array) => Promise<Uint8Array | undefined>;
  /** Parses and verifies in a worker thread. */
  readonly verify: (task: VerificationTask) => Promise<VerificationAnswer>;
  readonly onVerified: (seconds: number, outcome: VerifyOutcome) => void;
}

/** The answer to `verifyInclusion`. */
export interface InclusionAnswer {
  readonly valid: boolean;
  readonly code: string | null;
  readonly reason: string | null;
  readonly idChecked: boolean;
  readonly manifestChecked: boolean;
  readonly notes: readonly string[];
  readonly snapshot: string | null;
  readonly takenAt: string | null;
  readonly values: readonly Amount[] | null;
}

const ID_NOT_CHECKED =
  "NOT checked whose account it is: no accountId was given, so the document's own id was used; compare it with yours";
const MANIFEST_NOT_CHECKED =
  'NOT checked against a published manifest: this server published none with the digest the document names';

/** Verifies inclusion documents against the manifests that this server published under the digests they name. */
export class InclusionVerifier {
  constructor(private readonly ports: InclusionVerifierPorts) {}

  /**
   * @param given.proof the document's text, or its JSON value
   * @param given.accountId the id it must be of; absent, it isn't checked, but null is a client's empty variable and refused
   * @throws SolventError ID_MALFORMED; the codes of `parseInclusion` and POINT_MALFORMED, kind malformed
   */
  async verify(given: {
    readonly proof: unknown;
    readonly accountId?: string | null;
  }): Promise<InclusionAnswer> {
    const { ports } = this;
    const id = trustedId(given);
    const document = documentBytes(given.proof);
    const manifest = await ports.manifest(namedManifest(document));
    const started = performance.now();
    const verdict = await ports.verify({ document, ...(id && { id }), ...(manifest && { manifest }) });
    ports.onVerified((performance.now() - started) / 1000, outcomeOf(verdict));
    if ('malformed' in verdict) throw new SolventError(verdict.code, 'malformed', verdict.malformed);
    const notes = [...(id ? [] : [ID_NOT_CHECKED]), ...(manifest ? [] : [MANIFEST_NOT_CHECKED])];
    if (!verdict.valid)
      return {
        valid: false,
        code: verdict.code,
        reason: verdict.reason,
        // Of a false document nothing was found to be as it should be.
        idChecked: false,
        manifestChecked: false,
        notes,
        snapshot: null,
        takenAt: null,
        values: null,
      };
    const parsed = JSON.parse(Buffer.from(document).toString('utf8')) as {
      readonly header: unknown;
      readonly values: readonly string[];
    };
    const header = parseHeader(parsed.header);
    return {
      valid: true,
      code: null,
      reason: null,
      idChecked: verdict.idChecked,
      manifestChecked: verdict.manifestChecked,
      notes: [...verdict.notes, ...notes],
      snapshot: header.snapshot,
      takenAt: header.takenAt,
      values: amountsOf(header, parsed.values),
    };
  }
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

/** @throws SolventError DOCUMENT_TOO_LARGE, DOCUMENT_MALFORMED, JSON_UNSUPPORTED */
function documentBytes(proof: unknown): Uint8Array {
  if (typeof proof !== 'string' && (typeof proof !== 'object' || proof === null))
    throw new SolventError(
      'DOCUMENT_MALFORMED',
      'malformed',
      'proof must be an inclusion document: its text, or its JSON value',
    );
  let text;
  try {
    text = typeof proof === 'string' ? proof : canonicalJson(proof);
  } catch {
    throw new SolventError(
      'DOCUMENT_MALFORMED',
      'malformed',
      'the proof holds what no canonical JSON document can',
    );
  }
  // Its UTF-8 form is never shorter than its UTF-16 form has units.
  const bytes = text.length <= MAX_INCLUSION_BYTES ? utf8(text) : undefined;
  if (bytes && bytes.length <= MAX_INCLUSION_BYTES) return bytes;
  throw new SolventError(
    'DOCUMENT_TOO_LARGE',
    'malformed',
    `an inclusion proof has at most ${MAX_INCLUSION_BYTES} bytes`,
    { maxBytes: MAX_INCLUSION_BYTES },
  );
}

/**
 * The digest that a document names, found without reading all of it here; whether it is really the document's is what the worker checks. Some
 * digest in any case, so that a document without one takes the same way.
 */
function namedManifest(document: Uint8Array): Uint8Array {
  const text = Buffer.from(document.buffer, document.byteOffset, document.length).toString('latin1');
  const digest = /"manifest":"(0x[0-9a-f]{64})"/.exec(text)?.[1] ?? toHex(new Uint8Array(32));
  return hexBytes(digest, 32);
}

function outcomeOf(verdict: VerificationAnswer): VerifyOutcome {
  if ('malformed' in verdict) return 'malformed';
  return verdict.valid ? 'valid' : 'invalid';
}
