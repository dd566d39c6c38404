import { BN254_R } from '../field';

const ELEMENT_BITS = 254;

/**
 * The Grain generator in self-shrinking mode that Poseidon's parameters are drawn from (eprint 2019/458,
 * appendix E): a register of 80 bits that begins with the parameters themselves.
 */
export class Grain {
  readonly #state: Uint8Array;
  #at = 0;

  /** @param t elements of the state */
  constructor(t: number, fullRounds: number, partialRounds: number) {
    // A prime field, x^5; then 30 ones.
    const words: readonly (readonly [number, number])[] = [
      ...([
        [1, 2],
        [0, 4],
        [ELEMENT_BITS, 12],
        [t, 12],
      ] as const),
      ...([
        [fullRounds, 10],
        [partialRounds, 10],
        [2 ** 30 - 1, 30],
      ] as const),
    ];
    this.#state = Uint8Array.from(
      words.flatMap(([word, bits]) => Array.from({ length: bits }, (_, i) => (word >>> (bits - 1 - i)) & 1)),
    );
    for (let i = 0; i < 160; i++) this.#step();
  }

  /** The next 254 bits, big-endian, whatever they are. */
  integer(): bigint {
    let text = '0b';
    for (let i = 0; i < ELEMENT_BITS; i++) text += this.#bit();
    return BigInt(text);
  }

  /** The next integer below the order; others are passed over. */
  element(): bigint {
    for (;;) {
      const integer = this.integer();
      if (integer < BN254_R) return integer;
    }
  }

  /** Of each pair of bits the second, where the first is 1. */
  #bit(): number {
    while (this.#step() === 0) this.#step();
    return this.#step();
  }

  #step(): number {
    const [s, at] = [this.#state, this.#at];
    const bit = (k: number) => s[(at + k) % 80]!;
    const next = bit(62) ^ bit(51) ^ bit(38) ^ bit(23) ^ bit(13) ^ bit(0);
    s[at] = next;
    this.#at = (at + 1) % 80;
    return next;
  }
}
