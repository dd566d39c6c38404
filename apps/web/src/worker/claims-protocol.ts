import type { ShownTasks } from './shown-protocol';

/** One published value that a claim can be about. */
export interface ClaimableValue {
  readonly symbol: string;
  readonly side: 'equity' | 'debt' | 'pool';
  readonly pool?: string;
  /** Decimals of the asset: amounts are units of 10^(−scale). */
  readonly scale: number;
  /** What the account has of it, in smallest units, as a decimal number. */
  readonly units: string;
}

/** What the user wants to show, and to whom; nothing of it comes from the account. */
export interface ClaimWanted {
  /** Which of the published values, in layout order. */
  readonly value: number;
  /** In smallest units, as a decimal number. */
  readonly threshold: string;
  readonly partner: string;
  readonly purpose: string;
  /** 0x and 62 hex digits, the partner's. */
  readonly challenge: string;
}

/** A claim that was made, and verified, here. */
export interface ClaimMade {
  /** The document, byte for byte: what the partner is given. */
  readonly document: Uint8Array;
  /** The same for a link, behind its #. */
  readonly fragment: string;
  /** 0x and 64 hex digits. */
  readonly nullifier: string;
  /** SHA-256 of the verifying key's document. */
  readonly key: string;
  /** Somebody knows the set-up's secret. */
  readonly development: boolean;
  /** How many took part in the set-up. */
  readonly contributions: number;
  /** From the first byte of the proving key being there to the verified claim. */
  readonly milliseconds: number;
  /** The server made it, and this page verified it. */
  readonly byServer?: true;
}

export interface ClaimProgress {
  /** `server`: it makes the claim, in the place of the first four. */
  readonly step: 'server' | 'keys' | 'checking' | 'witness' | 'proving' | 'verifying';
  /** Of the files that are fetched. */
  readonly bytes?: number;
  readonly totalBytes?: number;
}

/** Tasks of the worker that makes and verifies claims. */
export interface ClaimTasks extends ShownTasks {
  /** Looks whether a claim file is the account's own, and in the manifest's claim tree. */
  claimFile: {
    readonly give: {
      readonly manifest: string;
      readonly file: Uint8Array;
      /** The account's id in this snapshot. */
      readonly id: string;
      readonly expected?: string;
    };
    readonly get: readonly ClaimableValue[];
  };
  /** Makes a claim, and verifies it. */
  claim: {
    readonly give: {
      readonly manifest: string;
      readonly file: Uint8Array;
      readonly wanted: ClaimWanted;
      /** Below which the keys' files are; ends with a slash. */
      readonly address: string;
      readonly expected?: string;
    };
    readonly get: ClaimMade;
    readonly progress: ClaimProgress;
  };
  /** Verifies a claim that the server made. */
  servedClaim: {
    readonly give: ClaimTasks['claim']['give'] & {
      readonly document: Uint8Array;
      /** That the server took. */
      readonly milliseconds: number;
    };
    readonly get: ClaimMade;
  };
}
