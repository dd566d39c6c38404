import { SolventError, utf8 } from '@solvent-por/kzg';
import { parsePlainJson } from '@solvent-por/reserves';
import { malformedAnswer } from './failure';

/** Strings, which are left as they are, and numbers; a string that never ends goes to the end. */
const STRINGS_AND_NUMBERS =
  /"(?:[^"\\]|\\.)*(?:"|\\?$)|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/gs;

/**
 * JSON whose numbers become strings of the same digits, for amounts must never be floats; nothing doubled,
 * nothing nested deeper than documents are.
 *
 * @throws NodeFailure NODE_ANSWER_MALFORMED
 */
export function exactJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return malformedAnswer('the answer of the node is not UTF-8');
  }
  try {
    const exact = utf8(
      text.replace(STRINGS_AND_NUMBERS, (token) => (token[0] === '"' ? token : `"${token}"`)),
    );
    return parsePlainJson(exact, exact.length, 'the answer of the node');
  } catch (error) {
    // Or the engine has no room for it: strings of many millions of characters are in no honest answer.
    return malformedAnswer(
      error instanceof SolventError ? error.message : 'the answer of the node is no JSON',
    );
  }
}

const DECIMAL = /^(0|[1-9][0-9]{0,30})(?:\.([0-9]{1,40}))?(?:[eE]([+-]?)([0-9]{1,2}))?$/;

/**
 * The digits of a JSON number as an integer of smallest units: `0.5` of 8 decimals is 50,000,000. `1e-08` as
 * some nodes write it is 1.
 *
 * @throws NodeFailure NODE_ANSWER_MALFORMED: negative, too long, or finer than the unit
 */
export function smallestUnits(value: unknown, decimals: number): bigint {
  const match = typeof value === 'string' ? DECIMAL.exec(value) : null;
  if (!match) return malformedAnswer('the node gives an amount that is no decimal number');
  const [, whole, part = '', sign, exponent = '0'] = match;
  const places = decimals - part.length + (sign === '-' ? -1 : 1) * Number(exponent);
  const digits = BigInt(`${whole!}${part}`);
  if (places >= 0) return digits * 10n ** BigInt(places);
  const divisor = 10n ** BigInt(-places);
  if (digits % divisor !== 0n)
    malformedAnswer('the node gives an amount that is finer than the smallest unit');
  return digits / divisor;
}
