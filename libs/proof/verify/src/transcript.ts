import { concat, fromBytes, mod, u32be, utf8 } from '@solvent/algebra';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * The Fiat–Shamir transcript (section 6): a SHA-256 chain over everything the prover has said so far.
 * A challenge depends on every absorbed byte, its label and its length.
 */
export class Transcript {
  #state: Uint8Array;

  constructor(name: 'proof' | 'totals' | 'inclusion') {
    this.#state = sha256(utf8(`solvent/v1/${name}`));
  }

  /** Takes in `data` under an ASCII label of section 6's list; several byte strings are concatenated. */
  absorb(label: string, ...data: readonly Uint8Array[]): void {
    const name = utf8(label);
    const length = data.reduce((total, part) => total + part.length, 0);
    this.#state = sha256(concat(this.#state, Uint8Array.of(name.length), name, u32be(length), ...data));
  }

  /** A field element in 0…r−1: 64 bytes mod r, so that its bias is below 2^−256. */
  challenge(label: string): bigint {
    this.absorb(label);
    const low = sha256(concat(this.#state, Uint8Array.of(0)));
    const high = sha256(concat(this.#state, Uint8Array.of(1)));
    return mod(fromBytes(concat(low, high)));
  }
}
