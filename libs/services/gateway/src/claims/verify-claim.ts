import {
  claimScope,
  elementBytes,
  MAX_CLAIM_BYTES,
  parseClaim,
  type Claim,
  type ClaimFindingCode,
} from '@solvent-por/claims';
import { hexBytes, SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { refuseWithoutClaims, type ClaimAnswer, type ClaimVerificationTask } from '@solvent-por/prover';
import type { AnsweredClaim, ChallengeRefusal, TakenClaim } from '@solvent-por/services/database';
import { checked, finding, invalid, joinFindings, type Findings, type Invalid } from '@solvent-por/verifier';
import type { Caller } from '../access/caller';
import { refusals } from '../errors/answered';
import { amountsOf, type Amount } from '../snapshots/amounts';
import type { PublishedManifest } from '../snapshots/published-manifests';
import { documentBytes } from '../verify/given-document';
import { challengeOf, thresholdOf, valueOf } from './asked-claim';
import type { ServedKey } from './claim-keys';
import { refuseOtherPartner } from './own-partner';

/** What a partner asked for; none of it may come from the claim. */
export interface AskedClaim {
  /** The document's text, or its JSON value. */
  readonly claim: unknown;
  readonly snapshotId: string;
  readonly partner: string;
  readonly purpose: string;
  /** 31 bytes in hex, given out by `claimChallenge`. */
  readonly challenge: string;
  /** The asset whose equity was asked for; or `value`. */
  readonly symbol?: string | null;
  /** Which published value was asked for, in layout order. */
  readonly value?: number | null;
  /** The least that was asked for, in smallest units: decimal. */
  readonly threshold: string;
}

/** The answer to `verifyClaim`. */
export interface VerifiedClaim extends Findings<ClaimFindingCode> {
  readonly valid: boolean;
  readonly code: string | null;
  readonly reason: string | null;
  /** Whether the key is of a development set-up; null where no key was looked at. */
  readonly developmentSetUp: boolean | null;
  readonly snapshot: string | null;
  readonly takenAt: string | null;
  readonly manifestDigest: string | null;
  readonly claimRoot: string | null;
  readonly nullifier: string | null;
  readonly seenBefore: Date | null;
  /** What the account holds at least. */
  readonly atLeast: Amount | null;
}

/** `taken`: it held, and its challenge was taken; `invalid`: for whatever reason. */
export type ClaimOutcome = 'taken' | 'invalid' | 'malformed';

export interface ClaimVerifierPorts {
  /** The manifest that was published here under this name. */
  readonly manifest: (snapshotId: string) => Promise<PublishedManifest | undefined>;
  readonly key: (digest: string) => Promise<ServedKey | undefined>;
  /** Verifies in a worker thread, in the caller's turn. @throws SolventError VERIFICATION_BUSY */
  readonly verify: (caller: Caller, task: ClaimVerificationTask) => Promise<ClaimAnswer>;
  readonly onVerified: (caller: Caller, seconds: number, outcome: ClaimOutcome) => void;
  readonly take: (claim: AnsweredClaim) => Promise<TakenClaim>;
  readonly allowDevelopment: boolean;
}

/** Verifies private claims for partners, against what was published here and what this server gave out. */
export class ClaimVerifier {
  constructor(private readonly ports: ClaimVerifierPorts) {}

  /**
   * A challenge is taken by a claim that holds, and by no other.
   * @param caller with a key: it is the one that asked for the challenge
   * @throws SolventError SNAPSHOT_NOT_FOUND, CLAIMS_NOT_OFFERED, CLAIM_KEY_NOT_SERVED, ARGUMENT_INVALID,
   *   CLAIM_SCOPE_TEXT, CLAIM_PARTNER, VERIFICATION_BUSY (usage); CLAIM_MALFORMED, CLAIM_ELEMENT, CLAIM_POINT, DOCUMENT_*
   *   (malformed)
   */
  async verify(caller: Caller, asked: AskedClaim): Promise<VerifiedClaim> {
    const { ports } = this;
    const document = documentBytes(asked.claim, 'claim', MAX_CLAIM_BYTES);
    const claim = parseClaim(document);
    const [challenge, scope] = [challengeOf(asked.challenge), claimScope(asked.partner, asked.purpose)];
    refuseOtherPartner(caller, asked.partner);
    const threshold = thresholdOf(asked.threshold);
    const published = await ports.manifest(asked.snapshotId);
    if (!published) throw refusals.snapshotNotFound();
    refuseWithoutClaims(published.manifest);
    const value = valueOf(asked, published);
    const refused = published.trust.valid ? refuseOther(claim, published) : published.trust;
    if (refused) return notValid(refused, null);
    const served = await ports.key(toHex(claim.key));
    if (!served) throw refusals.claimKeyNotServed();
    const developmentSetUp = served.key.document.setUp.kind === 'development';
    const started = performance.now();
    const done = (outcome: ClaimOutcome) =>
      ports.onVerified(caller, (performance.now() - started) / 1000, outcome);
    const verdict = await ports.verify(caller, {
      ...{ claim: document, manifest: utf8(published.document), verifyingKey: new Uint8Array(served.bytes) },
      ...{ scope, challenge, value, threshold, allowDevelopment: ports.allowDevelopment },
    });
    if ('malformed' in verdict) {
      done('malformed');
      throw new SolventError(verdict.code, 'malformed', verdict.malformed);
    }
    if (!verdict.valid) {
      done('invalid');
      return notValid(verdict, developmentSetUp);
    }
    const taken = await ports.take({
      ...{ challenge, scope, apiKeyId: caller.keyId! },
      ...{ claimRoot: hexBytes(verdict.claimRoot, 32), nullifier: elementBytes(claim.nullifier) },
    });
    done(taken.refused === undefined ? 'taken' : 'invalid');
    if (taken.refused !== undefined) return notValid(ofChallenge(taken.refused), developmentSetUp);
    const { header } = published.manifest;
    return {
      ...{ valid: true, code: null, reason: null, developmentSetUp },
      ...findingsOf(verdict, published, taken.seenBefore),
      ...{ snapshot: header.snapshot, takenAt: header.takenAt, manifestDigest: published.digest },
      ...{ claimRoot: verdict.claimRoot, nullifier: verdict.nullifier, seenBefore: taken.seenBefore },
      atLeast: amountOf(published, value, claim.threshold.toString()),
    };
  }
}

/** What the claim names itself, before a key is looked for. */
function refuseOther(claim: Claim, { manifest, digest }: PublishedManifest): Invalid | undefined {
  if (toHex(claim.manifest) !== digest)
    return invalid(
      'CLAIM_MANIFEST',
      `the claim is about another manifest than that of ${manifest.header.snapshot}: ask for a claim about this one`,
    );
  if (manifest.claimKeys!.includes(toHex(claim.key))) return undefined;
  return invalid('CLAIM_KEY', 'the claim was made with a key that the manifest does not name');
}

const REFUSED: Readonly<Record<ChallengeRefusal, Invalid>> = {
  unknown: invalid(
    'CLAIM_CHALLENGE_UNKNOWN',
    'this server did not give this challenge to your key, or did so long ago: ask for a new one with claimChallenge, and for a claim that answers it',
  ),
  taken: invalid(
    'CLAIM_CHALLENGE_TAKEN',
    'a claim with this challenge was taken already: it is shown a second time; ask with a new challenge',
  ),
  expired: invalid(
    'CLAIM_CHALLENGE_EXPIRED',
    'the challenge was answered too late: ask for a new one, and for a claim that answers it',
  ),
  scope: invalid(
    'CLAIM_CHALLENGE_SCOPE',
    'the challenge was given out for another partner or purpose: ask for one for this',
  ),
};

function ofChallenge(refusal: ChallengeRefusal): Invalid {
  return REFUSED[refusal];
}

/** What was checked here and what was not, in place of what the library says of the manifest alone. */
function findingsOf(
  verdict: Findings<ClaimFindingCode>,
  { trust, digest }: PublishedManifest,
  seenBefore: Date | null,
): Findings<ClaimFindingCode> {
  const only = ({ checked, notChecked }: Findings<ClaimFindingCode>, codes: readonly string[]) => ({
    checked: checked.filter(({ code }) => codes.includes(code)),
    notChecked: notChecked.filter(({ code }) => codes.includes(code)),
  });
  return joinFindings<ClaimFindingCode>(
    only(verdict, ['CLAIM_HOLDS', 'CLAIM_SET_UP', 'CLAIM_TREE']),
    finding.publishedManifest(digest),
    only(trust.valid ? trust : joinFindings(), ['OPERATOR_KEY']),
    checked(
      'CLAIM_ONCE',
      seenBefore
        ? `the nullifier was seen here before, first at ${seenBefore.toISOString()}: the same account made a claim for this purpose; refuse it where each may count once`
        : 'the nullifier was not seen here before under this claim tree and for this purpose',
    ),
  );
}

function notValid({ code, reason }: Invalid, developmentSetUp: boolean | null): VerifiedClaim {
  return {
    ...{ valid: false, code, reason, developmentSetUp, ...joinFindings<ClaimFindingCode>() },
    ...{ snapshot: null, takenAt: null, manifestDigest: null, claimRoot: null },
    ...{ nullifier: null, seenBefore: null, atLeast: null },
  };
}

function amountOf({ manifest }: PublishedManifest, value: number, amount: string): Amount {
  return amountsOf(
    manifest.header,
    manifest.totals.map(() => amount),
  )[value]!;
}
