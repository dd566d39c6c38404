import { SolventError } from '@solvent-por/kzg';
import { splitLines } from '@solvent-por/verifier';
import { MAX_LINE_BYTES } from '../documents/line';
import { parseReserves } from '../documents/parse-reserves';
import { untrue } from '../failure';
import type { ReservesVerdict } from './report';
import { ReservesVerifier, type ReservesOptions } from './reserves-verifier';

/** Lines and bytes so far, and how many there will be. */
export interface ReservesProgress {
  readonly lines: number;
  readonly bytes: number;
  readonly ofLines: number;
  readonly ofBytes: number;
}

/**
 * Verifies a publication from its two files, as a stream.
 *
 * @param reserves reserves.json
 * @param addresses reserve-addresses.ndjson
 * @param progress is called after every piece of the file
 * @throws SolventError of kind usage or internal alone: what is wrong with the publication is a verdict
 */
export async function verifyReserves(
  reserves: Uint8Array,
  addresses: AsyncIterable<Uint8Array>,
  options: ReservesOptions = {},
  progress: (so: ReservesProgress) => void = () => {},
): Promise<ReservesVerdict> {
  return refusals(async () => {
    const document = parseReserves(reserves);
    const verifier = new ReservesVerifier(document, options);
    const { lines: ofLines, bytes: ofBytes } = document.addresses;
    let lines = 0;
    const pieces = bounded(addresses, ofBytes, (bytes) => progress({ lines, bytes, ofLines, ofBytes }));
    for await (const line of splitLines(pieces, () => MAX_LINE_BYTES)) {
      verifier.line(line);
      lines++;
    }
    return verifier.finish();
  });
}

/** What is thrown about a publication, as a verdict. */
export async function refusals(judge: () => Promise<ReservesVerdict>): Promise<ReservesVerdict> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof SolventError) || !(error.kind === 'malformed' || error.kind === 'invalid'))
      throw error;
    const { line } = error.details;
    return {
      verdict: error.kind === 'malformed' ? 'malformed' : 'wrong',
      code: error.code,
      reason: error.message,
      ...(typeof line === 'number' && { line }),
    };
  }
}

/** Refuses a file that is longer than was said, before more of it is read. */
export async function* bounded(
  pieces: AsyncIterable<Uint8Array>,
  most: number,
  after: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > most)
      untrue('ADDRESSES_UNTRUE', `the file is longer than the ${most} bytes of reserves.json`);
    yield piece;
    after(bytes);
  }
}
