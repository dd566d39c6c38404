const ID = '[A-Za-z0-9._-]{1,64}';

/** What a witness key may be called. */
export const WITNESS_KEY_ID = new RegExp(`^${ID}$`);

/**
 * A witness key as services and `solvent db` are given it: `id:0x<64 hex digits in lower case>`; `$1` is the
 * id, `$2` the digits.
 */
export const WITNESS_KEY = new RegExp(`^(${ID}):0x([0-9a-f]{64})$`);
