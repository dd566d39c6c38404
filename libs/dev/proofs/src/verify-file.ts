import { nativeVerifier } from '@solvent-por/kzg/native';
import { hexBytes, type KzgVerifier } from '@solvent-por/kzg';
import { verifyGlobalProof, type GlobalProofOptions, type GlobalVerdict } from '@solvent-por/verifier';
import { operatorKeyOf } from '@solvent-por/prover';
import { inPieces } from './streams';
import { TEST_KEYS } from './snapshots';

/** Verifies a global proof file as an auditor does who knows the operator's key. */
export function verifyFile(
  file: Uint8Array | AsyncIterable<Uint8Array>,
  options: Partial<GlobalProofOptions> & { readonly kzg?: KzgVerifier } = {},
): Promise<GlobalVerdict> {
  const source = file instanceof Uint8Array ? inPieces(file) : file;
  return verifyGlobalProof(source, {
    kzg: nativeVerifier(),
    operator: operatorKeyOf(TEST_KEYS.signing),
    ...options,
  });
}

/** The bytes of hex that is known to be well-formed. */
export function unhex(hex: string): Uint8Array {
  return hexBytes(hex, (hex.length - 2) / 2);
}

/** A point's encoding that every decoder must refuse, by what is wrong with it. */
export const BAD_POINTS: Readonly<Record<string, Uint8Array>> = {
  // x = 4: on the curve, of another order than r.
  'not in the subgroup': unhex(`0x80${'00'.repeat(46)}04`),
  // x³ + 4 = 5 has no root.
  'not on the curve': unhex(`0x80${'00'.repeat(46)}01`),
  // x = p: 0 once reduced, which is on the curve.
  'not canonical': unhex(
    '0x9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab',
  ),
  'infinity with a bit set': unhex(`0xc0${'00'.repeat(46)}01`),
};

/** A list with another member in one place. */
export function replaced<T>(list: readonly T[], at: number, member: T): T[] {
  return list.map((x, i) => (i === at ? member : x));
}
