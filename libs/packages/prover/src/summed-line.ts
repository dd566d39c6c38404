import { SolventError, toHex, utf8, concat } from '@solvent-por/kzg';

/**
 * The line of a proof from its bytes without sums (see `unsummedBytes`): `sums` is the last member of the
 * canonical form, so it is put behind all others and nothing need be read.
 *
 * @throws SolventError PROOF_FILE_DAMAGED (internal): not the bytes of a JSON object
 */
export function summedLine(proof: Uint8Array, sums: readonly Uint8Array[]): Uint8Array {
  if (proof.at(-1) !== CLOSE)
    throw new SolventError('PROOF_FILE_DAMAGED', 'internal', 'a stored proof does not end as one');
  return concat(proof.subarray(0, -1), utf8(`,"sums":${JSON.stringify(sums.map(toHex))}}`));
}

const CLOSE = '}'.charCodeAt(0);

/**
 * Length of such a line.
 * @param proof bytes of the proof without sums
 * @param batches how many it covers, 1 or more
 */
export function summedLineBytes(proof: number, batches: number): number {
  // ,"sums":[…] and, batch by batch, "0x…" of 48 bytes, a comma between two.
  return proof + 10 + 100 * batches + (batches - 1);
}
