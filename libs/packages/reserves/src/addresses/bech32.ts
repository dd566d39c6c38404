import { bech32, bech32m } from '@scure/base';

/** The longest here are Cardano's: 57 bytes under `addr`, 103 characters. */
const MOST_CHARACTERS = 128;

/** Payload of a lower-case bech32 text with this prefix (Cosmos, Cardano), or undefined. */
export function decodeBech32(text: string, prefix: string): Uint8Array | undefined {
  const words = decodeWords(bech32, text, prefix);
  return words && fromWords(words);
}

/** A segwit address (BIP-173, BIP-350): its version and program, or undefined. */
export function decodeSegwit(
  text: string,
  prefix: string,
): { readonly version: number; readonly program: Uint8Array } | undefined {
  if (text.length > 90) return undefined;
  const [plain, modified] = [decodeWords(bech32, text, prefix), decodeWords(bech32m, text, prefix)];
  const version = (plain ?? modified)?.[0];
  if (version === undefined || version > 16 || (version === 0) !== (plain !== undefined)) return undefined;
  const program = fromWords((plain ?? modified)!.slice(1));
  return program && { version, program };
}

function decodeWords(coder: typeof bech32, text: string, prefix: string): number[] | undefined {
  if (text.length > MOST_CHARACTERS || text !== text.toLowerCase()) return undefined;
  try {
    const { prefix: given, words } = coder.decode(text as `${string}1${string}`, MOST_CHARACTERS);
    return given === prefix ? words : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes of five-bit words whose padding is zero and shorter than five bits; undefined otherwise. */
export function fromWords(words: number[]): Uint8Array | undefined {
  try {
    return bech32.fromWords(words);
  } catch {
    return undefined;
  }
}
