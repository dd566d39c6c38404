import { bech32 } from '@scure/base';
import { fromWords } from './bech32';
import { account, type Account } from './network';

const PREFIX = 'bitcoincash';
/** The alphabet is bech32's. */
const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const CHECKSUM_WORDS = 8;

/** CashAddr with its prefix in lower case, type 0 or 1 (version byte 0 or 8) of 20 bytes, or undefined. */
export function decodeCashAddress(address: string): Account | undefined {
  if (!address.startsWith(`${PREFIX}:`) || address.length !== PREFIX.length + 1 + 42) return undefined;
  const words = wordsOf(address.slice(PREFIX.length + 1), ALPHABET);
  if (!words || polymod([...prefixWords(PREFIX), 0, ...words]) !== 0n) return undefined;
  const bytes = fromWords(words.slice(0, -CHECKSUM_WORDS));
  if (bytes?.length !== 21) return undefined;
  if (bytes[0] === 0) return account(address, 'p2pkh', bytes.subarray(1));
  return bytes[0] === 8 ? account(address, 'p2sh', bytes.subarray(1)) : undefined;
}

/** The same address from a legacy one's hash, for importers. @param hash 20 bytes */
export function encodeCashAddress(script: boolean, hash: Uint8Array): string {
  const words = bech32.toWords(Uint8Array.of(script ? 8 : 0, ...hash));
  const checksum = polymod([...prefixWords(PREFIX), 0, ...words, ...new Array<number>(8).fill(0)]);
  const tail = Array.from({ length: CHECKSUM_WORDS }, (_, i) =>
    Number((checksum >> BigInt(5 * (7 - i))) & 31n),
  );
  return `${PREFIX}:${[...words, ...tail].map((word) => ALPHABET[word]).join('')}`;
}

/** Five bits a character; undefined where one is not in the alphabet. */
export function wordsOf(text: string, alphabet: string): number[] | undefined {
  const words = [...text].map((character) => alphabet.indexOf(character));
  return words.includes(-1) ? undefined : words;
}

/** Lower five bits of each character. */
export function prefixWords(prefix: string): number[] {
  return [...prefix].map((character) => character.charCodeAt(0) & 31);
}

const GENERATORS = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n];

/** The 40-bit checksum of CashAddr, which CIP-37 uses too: 0 for a right text with its checksum. */
export function polymod(words: readonly number[]): bigint {
  let state = 1n;
  for (const word of words) {
    const top = state >> 35n;
    state = ((state & 0x07ffffffffn) << 5n) ^ BigInt(word);
    GENERATORS.forEach((generator, bit) => {
      if ((top >> BigInt(bit)) & 1n) state ^= generator;
    });
  }
  return state ^ 1n;
}
