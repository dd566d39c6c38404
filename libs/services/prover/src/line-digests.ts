import { createHash } from 'node:crypto';
import { summedLine } from '@solvent-por/prover';

/**
 * Digests of the lines of global-proof.ndjson, taken from the very bytes that a snapshot is summed up from: a
 * proof that is changed later is not what they say.
 */
export class LineDigests {
  readonly #lines: Uint8Array[] = [];
  #proof: Uint8Array | undefined;

  /** SHA-256 of each line, without LF, in order. */
  get lines(): readonly Uint8Array[] {
    return this.#lines;
  }

  /** @param proof without sums; it is gone through twice, and its sums are known the second time */
  proof(proof: Uint8Array): void {
    this.#proof = proof;
  }

  /** Of the proof before. */
  sums(sums: readonly Uint8Array[]): void {
    if (!this.#proof) throw new RangeError('sums come after their proof');
    this.#lines.push(sha256(summedLine(this.#proof, sums)));
    this.#proof = undefined;
  }
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
