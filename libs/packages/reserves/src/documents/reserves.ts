export const RESERVES_PROTOCOL = 'solvent-reserves/v1';
/** The two files of a publication (section 3 of the specification), and the longest that the first may be. */
export const RESERVES_FILE = 'reserves.json';
export const ADDRESSES_FILE = 'reserve-addresses.ndjson';
export const MAX_RESERVES_BYTES = 8 * 1024 * 1024;

/** In the order of the alphabet, in which lines rise. */
export const CLASSES = ['custodian', 'own', 'staked'] as const;
export type Class = (typeof CLASSES)[number];
/** Decimal strings, one for each class. */
export type ClassTotals = Readonly<Record<Class, string>>;

/** The last block of a network whose time is not after `takenAt`. */
export interface NetworkBlock {
  readonly network: string;
  /** Decimal string: height, slot, or seqno of the masterchain. */
  readonly height: string;
  /** 32 bytes, as explorers print them. */
  readonly block: string;
  /** `YYYY-MM-DDTHH:MM:SSZ` */
  readonly time: string;
  /** bitcoin: 80 bytes; eip155: RLP. Ties `time` to `block`. */
  readonly header?: string;
}

/** A coin or token on one network, and what its lines add up to in its own smallest units. */
export interface Holding {
  readonly network: string;
  readonly asset: string;
  /** Absent for the network's own coin. */
  readonly token?: string;
  readonly decimals: number;
  readonly lines: number;
  readonly totals: ClassTotals;
  /** Account proof of the token's contract. */
  readonly storage?: readonly string[];
}

/** An asset over all its holdings, in units of 10^(−scale). */
export interface ReserveAsset {
  readonly symbol: string;
  readonly scale: number;
  readonly totals: ClassTotals;
  readonly price?: string;
}

/** Money that no ledger shows, by somebody's word. */
export interface Attested {
  readonly symbol: string;
  readonly scale: number;
  readonly amount: string;
  readonly by: string;
  /** SHA-256 of the report, or null. */
  readonly digest: string | null;
  readonly price?: string;
}

/** `reserves.json` (the reserves page, section 3): what an operator publishes and signs. */
export interface Reserves {
  readonly protocol: typeof RESERVES_PROTOCOL;
  /** 32 bytes: Ed25519. */
  readonly operator: string;
  readonly domain: string;
  readonly snapshot: string;
  readonly takenAt: string;
  /** Digests of the liabilities' header and manifest. */
  readonly liabilities: { readonly header: string; readonly manifest: string } | null;
  /** The network whose block nobody knew before. */
  readonly anchor: string;
  readonly statement: string;
  /** Legacy texts. */
  readonly messages: readonly string[];
  readonly networks: readonly NetworkBlock[];
  readonly holdings: readonly Holding[];
  readonly assets: readonly ReserveAsset[];
  readonly unit?: string;
  readonly priceScale?: number;
  readonly attested: readonly Attested[];
  readonly addresses: { readonly lines: number; readonly bytes: number; readonly digest: string };
  readonly previous: string | null;
  readonly signature: string;
}

export type UnsignedReserves = Omit<Reserves, 'signature'>;
