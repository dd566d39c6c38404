import { createHash } from 'node:crypto';
import { SolventError, toHex } from '@solvent-por/kzg';
import type { Contribution } from '@solvent-por/claims';

const BN254_P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
/** 2^256, in which coordinates are multiplied. */
const UNMONTGOMERY = (() => {
  let x = 1n;
  for (let i = 0; i < 256; i++) x = x & 1n ? (x + BN254_P) >> 1n : x >> 1n;
  return x;
})();
const G1_BYTES = 64;
const G2_BYTES = 128;
const TRANSCRIPT_BYTES = 64;
const BEACON = 1;
const CONTRIBUTIONS = 10;

/** What a proving key's file says of its own making. */
export interface ZkeyHistory {
  /** BLAKE2b-512 of the circuit's part, before anybody contributed. */
  readonly circuitHash: string;
  readonly contributions: readonly Contribution[];
  /** δ of G1 after each contribution: x ‖ y, 64 bytes, big-endian. */
  readonly deltas: readonly Uint8Array[];
}

/**
 * The transcript of phase 2 in a .zkey file. Whether it is true says `verifyCeremony`.
 * @throws SolventError ZKEY_MALFORMED (kind malformed)
 */
export function zkeyHistory(zkey: Uint8Array): ZkeyHistory {
  const reader = new Reader(section(zkey, CONTRIBUTIONS));
  const circuitHash = toHex(reader.take(64));
  const count = reader.u32();
  const contributions: Contribution[] = [];
  const deltas: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const { delta, ...contribution } = readContribution(reader, i);
    contributions.push(contribution);
    deltas.push(delta);
  }
  return { circuitHash, contributions, deltas };
}

function readContribution(reader: Reader, index: number): Contribution & { readonly delta: Uint8Array } {
  const points = [G1_BYTES, G1_BYTES, G1_BYTES, G2_BYTES].map((length) => uncompressed(reader.take(length)));
  const transcript = reader.take(TRANSCRIPT_BYTES);
  const hash = createHash('blake2b512');
  for (const part of [...points, transcript]) hash.update(part);
  const type = reader.u32();
  const parameters = new Reader(reader.take(reader.u32()));
  let name = '';
  let iterations = 0;
  let value = '0x';
  while (!parameters.atEnd) {
    const kind = parameters.u8();
    if (kind === 1) name = new TextDecoder().decode(parameters.take(parameters.u8()));
    else if (kind === 2) iterations = parameters.u8();
    else if (kind === 3) value = toHex(parameters.take(parameters.u8()));
    else throw malformed(`contribution ${index + 1} has an unknown parameter`);
  }
  return {
    name: /^[ -~]{1,64}$/.test(name) ? name : `contribution ${index + 1}`,
    hash: toHex(hash.digest()),
    delta: points[0]!,
    ...(type === BEACON && { beacon: { value, iterations } }),
  };
}

/** Coordinates in Montgomery form, little-endian → big-endian, of G2 the imaginary part first. */
function uncompressed(point: Uint8Array): Uint8Array {
  const half = point.length / 2;
  const out = new Uint8Array(point.length);
  for (let at = 0; at < point.length; at += 32) {
    let x = 0n;
    for (let i = 31; i >= 0; i--) x = (x << 8n) | BigInt(point[at + i]!);
    x = (x * UNMONTGOMERY) % BN254_P;
    // Within x or y the last part comes first.
    const start = at < half ? 0 : half;
    const to = start + (half - 32 - (at - start));
    for (let i = 31; i >= 0; i--, x >>= 8n) out[to + i] = Number(x & 255n);
  }
  return out;
}

/** The bytes of the only section with this number. */
function section(file: Uint8Array, wanted: number): Uint8Array {
  const reader = new Reader(file);
  if (new TextDecoder().decode(reader.take(4)) !== 'zkey') throw malformed('it is no .zkey file');
  reader.u32();
  const found: Uint8Array[] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const id = reader.u32();
    const bytes = reader.take(reader.u64());
    if (id === wanted) found.push(bytes);
  }
  if (found.length !== 1) throw malformed('it has no transcript');
  return found[0]!;
}

class Reader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.#at) throw malformed('it is cut off');
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u32(): number {
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  }

  u64(): number {
    const low = this.u32();
    return low + 2 ** 32 * this.u32();
  }
}

function malformed(problem: string): SolventError<'ZKEY_MALFORMED'> {
  return new SolventError(
    'ZKEY_MALFORMED',
    'malformed',
    `the proving key cannot be read: ${problem}; fetch it anew from whoever gave it to you`,
  );
}
