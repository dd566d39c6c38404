import type { StepState } from './states';

/** The questions of one account's check, in the order in which they are told. */
export const STEPS = ['row', 'amounts', 'batch', 'totals', 'signature', 'everybody', 'covered'] as const;
export type StepId = (typeof STEPS)[number];

/** One value behind a step, for "show me". `name` is a text of the page, `fact.<name>`. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Hex is shortened on the screen and copied whole; an equation is shown as it is. */
  readonly kind: 'hex' | 'text' | 'equation';
}

/**
 * One step's outcome, in data: the words are the page's. `why` names the sentence below
 * `step.<id>.<state>.<why>`.
 */
export interface Step {
  readonly id: StepId;
  readonly state: StepState;
  readonly why: string;
  /** The verifier's own code, for whoever is written to. */
  readonly code?: string;
  readonly facts: readonly Fact[];
  /** Section of the specification; of the reserves' own, where `of` says so. */
  readonly section: number;
  readonly of?: 'reserves';
  /** What the sentence mentions. */
  readonly values?: Readonly<Record<string, string>>;
}

/** One published value: of the account, or a total over all. */
export interface ValueRow {
  readonly symbol: string;
  readonly side: 'equity' | 'debt' | 'pool';
  readonly pool?: string;
  /** A decimal number of whole tokens, exact: `12.50`. */
  readonly amount: string;
  /** Of a total, in the snapshot's unit, where prices or the asset itself say it. */
  readonly worth?: string;
  /** What of an equity or pool counts against debts, where the snapshot has haircuts. */
  readonly counts?: string;
}

/** Where the row stands, for the picture. */
export interface RowPlace {
  readonly row: number;
  readonly batch: number;
  readonly batchCount: number;
  /** On which side each hidden sibling stands, from the batch upwards. */
  readonly sides: readonly ('left' | 'right')[];
}

/** What a manifest says of itself, once it could be read. */
export interface SnapshotReport {
  readonly snapshot: string;
  readonly takenAt: string;
  readonly mode: string;
  readonly unit?: string;
  readonly operator: string;
  readonly digest: string;
  readonly previous: string | null;
  readonly batchCount: number;
  /** Whether it has a claim tree: then private claims can be made. */
  readonly claims: boolean;
  readonly totals: readonly ValueRow[];
}

export type AccountReport =
  | {
      readonly kind: 'checked';
      readonly snapshot: SnapshotReport;
      readonly keyKnown: boolean;
      readonly values: readonly ValueRow[];
      readonly place: RowPlace;
      readonly steps: readonly Step[];
    }
  /** One of the two documents is none; it says nothing about the account. */
  | {
      readonly kind: 'unreadable';
      readonly document: 'manifest' | 'proof';
      readonly code: string;
      readonly reason: string;
    };
