import { malformed } from '../failure';

/**
 * An amount in whole coins as smallest units, exactly.
 * @param decimals of the coin; more digits after the point are refused
 * @throws SolventError ROW_MALFORMED
 */
export function smallestUnits(text: string, decimals: number): bigint {
  const match = /^([0-9]{1,40})(?:\.([0-9]{1,40}))?$/.exec(text);
  if (!match)
    return malformed('ROW_MALFORMED', `the amount ${JSON.stringify(text.slice(0, 40))} is no decimal number`);
  const [, whole, fraction = ''] = match;
  if (fraction.length > decimals)
    malformed(
      'ROW_MALFORMED',
      `the amount has ${fraction.length} digits after the point, the coin has ${decimals}`,
    );
  return BigInt(whole! + fraction.padEnd(decimals, '0'));
}
