import { concat, fromBytes, mod, SolventError, u32be, utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';

/** What may be absorbed or drawn, by the transcript's name: the labels of sections 7 and 8 and no others. */
const LABELS = {
  proof: [
    ...['header', 'first', 'accounts', 'limbs', 'multiplicity', 'alpha', 'helpers', 'table', 'y'],
    ...['quotient', 'zeta', 'evaluations', 'gamma'],
  ],
  sums: ['header', 'batches', 'columns', 'totals', 'gamma'],
} as const satisfies Record<string, readonly string[]>;

/**
 * The Fiat–Shamir transcript (section 6): a SHA-256 chain over everything the prover has said so far.
 * A challenge depends on every absorbed byte, its label and its length.
 */
export class Transcript {
  #state: Uint8Array;
  readonly #labels: ReadonlySet<string>;

  /** @throws SolventError TRANSCRIPT_UNKNOWN (kind malformed) */
  constructor(name: keyof typeof LABELS) {
    if (!Object.hasOwn(LABELS, name))
      throw new SolventError('TRANSCRIPT_UNKNOWN', 'malformed', 'there is no transcript of this name');
    this.#labels = new Set(LABELS[name]);
    this.#state = sha256(utf8(`solvent/v1/${name}`));
  }

  /**
   * Takes in `data` under a label of this transcript; several byte strings are concatenated.
   * @throws SolventError TRANSCRIPT_LABEL (kind malformed) for any other label: one of 256 bytes would have
   *   the length byte of an empty one
   */
  absorb(label: string, ...data: readonly Uint8Array[]): void {
    if (!this.#labels.has(label))
      throw new SolventError('TRANSCRIPT_LABEL', 'malformed', 'the transcript has no such label');
    const name = utf8(label);
    const length = data.reduce((total, part) => total + part.length, 0);
    this.#state = sha256(concat(this.#state, Uint8Array.of(name.length), name, u32be(length), ...data));
  }

  /**
   * A field element in 0…r−1: 64 bytes mod r, so that its bias is below 2^−256.
   * @throws SolventError TRANSCRIPT_LABEL
   */
  challenge(label: string): bigint {
    this.absorb(label);
    const low = sha256(concat(this.#state, Uint8Array.of(0)));
    const high = sha256(concat(this.#state, Uint8Array.of(1)));
    return mod(fromBytes(concat(low, high)));
  }
}
