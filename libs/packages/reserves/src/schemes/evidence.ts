import { malformed, untrue } from '../failure';
import { bytesOf } from '../hex';
import type { Account, Network } from '../addresses/network';

/** What a scheme judges: the account, the text that should be signed, and the members of `ownership`. */
export interface Claim {
  readonly network: Network;
  readonly account: Account;
  /** UTF-8 of the text. */
  readonly text: Uint8Array;
  readonly ownership: Readonly<Record<string, unknown>>;
}

/** What a node must be asked before a right signature shows control. */
export type Question =
  | { readonly kind: 'eip1271'; readonly hash: string; readonly signature: string }
  | { readonly kind: 'owners'; readonly owners: readonly string[] }
  | { readonly kind: 'withdrawal'; readonly owner: string }
  /** Whether this Ed25519 key (32 bytes) is the account's present one. */
  | { readonly kind: 'key'; readonly key: string };

/** Right as it stands, or, with a question, right once a node has confirmed it; or not judged here. */
export type Judged =
  | { readonly verdict: 'right'; readonly key?: string }
  | { readonly verdict: 'unchecked'; readonly question: Question }
  | { readonly verdict: 'unsupported' };

export const RIGHT: Judged = { verdict: 'right' };
export const UNSUPPORTED: Judged = { verdict: 'unsupported' };

/** One way to show control, a file each. */
export interface Scheme {
  /** Members of `ownership` besides `scheme`, `message` and `named`. */
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** Whether it is for this network; elsewhere its name is malformed. */
  readonly fits: (network: Network) => boolean;
  /** @throws SolventError OWNERSHIP_MALFORMED | OWNERSHIP_UNTRUE */
  readonly judge: (claim: Claim) => Judged;
}

/** @throws SolventError OWNERSHIP_MALFORMED, kind malformed */
export function ownershipMalformed(problem: string): never {
  return malformed('OWNERSHIP_MALFORMED', `the evidence of ownership cannot be read: ${problem}`);
}

/** @throws SolventError OWNERSHIP_UNTRUE, kind invalid */
export function ownershipUntrue(problem: string): never {
  return untrue('OWNERSHIP_UNTRUE', `the evidence of ownership is false: ${problem}`);
}

/** Between `minimum` and `maximum` hex strings. */
export function signaturesOf(
  { ownership }: Claim,
  minimum: number,
  maximum: number,
  mostBytes: number,
): readonly Uint8Array[] {
  return hexList(ownership.signatures, 'signatures', minimum, maximum, mostBytes);
}

/** The one signature, of exactly `length` bytes. */
export function oneSignature(claim: Claim, length: number): Uint8Array {
  const [signature] = signaturesOf(claim, 1, 1, length);
  if (signature!.length !== length) ownershipMalformed(`the signature must have ${length} bytes`);
  return signature!;
}

export function hexList(
  value: unknown,
  name: string,
  minimum: number,
  maximum: number,
  mostBytes: number,
): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length < minimum || value.length > maximum)
    ownershipMalformed(
      minimum === maximum
        ? `${name} must be a list of ${minimum}`
        : `${name} must be a list of ${minimum} to ${maximum}`,
    );
  return (value as readonly unknown[]).map((item) => {
    const bytes = bytesOf(item, mostBytes);
    return bytes ?? ownershipMalformed(`${name} must be 0x and lower-case hex of at most ${mostBytes} bytes`);
  });
}

/** r ‖ s ‖ v with v 27 or 28. @returns the recovery id */
export function recoveryOf(rsv: Uint8Array): number {
  const v = rsv[64]!;
  if (v !== 27 && v !== 28) ownershipMalformed('the last byte of a signature must be 27 or 28');
  return v - 27;
}
