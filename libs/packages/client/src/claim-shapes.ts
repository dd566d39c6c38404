import { fields, flag, list, nullable, text, type Read } from './shape';
import { amount, finding } from './shapes';

/** For one claim, and for the API key that asked. */
export const claimChallenge = fields({
  /** 31 bytes: for the user who is to make the claim. */
  challenge: text,
  /** 31 bytes, made from partner and purpose. */
  scope: text,
  /** The claim must be verified before. */
  expiresAt: text,
});
export type ClaimChallenge = Read<typeof claimChallenge>;

/** A verifying key that a manifest names, and where what it is proved with can be downloaded. */
export const claimKey = fields({
  /** SHA-256 of the document. */
  digest: text,
  /** Whether somebody knows the secret of its set-up, and can prove anything: do not rely on it. */
  developmentSetUp: flag,
  /** Whether the service makes claims with it for clients that cannot: see `proveClaim`. */
  serverProves: flag,
  /** The whole document, byte for byte: what `parseVerifyingKey` of the claims package takes. */
  document: text,
  verifyingKeyUrl: text,
  /** Of the proving key: snarkjs' zkey. */
  provingKeyUrl: text,
  /** Of the witness generator. */
  circuitUrl: text,
});
export type ClaimKey = Read<typeof claimKey>;
export const claimKeys = list(claimKey);

export const claimVerification = fields({
  valid: flag,
  /** Why it is not valid, for programs and for people. */
  code: nullable(text),
  reason: nullable(text),
  /** Whether the key is of a development set-up; null where the claim was refused before. */
  developmentSetUp: nullable(flag),
  /** What was looked at, and what could not be. */
  checked: list(finding),
  notChecked: list(finding),
  snapshot: nullable(text),
  takenAt: nullable(text),
  /** Of the manifest, published by the service, that it was verified against. */
  manifestDigest: nullable(text),
  claimRoot: nullable(text),
  /** Of a valid claim: the same for each claim of an account under this claimRoot, for this partner and purpose. */
  nullifier: nullable(text),
  /** Of a valid claim: when the nullifier was seen there first; null: never before. */
  seenBefore: nullable(text),
  /** Of a valid claim: what the account holds at least. */
  atLeast: nullable(amount),
});
export type ClaimVerification = Read<typeof claimVerification>;

/** All by which an account's owner asks for what only they may have; `ownAccount` makes it. */
export interface OwnAccount {
  readonly snapshotId: string;
  /** The account's id in that snapshot. */
  readonly accountId: string;
  /** Its claim access there: secret, for the service alone. */
  readonly access: string;
}

/** A claim that the service made, and verified. */
export const provedClaim = fields({
  /** The claim, byte for byte: what the partner is given. */
  document: text,
  /** SHA-256 of the document. */
  documentDigest: text,
  /** Digest of the verifying key. */
  key: text,
  /** The same in each of the account's claims about this snapshot for this partner and purpose. */
  nullifier: text,
  /** Whether somebody knows the secret of the key's set-up, and can prove anything: do not rely on it. */
  developmentSetUp: flag,
  snapshot: text,
  takenAt: text,
});
export type ProvedClaim = Read<typeof provedClaim>;

/** Who asks for a claim, and what for: it decides what counts as the same claim made twice. */
export interface ClaimPurpose {
  /** A name that your API key was given: `lender.example`. */
  readonly partner: string;
  /** `loan 2026-12`. */
  readonly purpose: string;
}

/** What a claim is compared with: take none of it from the claim, or from whoever shows it. */
export interface AskedClaim extends ClaimPurpose {
  /** The snapshot that a claim was asked for about. */
  readonly snapshotId: string;
  /** What `claimChallenge` gave. */
  readonly challenge: string;
  /** The asset whose equity was asked for; or `value`. */
  readonly symbol?: string;
  /** Which of the published values was asked for, in the order of the manifest's totals, from 0. */
  readonly value?: number;
  /** The least that was asked for, in smallest units. */
  readonly threshold: bigint;
}

/** A claim that the service is to make about an account. */
export interface ServerClaim extends AskedClaim, OwnAccount {
  /**
   * That you know that the service then sees which account asks, for which partner and purpose, and how much it
   * wants to show. A claim that is made on one's own device shows it none of that.
   */
  readonly serverSeesRequest: true;
}
