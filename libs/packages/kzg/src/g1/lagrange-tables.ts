import { ROWS } from '../domain';
import { hexBytes, toHex } from '../bytes';
import { SolventError } from '../errors';
import { sha256 } from '@noble/hashes/sha2.js';
import { buildMultiples, MULTIPLES } from './bucket-sums';
import { buildFixedBases, type FixedBases } from './fixed-bases';
import { G1Instance, memoryForTables, POINT } from './instance';
import { loadPoints } from './opening-tables';
import { PointSums, type PointAddress } from './sums';

/**
 * SHA-256 of the ceremony's 4,096 Lagrange points in G1, compressed, one after another in natural order of
 * the rows.
 */
export const LAGRANGE_DIGEST = '0x52c7615a9bd3eb20df67eb5a81ee701c96787c82a5ff638740b54fbadfde960b';

/** [1]₁, compressed: the sum of all Lagrange points. */
const GENERATOR_POINT =
  '0x97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb';

/** Reserved rows come last (section 3): they are full-size in every column. */
export const FIRST_RESERVED = 4080;
const RESERVED = ROWS - FIRST_RESERVED;
/** Index of [1]₁ in the table of wide multiples. */
export const ONE_POINT = RESERVED;

/** Tables for commitments to columns; structured-clonable like OpeningTables. */
export interface LagrangeTables {
  readonly memory: WebAssembly.Memory;
  /** 2^(12k)·L_i at address + (i + 4096·k)·112, k = 0…21. */
  readonly points: PointAddress;
  /** All multiples of the 16 reserved rows' points and of [1]₁. */
  readonly reserved: FixedBases;
}

export interface LagrangeTableOptions {
  /** A memory of its own instead of one that threads share. */
  readonly unshared?: boolean;
}

/**
 * Builds the tables (18 MB); about 0.6 seconds, once a process.
 * @param lagrange the ceremony's 4,096 Lagrange points in natural order of the rows, 48 bytes compressed
 *   each, one after another
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal)
 */
export function buildLagrangeTables(
  lagrange: Uint8Array,
  options: LagrangeTableOptions = {},
): LagrangeTables {
  if (toHex(sha256(lagrange)) !== LAGRANGE_DIGEST)
    throw new SolventError(
      'SETUP_DIGEST_MISMATCH',
      'internal',
      "the Lagrange points are not those of Ethereum's mainnet ceremony: install the packages again",
    );
  const instance = new G1Instance(options.unshared ? undefined : memoryForTables());
  const sums = new PointSums(instance);
  const points = instance.allocate(MULTIPLES * ROWS * POINT);
  const [first] = loadPoints(instance, lagrange);
  instance.bytes(points, ROWS * POINT).set(instance.bytes(first!, ROWS * POINT));
  buildMultiples(sums, points, ROWS);
  const one = loadPoints(instance, hexBytes(GENERATOR_POINT, 48));
  const last = Array.from({ length: RESERVED }, (_, i) => points + (FIRST_RESERVED + i) * POINT);
  return { memory: instance.memory, points, reserved: buildFixedBases(sums, [...last, ...one], 8) };
}
