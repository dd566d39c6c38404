import { equalBytes, fromBytes, hexBytes, SolventError, toBytes, toHex } from '@solvent-por/kzg';
import {
  checked,
  invalid,
  joinFindings,
  layoutOf,
  manifestDigest,
  notChecked,
  sizeOf,
  VALUE_BOUND,
  verifyManifestTrust,
  type FindingCode,
  type Findings,
  type Invalid,
  type Manifest,
  type ManifestTrust,
} from '@solvent-por/verifier';
import type { Claim } from './claim';
import { SHORT_BYTES } from './field';
import { verifyGroth16 } from './groth16';
import { DEVELOPMENT_WARNING, type VerifyingKey } from './verifying-key';

/** Questions that a claim's verdict answers or leaves open, beside a manifest's. */
export type ClaimFindingCode =
  | FindingCode
  /** That some account of the snapshot holds at least the threshold. */
  | 'CLAIM_HOLDS'
  /** That the claim tree holds what the liability proof is about: nobody can check that. */
  | 'CLAIM_TREE'
  /** That nobody knows the secret of the set-up. */
  | 'CLAIM_SET_UP'
  /** That this account makes no second claim in this scope: who asks must remember nullifiers. */
  | 'CLAIM_ONCE';

/** What a claim is compared with: none of it may come from the claim. */
export interface TrustedClaim {
  /** The manifest that the partner knows; its signature is verified here. */
  readonly manifest: Manifest;
  /** The key whose digest the manifest names. */
  readonly verifyingKey: VerifyingKey;
  /** The partner's own, 31 bytes: `claimScope` of their name and purpose. */
  readonly scope: Uint8Array;
  /** The one that was asked with, 31 bytes; to be taken once, which is the partner's to see to. */
  readonly challenge: Uint8Array;
  /** Which published value was asked for. */
  readonly value: number;
  /** What was asked for, in smallest units: the claim's may be larger, not smaller. */
  readonly threshold: bigint;
  /** The operator's key and earlier manifests, as `verifyManifestTrust` takes them; `{}` compares with nothing. */
  readonly trust?: ManifestTrust;
  /** Takes keys of development set-ups, too. The verdict says so. */
  readonly allowDevelopment?: boolean;
}

export type ClaimVerdict =
  | Invalid
  | (Findings<ClaimFindingCode> & {
      readonly valid: true;
      /** 32 bytes in hex: to be remembered by claimRoot and scope, and refused a second time. */
      readonly nullifier: string;
      readonly claimRoot: string;
      /** What is shown to be held at least, in smallest units. */
      readonly threshold: bigint;
      readonly developmentSetUp: boolean;
    });

/**
 * Verifies a claim against a signed manifest (section 13).
 *
 * @returns codes of refusal: those of `verifyManifestTrust`; CLAIM_NONE (the manifest has no claim tree),
 *   CLAIM_MANIFEST, CLAIM_KEY (of another key, or one that the manifest does not name), CLAIM_DEVELOPMENT,
 *   CLAIM_VALUE, CLAIM_THRESHOLD, CLAIM_SCOPE, CLAIM_CHALLENGE, CLAIM_PROOF
 * @throws SolventError CLAIM_POINT (kind malformed); CLAIM_TRUSTED (kind usage): scope or challenge are not 31
 *   bytes, there is no such value, or the threshold is none
 */
export function verifyClaim(claim: Claim, trusted: TrustedClaim): ClaimVerdict {
  refuseUnusable(trusted);
  const { manifest, verifyingKey } = trusted;
  const trust = verifyManifestTrust(manifest, trusted.trust ?? {});
  if (!trust.valid) return trust;
  const { claimRoot } = manifest;
  const refused = refuseOther(claim, trusted);
  if (refused) return refused;
  const signals = [
    fromBytes(hexBytes(claimRoot, 32)),
    BigInt(claim.value),
    claim.threshold,
    fromBytes(claim.scope),
    fromBytes(claim.challenge),
    claim.nullifier,
  ];
  if (!verifyGroth16(verifyingKey, signals, claim.proof))
    return invalid(
      'CLAIM_PROOF',
      'the proof does not hold for this claim tree, threshold, scope, challenge and nullifier: somebody changed it, or it was made for others',
    );
  const developmentSetUp = verifyingKey.document.setUp.kind === 'development';
  return {
    valid: true,
    ...joinFindings<ClaimFindingCode>(
      checked('CLAIM_HOLDS', holds(claim, manifest)),
      trust,
      setUpFinding(verifyingKey, developmentSetUp),
      notChecked(
        'CLAIM_TREE',
        "NOT checked that the claim tree holds the balances that the liability proof is about: nothing but the operator's signature says so",
      ),
      notChecked(
        'CLAIM_ONCE',
        'NOT checked that this account makes no second claim for this purpose: remember the nullifier with claimRoot and scope, and refuse it a second time',
        { nullifier: toHex(toBytes(claim.nullifier)) },
      ),
    ),
    nullifier: toHex(toBytes(claim.nullifier)),
    claimRoot: claimRoot!,
    threshold: claim.threshold,
    developmentSetUp,
  };
}

