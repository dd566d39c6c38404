import { createCipheriv, createHmac } from 'node:crypto';
import { modulo } from '@solvent-por/claims';
import { concat, fromBytes, mod, u32be, utf8 } from '@solvent-por/kzg';

/** Bytes drawn for one field element: 384 bits mod r, so that the bias is below 2^−128. */
const ELEMENT_DRAW = 48;
/** Bytes drawn, as they are, for the leaf of an unused account row and for an opening seed. */
const BYTES_DRAW = 32;

/**
 * The blinding of one proof (section 12): ChaCha20 under a seed that depends on the header, the place and the
 * whole witness, so that proving the same batches again gives the same bytes and another witness never meets
 * the same blinding.
 */
export class BlindingStream {
  readonly #cipher;

  /**
   * @param blindingKey 32 secret bytes
   * @param witnessDigest SHA-256 over counts, leaves and base values as section 12 lists them
   */
  constructor(
    blindingKey: Uint8Array,
    headerDigest: Uint8Array,
    first: number,
    k: number,
    witnessDigest: Uint8Array,
  ) {
    const seed = createHmac('sha256', blindingKey)
      .update(concat(utf8('solvent/v1/blind'), headerDigest, u32be(first), u32be(k), witnessDigest))
      .digest();
    // OpenSSL's IV is the 32-bit counter and the 96-bit nonce of RFC 8439, both zero here.
    this.#cipher = createCipheriv('chacha20', seed, new Uint8Array(16));
  }

  /** The next field element. */
  element(): bigint {
    return mod(fromBytes(this.#draw(ELEMENT_DRAW)));
  }

  /** The next element of BN254's scalar field: the claim tree's leaf of an unused account row. */
  claimElement(): bigint {
    return modulo(fromBytes(this.#draw(ELEMENT_DRAW)));
  }

  elements(count: number): bigint[] {
    return Array.from({ length: count }, () => this.element());
  }

  /** The next 32 bytes as they are: the leaf of an unused account row, or an opening seed. */
  bytes(): Uint8Array {
    return this.#draw(BYTES_DRAW);
  }

  #draw(length: number): Uint8Array {
    return this.#cipher.update(new Uint8Array(length));
  }
}
