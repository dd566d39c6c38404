import { concat, fromBytes } from '@solvent-por/kzg';
import { encodeG1, encodeG2, G1_BYTES, G2_BYTES } from '@solvent-por/claims';

/** A point of G1 as snarkjs writes it: x, y, 1. */
export type SnarkjsG1 = readonly string[];
/** A point of G2: x, y, 1, each real part first. */
export type SnarkjsG2 = readonly (readonly string[])[];

/** A proof as snarkjs writes it. */
export interface SnarkjsProof {
  readonly pi_a: SnarkjsG1;
  readonly pi_b: SnarkjsG2;
  readonly pi_c: SnarkjsG1;
}

/** What a verifying key of snarkjs' has that ours has, too. */
export interface SnarkjsKey {
  readonly nPublic: number;
  readonly vk_alpha_1: SnarkjsG1;
  readonly vk_beta_2: SnarkjsG2;
  readonly vk_gamma_2: SnarkjsG2;
  readonly vk_delta_2: SnarkjsG2;
  readonly IC: readonly SnarkjsG1[];
}

/** @returns 64 bytes (EIP-197) */
export function g1FromSnarkjs([x, y]: SnarkjsG1): Uint8Array {
  return encodeG1({ x: BigInt(x!), y: BigInt(y!) });
}

/** @returns 128 bytes (EIP-197) */
export function g2FromSnarkjs([x, y]: SnarkjsG2): Uint8Array {
  return encodeG2({ x: [BigInt(x![0]!), BigInt(x![1]!)], y: [BigInt(y![0]!), BigInt(y![1]!)] });
}

/** @returns A ‖ B ‖ C: 256 bytes */
export function proofFromSnarkjs({ pi_a, pi_b, pi_c }: SnarkjsProof): Uint8Array {
  return concat(g1FromSnarkjs(pi_a), g2FromSnarkjs(pi_b), g1FromSnarkjs(pi_c));
}

export function g1ToSnarkjs(bytes: Uint8Array): string[] {
  return [...numbers(bytes), '1'];
}

export function g2ToSnarkjs(bytes: Uint8Array): string[][] {
  const [x1, x0, y1, y0] = numbers(bytes);
  return [
    [x0!, x1!],
    [y0!, y1!],
    ['1', '0'],
  ];
}

/** @param proof 256 bytes */
export function proofToSnarkjs(proof: Uint8Array): {
  pi_a: string[];
  pi_b: string[][];
  pi_c: string[];
  protocol: string;
  curve: string;
} {
  return {
    pi_a: g1ToSnarkjs(proof.subarray(0, G1_BYTES)),
    pi_b: g2ToSnarkjs(proof.subarray(G1_BYTES, G1_BYTES + G2_BYTES)),
    pi_c: g1ToSnarkjs(proof.subarray(G1_BYTES + G2_BYTES)),
    protocol: 'groth16',
    curve: 'bn128',
  };
}

function numbers(bytes: Uint8Array): string[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) =>
    fromBytes(bytes.subarray(32 * i, 32 * (i + 1))).toString(),
  );
}
