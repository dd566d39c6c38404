import { parseReserves } from '../src/documents/parse-reserves';
import type { NodeAnswer } from '../src/verify/line-judge';
import { ReservesVerifier, type ReservesOptions } from '../src/verify/reserves-verifier';
import type { ReservesReport, ReservesVerdict } from '../src/verify/report';
import { verifyReserves } from '../src/verify/verify-reserves';
import { CONFIRMED, type Made } from './made-publication';

export async function* piecesOf(text: string, size = 4096): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Verified with the operator's key and the EVM block's hash from elsewhere. */
export function verdictOf(made: Made, options: ReservesOptions = {}): Promise<ReservesVerdict> {
  const { reserves, addresses, operator } = made;
  return verifyReserves(new TextEncoder().encode(reserves), piecesOf(addresses), {
    ...{ operator, blocks: CONFIRMED },
    ...options,
  });
}

/** The report of one that must be right. */
export async function reportOf(made: Made, options: ReservesOptions = {}): Promise<ReservesReport> {
  const verdict = await verdictOf(made, options);
  if (verdict.verdict !== 'right') throw new Error(`${verdict.verdict}: ${verdict.reason}`);
  return verdict;
}

/** Every line with what a node said of it. */
export function answered(
  made: Made,
  answers: readonly (NodeAnswer | undefined)[],
  options: ReservesOptions = {},
) {
  const verifier = new ReservesVerifier(parseReserves(made.reserves), { blocks: CONFIRMED, ...options });
  made.addresses
    .trimEnd()
    .split('\n')
    .forEach((line, i) => verifier.line(line, answers[i]));
  return verifier.finish();
}
