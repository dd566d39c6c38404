import { equalBytes } from '@solvent-por/kzg';
import { fromWords } from './bech32';
import { polymod, prefixWords, wordsOf } from './cash-address';
import { evmAccount } from './hashes';
import { account, type Network } from './network';

const PREFIX = 'cfx';
const ALPHABET = 'abcdefghjkmnprstuvwxyz0123456789';
const CHECKSUM_WORDS = 8;

/** CIP-37, short form in lower case: a version byte 0, 20 bytes, and CashAddr's checksum. */
export const CONFLUX: Network = {
  name: 'conflux',
  family: 'other',
  read: (address) => {
    if (!address.startsWith(`${PREFIX}:`) || address.length !== PREFIX.length + 1 + 42) return undefined;
    const words = wordsOf(address.slice(PREFIX.length + 1), ALPHABET);
    if (!words || polymod([...prefixWords(PREFIX), 0, ...words]) !== 0n) return undefined;
    const bytes = fromWords(words.slice(0, -CHECKSUM_WORDS));
    if (bytes?.length !== 21 || bytes[0] !== 0) return undefined;
    const payload = bytes.subarray(1);
    switch (payload[0]! >> 4) {
      case 1:
        return account(address, 'key', payload);
      case 0: // built in
      case 8: // contracts
        return account(address, 'unsupported', payload);
      default:
        return undefined;
    }
  },
  ofSecp256k1: ({ payload }, key) => {
    const own = Uint8Array.from(evmAccount(key));
    own[0] = 0x10 | (own[0]! & 0x0f);
    return equalBytes(payload, own);
  },
};
