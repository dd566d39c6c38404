import type { Attested } from '../documents/reserves';
import type { Control, Reason } from './levels';
import type { Solvency } from './solvency';
import type { AssetSums } from './tally';

/** What a verifier says of a publication that is right (section 9): nothing added up over levels. */
export interface ReservesReport {
  readonly verdict: 'right';
  /** Of reserves.json: 0x and 64 digits. */
  readonly digest: string;
  readonly operator: string;
  readonly domain: string;
  readonly snapshot: string;
  readonly takenAt: string;
  readonly lines: number;
  readonly blocks: Readonly<Record<string, 'confirmed' | 'unconfirmed'>>;
  /** Whether a bitcoin header shows work. */
  readonly work: boolean;
  /** Seconds between the first and the last block. */
  readonly span: number;
  readonly liabilities: 'none' | 'not given' | 'unproved' | 'proved';
  /** Numbers of lines. */
  readonly ownership: Readonly<Partial<Record<Control, number>>>;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  readonly delegated: number;
  /** Nodes that were asked, by network. */
  readonly nodes?: Readonly<Record<string, string>>;
  /** Safes that have modules enabled. */
  readonly modules?: number;
  readonly assets: Readonly<Record<string, AssetSums>>;
  readonly attested: readonly Attested[];
  readonly unit?: string;
  readonly priceScale?: number;
  /** Legacy texts, which evidence may have been copied under. */
  readonly messages: readonly string[];
  readonly notes: readonly string[];
  readonly solvency?: Solvency;
}

/** Or the first thing that is wrong with it. */
export interface RefusedReserves {
  readonly verdict: 'wrong' | 'malformed';
  readonly code: string;
  readonly reason: string;
  /** Of reserve-addresses.ndjson, from 1. */
  readonly line?: number;
}

export type ReservesVerdict = ReservesReport | RefusedReserves;
