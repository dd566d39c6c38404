import { hexBytes } from '@solvent-por/kzg';
import { verifyEd25519 } from '@solvent-por/verifier';
import { reservesDigest } from '../documents/parse-reserves';
import { CLASSES, type Reserves } from '../documents/reserves';
import { statement } from '../documents/texts';
import { untrue } from '../failure';
import { hexOf } from '../hex';
import type { KnownCoins } from '../known/read-known';

/** The signature is by the key that the document names. @throws SolventError RESERVES_UNTRUE */
export function checkSignature(reserves: Reserves): void {
  const { operator, signature } = reserves;
  if (!verifyEd25519(hexBytes(signature, 64), reservesDigest(reserves), hexBytes(operator, 32)))
    refuse(`reserves.json is not signed by the key it names, ${operator}`);
}

/** And it is the expected one's, if one is expected. @param operator 0x and 64 digits */
export function checkOperator(reserves: Reserves, operator: string | undefined): void {
  if (operator !== undefined && operator !== reserves.operator)
    refuse(`reserves.json is signed by ${reserves.operator}, not by the expected ${operator}`);
}

/**
 * The chain (section 10 of the liability proof): an earlier publication that is known is signed by the same
 * key, and is the one that this one names, or this one again.
 */
export function checkChain(reserves: Reserves, known: Reserves): void {
  checkSignature(known);
  if (known.operator !== reserves.operator)
    refuse(`the earlier publication is of another key, ${known.operator}`);
  const digest = hexOf(reservesDigest(known));
  if (digest === hexOf(reservesDigest(reserves))) return;
  if (reserves.previous === null)
    refuse('reserves.json says that it is the first, but an earlier one is known');
  if (reserves.previous !== digest)
    refuse(`reserves.json follows ${reserves.previous}, not the publication that is known, ${digest}`);
  if (known.takenAt >= reserves.takenAt) refuse('reserves.json is not later than the publication it follows');
}

/** R6 and R7: the statement, and what adds up within the document. */
export function checkSums(reserves: Reserves): void {
  if (reserves.statement !== statement(reserves))
    refuse('the statement is another one than the document makes: it must say what is signed');
  const { holdings, assets, addresses } = reserves;
  const lines = holdings.reduce((sum, holding) => sum + holding.lines, 0);
  if (lines !== addresses.lines)
    refuse(`the holdings have ${lines} lines together, addresses.lines says ${addresses.lines}`);
  for (const { symbol, scale, totals } of assets)
    for (const name of CLASSES) {
      const sum = holdings
        .filter(({ asset }) => asset === symbol)
        .reduce((sum, holding) => sum + rescale(BigInt(holding.totals[name]), holding.decimals, scale), 0n);
      if (sum !== BigInt(totals[name]))
        refuse(`the holdings of ${symbol} add up to ${sum} ${name}, its total says ${totals[name]}`);
    }
}

/** R4: what the verifier knows a coin as. */
export function checkKnown({ holdings }: Reserves, known: KnownCoins): void {
  for (const { network, token, asset, decimals } of holdings) {
    const coin = known.coin(network, token);
    if (coin && (coin.asset !== asset || coin.decimals !== decimals))
      refuse(
        `${network}${token === undefined ? '' : `/${token}`} is ${coin.asset} with ${coin.decimals} decimals, not ${asset} with ${decimals}`,
      );
  }
}

/** Smallest units with `decimals` as units of 10^(−scale), rounded down. */
export function rescale(amount: bigint, decimals: number, scale: number): bigint {
  return (amount * 10n ** BigInt(scale)) / 10n ** BigInt(decimals);
}

function refuse(problem: string): never {
  return untrue('RESERVES_UNTRUE', problem);
}
