/** Where a claim that was shown comes from. */
export type ShownFrom = { readonly link: string } | { readonly file: Uint8Array };

/** What a partner has in their own records; nothing of it is the claim's. */
export interface AskedFor {
  readonly partner: string;
  readonly purpose: string;
  /** 0x and 62 hex digits. */
  readonly challenge: string;
}

/** What came of verifying a claim that was shown. */
export interface ShownReport {
  readonly snapshot: string;
  readonly takenAt: string;
  /** The key that the manifest names: 0x and 64 hex digits. */
  readonly operator: string;
  /** It is the one that this browser knows the operator by. */
  readonly keyKnown: boolean;
  readonly symbol: string;
  readonly side: 'equity' | 'debt' | 'pool';
  readonly pool?: string;
  readonly scale: number;
  /** In smallest units, as a decimal number. */
  readonly threshold: string;
  /** Whether accounts of this snapshot can have debts. */
  readonly hasDebts: boolean;
  /** Of the key that it was made with, where the manifest names it. */
  readonly setUp?: {
    /** Somebody knows its secret. */
    readonly development: boolean;
    readonly contributions: number;
  };
  /** What it was compared with; undefined: with what it says of itself. */
  readonly asked?: AskedFor;
  /** Why it does not hold; undefined where it does. */
  readonly refused?: { readonly code: string; readonly reason: string };
  readonly nullifier: string;
  readonly claimRoot: string;
  readonly scope: string;
  readonly challenge: string;
  readonly key: string;
  readonly manifest: string;
}

/** Tasks of the worker that verifies claims which are shown. */
export interface ShownTasks {
  /** Reads a claim, and looks which of some manifests it is about. */
  shown: {
    readonly give: { readonly from: ShownFrom; readonly manifests: readonly string[] };
    readonly get: {
      readonly document: Uint8Array;
      /** Place of its manifest among those that were given; -1 where it is none of them. */
      readonly at: number;
    };
  };
  shownClaim: {
    readonly give: {
      readonly document: Uint8Array;
      readonly manifest: string;
      /** Below which the keys' files are; ends with a slash. */
      readonly address: string;
      readonly expected?: string;
      readonly asked?: AskedFor;
    };
    readonly get: ShownReport;
  };
}
