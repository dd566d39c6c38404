/** A coin or token that the verifier vouches for: its own data, never the document's. */
export interface KnownCoin {
  readonly asset: string;
  readonly decimals: number;
  /** Slot of the Solidity mapping of balances: decimal string below 2^256. With `code` and `since`. */
  readonly slot?: string;
  /** 1…256, 256 where absent: how many low bits of the slot's value are the amount; a higher one says frozen. */
  readonly bits?: number;
  /** 1 to 8 hashes that the contract's code may have. */
  readonly code?: readonly string[];
  /** The first height at which slot and code are so. */
  readonly since?: string;
}
