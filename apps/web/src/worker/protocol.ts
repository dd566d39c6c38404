import type { JudgeData, JudgedBatch, ReportMaking, ReservesProgress } from '@solvent-por/reserves';
import type { Finding, Invalid, VerifiedLine } from '@solvent-por/verifier';
import type { InputProblem } from '../check/account-input';
import type { AddressPage, AddressQuery } from '../check/address-book';
import type { ReservesFound } from '../check/found';
import type { AccountReport, SnapshotReport } from '../check/report';
import type { ClaimTasks } from './claims-protocol';

export type { ReservesProgress };

/** What is known besides the documents: texts of manifests, and the key the page was set up with. */
export interface KnownTexts {
  readonly expected?: string;
  readonly remembered?: string;
  readonly published: readonly string[];
}

/** What a user typed. It goes to the worker and nowhere else. */
export interface Typed {
  readonly text: string;
  readonly identifiers: boolean;
}

/** Where a global proof is read from. */
export type GlobalSource = { readonly address: string; readonly snapshot: string } | { readonly file: Blob };

/** Where a publication of reserves is read from: below an address that ends with a slash, or two files. */
export type ReservesSource =
  { readonly address: string } | { readonly reserves: Blob; readonly addresses: Blob };

export interface Tasks extends ClaimTasks {
  /** The id by which an account is looked up in a snapshot. */
  identify: { readonly give: { manifest: string; typed: Typed }; readonly get: Identified };
  check: {
    readonly give: { manifest: Uint8Array; inclusion: Uint8Array; typed?: Typed; known: KnownTexts };
    readonly get: AccountReport;
  };
  /** Looks an account up in a sealed bundle, and checks it. */
  sealed: {
    readonly give: { manifest: Uint8Array; address: string; typed: Typed; known: KnownTexts };
    readonly get: SealedReport;
  };
  /** Each link of a chain of manifests, newest first. */
  chain: { readonly give: { manifests: readonly string[]; expected?: string }; readonly get: ChainReport };
  /** A whole global proof, with progress. */
  global: {
    readonly give: { source: GlobalSource; expected?: string; workers: number; manifest?: string };
    readonly get: GlobalReport;
    readonly progress: GlobalProgress;
  };
  /** One line of a global proof, in a worker of its own. */
  line: {
    readonly give: { line: Uint8Array; manifest: Uint8Array };
    readonly get: VerifiedLine | Invalid;
  };
  /** A whole publication of reserves against a manifest, with progress. */
  reserves: {
    readonly give: {
      source: ReservesSource;
      manifest: string;
      /** Whether the global proof under it was verified by this page. */
      proved: boolean;
      expected?: string;
      /** Hashes of blocks from elsewhere, by network. */
      blocks: Readonly<Record<string, string>>;
      workers: number;
      made: ReportMaking;
    };
    /** `listed`: how many of its lines can be looked up by `addresses`. */
    readonly get:
      | { readonly kind: 'report'; readonly found: ReservesFound; readonly listed: number }
      | { readonly kind: 'none' };
    readonly progress: ReservesProgress;
  };
  /** Some lines of it, in a worker of their own; the first call brings what it judges by. */
  judge: {
    readonly give: { lines: readonly Uint8Array[]; data?: JudgeData };
    readonly get: JudgedBatch;
  };
  /** Lines of the publication that this worker verified last. */
  addresses: { readonly give: AddressQuery; readonly get: AddressPage };
}
export type TaskName = keyof Tasks;
/** How far a task is; most say nothing of it. */
export type ProgressOf<T extends TaskName> = Tasks[T] extends { readonly progress: infer P } ? P : never;

export type Identified =
  | {
      readonly kind: 'key' | 'identifier';
      readonly id: string;
      /** By which its owner is given the claim file: secret. */
      readonly access: string;
      readonly tidied: boolean;
    }
  | { readonly kind: 'malformed'; readonly problem: InputProblem; readonly digits?: number };

export type SealedReport = {
  /** Of how many shards one was asked for, and about how many accounts share it; 0 where none was. */
  readonly shards: number;
  readonly sharing: number;
} & (
  | { readonly outcome: 'included'; readonly document: Uint8Array; readonly report: AccountReport }
  | {
      readonly outcome: 'absent' | 'damaged' | 'invalid';
      readonly code: string;
      readonly reason: string;
      readonly file?: string;
    }
);

/** How one manifest is linked to the one before it. */
export interface ChainLink {
  readonly snapshot: string;
  readonly digest: string;
  /** Undefined where it is not this exchange's document at all. */
  readonly report?: SnapshotReport;
  readonly state: 'checked' | 'open' | 'false';
  /** `first`, `follows`, `missing`, or the verifier's code. */
  readonly why: string;
  /** How it shows less than the one before. */
  readonly losses: readonly string[];
}
export interface ChainReport {
  readonly links: readonly ChainLink[];
}

export interface GlobalProgress {
  readonly batches: number;
  readonly batchCount: number;
  readonly bytes: number;
  readonly totalBytes?: number;
}

export type GlobalReport =
  | {
      readonly outcome: 'holds';
      readonly snapshot: SnapshotReport;
      readonly proofs: number;
      readonly checked: readonly Finding[];
      readonly notChecked: readonly Finding[];
    }
  | {
      readonly outcome: 'false';
      readonly code: string;
      readonly reason: string;
      readonly snapshot?: SnapshotReport;
    };

/** To a worker. */
export interface Call<T extends TaskName = TaskName> {
  readonly call: number;
  readonly task: T;
  readonly give: Tasks[T]['give'];
}

/** From a worker. */
export type Answer =
  | { readonly call: number; readonly got: unknown }
  | { readonly call: number; readonly progress: unknown }
  | { readonly call: number; readonly failed: Failure };

/** What went wrong, which says nothing about a proof unless its kind is `malformed`. */
export interface Failure {
  readonly code: string;
  readonly kind: 'malformed' | 'source' | 'internal';
  readonly message: string;
}
