import { SolventError } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, AMOUNT_BOUND, LIMB_BITS, type AccountBatch, type Layout } from '@solvent-por/verifier';

const AMOUNT_WORDS = 3;
const LIMB_MASK = (1 << LIMB_BITS) - 1;
const VALUE_BYTES = 32;

/**
 * The account rows of one batch's limb columns. Rows are filled one by one: tiers from the bottom, rooms and
 * net from their relations.
 * Unused rows hold 0 in every base value, a room its width (section 7).
 */
export class AccountRows {
  readonly limbs: Uint16Array[];
  /** All base values of the row filled last, 32 bytes big-endian each. */
  readonly encodedBases: Uint8Array;
  /** Its published values, the same way. */
  readonly published: Uint8Array;
  readonly #bases: DataView;
  readonly #published: DataView;
  /** Base values of the row, where they are not 0. */
  readonly #values: bigint[];

  constructor(
    private readonly layout: Layout,
    private readonly amounts: AccountBatch['amounts'],
    count: number,
  ) {
    this.limbs = Array.from({ length: layout.limbs }, () => new Uint16Array(ACCOUNT_ROWS));
    this.encodedBases = new Uint8Array(VALUE_BYTES * layout.bases.length);
    this.published = new Uint8Array(VALUE_BYTES * layout.published.length);
    this.#bases = new DataView(this.encodedBases.buffer);
    this.#published = new DataView(this.published.buffer);
    this.#values = layout.bases.map(() => 0n);
    this.#fillUnused(count);
  }

  /** @throws SolventError WITNESS_OUT_OF_RANGE */
  fill(row: number): void {
    const { inputs, relations } = this.layout;
    inputs.forEach(({ widths }, v) => {
      if (widths.length > 0) this.#fillTiers(row, v);
      else this.#fillInput(row, v);
    });
    for (const { terms, constant } of relations) {
      let sum = constant;
      for (let i = 0; i < terms.length - 1; i++) {
        const { base, coefficient } = terms[i]!;
        if (this.#values[base]) sum += coefficient * this.#values[base]!;
      }
      this.#writeBase(row, terms.at(-1)!.base, -sum);
    }
    this.#fillPublished(row);
  }

  /** An input that is one base value. */
  #fillInput(row: number, v: number): void {
    const { base } = this.layout.inputs[v]!;
    const at = (row * this.layout.inputs.length + v) * AMOUNT_WORDS;
    const [w0, w1, w2] = [this.amounts[at]!, this.amounts[at + 1]!, this.amounts[at + 2]!];
    this.#bases.setUint32(VALUE_BYTES * base + 20, w2);
    this.#bases.setUint32(VALUE_BYTES * base + 24, w1);
    this.#bases.setUint32(VALUE_BYTES * base + 28, w0);
    if ((w0 | w1 | w2) === 0) {
      this.#values[base] = 0n;
      return;
    }
    this.#values[base] = this.#amount(row, v);
    this.#writeLimbs(row, base, [w0, w1, w2, 0]);
  }

  /** An input that is split over tiers, the lowest first. */
  #fillTiers(row: number, v: number): void {
    const { base, widths } = this.layout.inputs[v]!;
    let left = this.#amount(row, v);
    widths.forEach((width, i) => {
      const part = left < width ? left : width;
      this.#writeBase(row, base + i, part);
      left -= part;
    });
    this.#writeBase(row, base + widths.length, left);
  }

  #fillPublished(row: number): void {
    const { inputs, published } = this.layout;
    published.forEach((value, v) => {
      let sum = 0n;
      for (const input of value.inputs) sum += this.#amount(row, input);
      // The bounds of section 4: what a verifier would refuse is not proved.
      if (sum >= AMOUNT_BOUND || sum >> BigInt(LIMB_BITS * value.limbs))
        throw outOfRange(
          inputs[value.inputs[0]!]!.name,
          row,
          `2^${Math.min(64, LIMB_BITS * value.limbs)} − 1 together with what it is published with`,
        );
      for (let word = 0; word < AMOUNT_WORDS; word++)
        this.#published.setUint32(
          VALUE_BYTES * v + 28 - 4 * word,
          Number((sum >> BigInt(32 * word)) & 0xffffffffn),
        );
    });
  }

  #amount(row: number, v: number): bigint {
    const at = (row * this.layout.inputs.length + v) * AMOUNT_WORDS;
    const [w0, w1, w2] = [this.amounts[at]!, this.amounts[at + 1]!, this.amounts[at + 2]!];
    if ((w1 | w2) === 0) return BigInt(w0);
    const low = BigInt(w0) | (BigInt(w1) << 32n);
    return w2 ? low | (BigInt(w2) << 64n) : low;
  }

  /** A base value that may be wide: a part, a room, net. */
  #writeBase(row: number, base: number, value: bigint): void {
    const { name, firstLimb, limbs } = this.layout.bases[base]!;
    if (value < 0n || value >> BigInt(LIMB_BITS * limbs))
      throw outOfRange(name, row, `2^${LIMB_BITS * limbs} − 1`);
    this.#values[base] = value;
    for (let word = 0; word < 5; word++)
      this.#bases.setUint32(
        VALUE_BYTES * base + 28 - 4 * word,
        Number((value >> BigInt(32 * word)) & 0xffffffffn),
      );
    for (let [j, rest] = [0, value]; j < limbs; j++, rest >>= BigInt(LIMB_BITS))
      this.limbs[firstLimb + j]![row] = Number(rest & BigInt(LIMB_MASK));
  }

  #writeLimbs(row: number, base: number, words: readonly number[]): void {
    const { name, firstLimb, limbs } = this.layout.bases[base]!;
    for (let j = 0; j < limbs; j++) {
      const bit = LIMB_BITS * j;
      const word = bit >>> 5;
      const shift = bit & 31;
      let limb = words[word]! >>> shift;
      if (shift > 32 - LIMB_BITS) limb |= words[word + 1]! << (32 - shift);
      this.limbs[firstLimb + j]![row] = limb & LIMB_MASK;
    }
    const bits = LIMB_BITS * limbs;
    for (let word = bits >>> 5; word < AMOUNT_WORDS; word++)
      if ((word === bits >>> 5 ? words[word]! >>> (bits & 31) : words[word]!) !== 0)
        throw outOfRange(name, row, `2^${bits} − 1`);
  }

  /** What a relation derives where everything else is 0: its constant, less than 0; only rooms have one. */
  #fillUnused(count: number): void {
    for (const { terms, constant } of this.layout.relations) {
      if (constant === 0n) continue;
      const { firstLimb, limbs } = this.layout.bases[terms.at(-1)!.base]!;
      for (let j = 0; j < limbs; j++)
        this.limbs[firstLimb + j]!.fill(
          Number((-constant >> BigInt(LIMB_BITS * j)) & BigInt(LIMB_MASK)),
          count,
        );
    }
  }
}

function outOfRange(name: string, row: number, most: string): SolventError<'WITNESS_OUT_OF_RANGE'> {
  return new SolventError(
    'WITNESS_OUT_OF_RANGE',
    'invalid',
    `${name} of row ${row} is not in 0…${most}: there is no proof of it`,
    { row },
  );
}