function refuseUnusable({ scope, challenge, value, threshold, manifest }: TrustedClaim): void {
  const fail = (message: string) => {
    throw new SolventError('CLAIM_TRUSTED', 'usage', message);
  };
  for (const [name, bytes] of [
    ['scope', scope],
    ['challenge', challenge],
  ] as const)
    if (!(bytes instanceof Uint8Array) || bytes.length !== SHORT_BYTES)
      fail(`the ${name} must be ${SHORT_BYTES} bytes`);
  const { published } = sizeOf(manifest.header);
  if (!Number.isInteger(value) || value < 0 || value >= published)
    fail(`the snapshot publishes values 0 to ${published - 1}`);
  // Nothing is less than what is not there: a claim of 0 would pass.
  if (typeof threshold !== 'bigint' || threshold < 0n || threshold >= VALUE_BOUND)
    fail('the threshold must be a bigint below 2^67, in smallest units');
}

/** Refuses a claim about anything else than what was asked, before anything is computed. */
function refuseOther(claim: Claim, trusted: TrustedClaim): Invalid | undefined {
  const { manifest, verifyingKey } = trusted;
  const { header, claimRoot, claimKeys } = manifest;
  if (claimRoot === null || claimKeys === null)
    return invalid(
      'CLAIM_NONE',
      `the snapshot ${header.snapshot} has no claim tree: there are no claims about it`,
    );
  if (!equalBytes(claim.manifest, manifestDigest(manifest)))
    return invalid(
      'CLAIM_MANIFEST',
      `the claim is about another manifest than the one given, which is of snapshot ${header.snapshot} (${header.takenAt}): ask for a claim about this one`,
    );
  if (!claimKeys.includes(toHex(verifyingKey.digest)))
    return invalid(
      'CLAIM_KEY',
      'the manifest does not name this verifying key: take the one its operator publishes',
    );
  if (!equalBytes(claim.key, verifyingKey.digest))
    return invalid('CLAIM_KEY', 'the claim was made with another key than the one given');
  const { values, setUp } = verifyingKey.document;
  const { published } = sizeOf(header);
  if (values !== published)
    return invalid(
      'CLAIM_KEY',
      `the key is for ${values} values an account, the snapshot publishes ${published}`,
    );
  if (setUp.kind === 'development' && trusted.allowDevelopment !== true)
    return invalid(
      'CLAIM_DEVELOPMENT',
      `${DEVELOPMENT_WARNING}: somebody knows its secret and can make any claim; it is refused unless that is allowed`,
    );
  if (claim.value !== trusted.value)
    return invalid(
      'CLAIM_VALUE',
      `the claim is about value ${claim.value}, not ${trusted.value}, which was asked for`,
    );
  if (claim.threshold < trusted.threshold)
    return invalid(
      'CLAIM_THRESHOLD',
      `the claim shows at least ${claim.threshold}, asked for was ${trusted.threshold}`,
    );
  if (!equalBytes(claim.scope, trusted.scope))
    return invalid('CLAIM_SCOPE', 'the claim was made for another partner or purpose');
  if (!equalBytes(claim.challenge, trusted.challenge))
    return invalid(
      'CLAIM_CHALLENGE',
      'the claim answers another challenge: it was made for somebody else, or is shown a second time',
    );
  return undefined;
}

function holds({ value, threshold }: Claim, { header }: Manifest): string {
  const { symbol, side, pool } = layoutOf(header).published[value]!;
  return `an account of ${header.snapshot} (${header.takenAt}) has at least ${threshold} smallest units of ${symbol}, ${pool ?? side}`;
}

function setUpFinding({ document }: VerifyingKey, development: boolean): Findings<ClaimFindingCode> {
  const { contributions } = document.setUp;
  return development
    ? notChecked('CLAIM_SET_UP', `NOT checked: ${DEVELOPMENT_WARNING}, for somebody knows its secret`)
    : notChecked(
        'CLAIM_SET_UP',
        `NOT checked that one of the ${contributions.length} who contributed to the set-up forgot their secret: \`solvent ceremony verify\` checks their contributions`,
        { contributions: contributions.length },
      );
}
