/** What an address of a network stands for. */
export interface Account {
  /** The text itself: an account has one spelling. */
  readonly address: string;
  readonly kind: AccountKind;
  /** What is left after decoding: a hash, a key; empty where only the form is known. */
  readonly payload: Uint8Array;
}

/**
 * `key` is what one key of the network's own kind makes; `unsupported` is well-formed, but no scheme of this
 * version shows who controls it (a contract, a script).
 */
export type AccountKind = 'key' | 'p2pkh' | 'p2sh' | 'p2wpkh' | 'p2wsh' | 'p2tr' | 'named' | 'unsupported';

/** The code of a TON wallet and its data (TON alone). */
export interface TonWallet {
  readonly wallet: string;
  /** 32 bits, unsigned */
  readonly walletId: number;
  /** 22 bits; of `highload-v3` alone */
  readonly timeout?: number;
}

/** A UTXO network's share in what is signed and in how scripts may be wrapped. */
export interface UtxoRules {
  /** `Bitcoin Signed Message:\n` */
  readonly prefix: string;
  readonly segwit: boolean;
}

/** One ledger: the form of its addresses, and which keys make them (the reserves page, section 6). */
export interface Network {
  readonly name: string;
  readonly family: 'utxo' | 'eip155' | 'tron' | 'beacon' | 'other' | 'not judged';
  /** Undefined where the text is not the one spelling of an account. */
  readonly read: (address: string) => Account | undefined;
  /** Whether the secp256k1 key (65 bytes, uncompressed) makes the account; absent: no such keys. */
  readonly ofSecp256k1?: (account: Account, key: Uint8Array) => boolean;
  /** Whether the Ed25519 key (32 bytes) makes the account; absent: no such keys. */
  readonly ofEd25519?: (account: Account, key: Uint8Array, wallet?: TonWallet) => boolean;
  /** Whether evidence may say `rotated`. */
  readonly rotated?: true;
  readonly utxo?: UtxoRules;
}

export function account(
  address: string,
  kind: AccountKind,
  payload: Uint8Array = new Uint8Array(0),
): Account {
  return { address, kind, payload };
}
