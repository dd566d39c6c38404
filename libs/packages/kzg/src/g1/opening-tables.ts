import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../bytes';
import { SolventError } from '../errors';
import { buildFixedBases, type FixedBases } from './fixed-bases';
import { COMPRESSED, G1Instance, memoryForTables, POINT } from './instance';
import { PointSums, type PointAddress } from './sums';

/** [τ^0]₁ … [τ^56]₁: the powers that the openings of section 9 need. */
export const OPENING_POWERS = 57;
/** π1 takes seven powers of each account, the eighth (τ^7, times u) of each subcell. */
const ROW_POWERS = 7;

/** SHA-256 of the ceremony's powers [τ^0]₁ … [τ^4095]₁, compressed, one after another. */
export const POWERS_DIGEST = '0x08797579f6cfd5788eddc1a215d64dcfabd04acbcaf2953fb2c1afb830f43315';

/**
 * Tables for the openings, in a memory that threads may share: structured-clonable, so it can be handed to a
 * worker as it is.
 */
export interface OpeningTables {
  readonly memory: WebAssembly.Memory;
  /** Powers 0…6, wide windows: an account's own part. */
  readonly rows: FixedBases;
  /** Powers 0…56, narrower windows: a subcell's part. */
  readonly cells: FixedBases;
}

export interface OpeningTableOptions {
  /** Bits of a window of the first 7 powers (default 12: 35 MB) and of all 57 (default 8: 26 MB). */
  readonly rowWidth?: number;
  readonly cellWidth?: number;
  /** A memory of its own instead of one that threads share: for pages without cross-origin isolation. */
  readonly unshared?: boolean;
}

/**
 * Builds the tables; 0.4 seconds. Do it once a process and hand the result to every thread.
 * @param powers the ceremony's [τ^0]₁ … [τ^4095]₁, 48 bytes compressed each, one after another
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal) when they are not mainnet's
 */
export function buildOpeningTables(powers: Uint8Array, options: OpeningTableOptions = {}): OpeningTables {
  checkPowers(powers);
  const instance = new G1Instance(options.unshared ? undefined : memoryForTables());
  const sums = new PointSums(instance);
  const points = loadPoints(instance, powers.subarray(0, OPENING_POWERS * COMPRESSED));
  return {
    memory: instance.memory,
    rows: buildFixedBases(sums, points.slice(0, ROW_POWERS), options.rowWidth ?? 12),
    cells: buildFixedBases(sums, points, options.cellWidth ?? 8),
  };
}

/** @throws SolventError SETUP_DIGEST_MISMATCH (internal) for any powers of τ but mainnet's */
export function checkPowers(powers: Uint8Array): void {
  if (toHex(sha256(powers)) !== POWERS_DIGEST)
    throw new SolventError(
      'SETUP_DIGEST_MISMATCH',
      'internal',
      "the powers of τ are not those of Ethereum's mainnet ceremony: install the packages again",
    );
}

/**
 * Compressed points → points at rest. Trusted ones only: the subgroup is not checked.
 * @throws SolventError POINT_MALFORMED (internal) for one that is not on the curve
 */
export function loadPoints(instance: G1Instance, compressed: Uint8Array): PointAddress[] {
  const count = compressed.length / COMPRESSED;
  const bytes = instance.allocate(compressed.length);
  const points = instance.allocate(count * POINT);
  instance.bytes(bytes, compressed.length).set(compressed);
  readPoints(instance, points, bytes, count);
  return Array.from({ length: count }, (_, i) => points + i * POINT);
}

/** loadPoints into given places. */
export function readPoints(instance: G1Instance, points: PointAddress, bytes: number, count: number): void {
  const good = instance.exports.decompress(points, bytes, count);
  if (good !== count)
    throw new SolventError('POINT_MALFORMED', 'internal', `point ${good} is not on the curve`, {
      index: good,
    });
}
