import type * as cKzgModule from 'c-kzg';
import {
  G1_BASE,
  OpeningChecks,
  R,
  ROWS,
  mod,
  nobleVerifier,
  rowPoint,
  toBytes,
  type KzgVerifier,
} from '@solvent-por/kzg';
import { blobOf, open, randomColumn } from '../../testing/columns';
import { loadCommitter, nativeVerifier } from './index';

const cKzg = jest.requireActual<typeof cKzgModule>('c-kzg');
const OFF_DOMAIN = 0x123456789abcdefn;

describe('KZG openings by commitments to quotients', () => {
  const noble = nobleVerifier();
  let commit: (column: readonly bigint[]) => Uint8Array;
  beforeAll(async () => {
    const committer = await loadCommitter({ backend: 'c-kzg' });
    commit = (column) => committer.commit(blobOf(column));
  });

  const points: [string, bigint][] = [
    ['off the domain', OFF_DOMAIN],
    ['at zero', 0n],
    ['at row 0', 1n],
    ['at row 4095', rowPoint(ROWS - 1)],
  ];

  it.each(points)('%s: c-kzg and noble accept the opening and refuse tampered ones', (_, z) => {
    const column = randomColumn(254);
    const commitment = commit(column);
    const { y, proof } = open(column, z, commit);
    expect(
      cKzg.computeKzgProof(blobOf(column), toBytes(z)).map((bytes) => Buffer.from(bytes).toString('hex')),
    ).toEqual([proof, toBytes(y)].map((bytes) => Buffer.from(bytes).toString('hex')));
    expect(cKzg.verifyKzgProof(commitment, toBytes(z), toBytes(y), proof)).toBe(true);

    for (const verifier of [noble, nativeVerifier()]) {
      const holds = (
        tampered: Partial<{ z: bigint; y: bigint; proof: Uint8Array; commitment: Uint8Array }>,
      ): boolean => openingHolds(verifier, { z, y, proof, commitment, ...tampered });
      expect(holds({})).toBe(true);
      expect(holds({ y: mod(y + 1n) })).toBe(false);
      expect(holds({ z: mod(z + 1n) })).toBe(false);
      expect(holds({ proof: commitment })).toBe(false);
      expect(holds({ commitment: proof })).toBe(false);
    }
  });

  it('opens a constant column with infinity as its proof', () => {
    const column = new Array<bigint>(ROWS).fill(5n);
    const commitment = commit(column);
    const { y, proof } = open(column, OFF_DOMAIN, commit);
    expect(y).toBe(5n);
    expect(Buffer.from(proof).toString('hex')).toBe(`c0${'00'.repeat(47)}`);
    for (const verifier of [noble, nativeVerifier()]) {
      expect(openingHolds(verifier, { z: OFF_DOMAIN, y, proof, commitment })).toBe(true);
      expect(openingHolds(verifier, { z: OFF_DOMAIN, y: 6n, proof, commitment })).toBe(false);
    }
  });
});

/** e(C − y·G + z·π, [1]₂) = e(π, [τ]₂), and OpeningChecks of that one opening must agree with it. */
function openingHolds(
  verifier: KzgVerifier,
  opening: { z: bigint; y: bigint; proof: Uint8Array; commitment: Uint8Array },
): boolean {
  const [c, proof] = verifier.decodePoints([opening.commitment, opening.proof]);
  const left = verifier.multiScalar([c!, G1_BASE, proof!], [1n, mod(-opening.y), opening.z]);
  const direct = verifier.pairingHolds(left, proof!);
  const checks = new OpeningChecks();
  checks.add({
    commitment: { points: [c!], scalars: [1n - R] },
    point: opening.z,
    value: opening.y,
    proof: proof!,
  });
  expect(checks.holds(verifier)).toBe(direct);
  return direct;
}
