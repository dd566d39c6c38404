import { inverse, mod, OMEGA, OpeningChecks } from '@solvent-por/kzg';
import { proofLine, verifyBatches, verifyProofLine, type BatchProof } from '@solvent-por/verifier';
import {
  contextOf,
  EMPTY_ROW,
  failingClaims,
  Forger,
  summed,
  TEST_KEYS,
  testAccounts,
  testHeader,
  toBatches,
} from '@solvent-por/dev/proofs';
import type * as TranscriptModule from '../../../verifier/src/transcript';
import { BatchProver } from '../batch-prover';

/**
 * Challenges that a transcript gives with a chance of about 2^−255, or never: only a stub can show what
 * happens then.
 */

/** Challenges to come, by label; where there are none, the genuine one. */
const stubs = new Map<string, () => bigint | undefined>();
jest.mock('../../../verifier/src/transcript', () => {
  const actual = jest.requireActual<typeof TranscriptModule>('../../../verifier/src/transcript');
  return {
    Transcript: class extends actual.Transcript {
      override challenge(label: string): bigint {
        const genuine = super.challenge(label);
        return stubs.get(label)?.() ?? genuine;
      }
    },
  };
});
afterEach(() => stubs.clear());

const header = testHeader('aggregate', 1, 1);
const context = contextOf(header);
let forger: Forger;
beforeAll(async () => {
  forger = await Forger.open();
});

function prove(): BatchProof {
  const accounts = testAccounts(header, 3).map(({ id }) => ({ id, amounts: [3n, 4n] }));
  return new BatchProver(header, TEST_KEYS, forger.kernels, forger.committer).prove(0, toBatches(accounts))
    .proof;
}

function isValid(proof: BatchProof): boolean {
  const checks = new OpeningChecks();
  return verifyBatches(proof, context, checks) !== undefined && checks.holds(context.kzg);
}

test('α = 0 is refused: 1/α stands in F', () => {
  const proof = prove();
  expect(isValid(proof)).toBe(true);
  stubs.set('alpha', () => 0n);
  expect(verifyProofLine(proofLine(summed(proof, context)), context)).toMatchObject({
    valid: false,
    code: 'PROOF_INVALID',
  });
});

test('ζ is drawn again by both sides while it is 0 or a row of the domain, where F proves nothing', () => {
  let left: bigint[] = [];
  stubs.set('zeta', () => left.shift());
  const unusable = [0n, 1n, OMEGA, 0n];

  left = [...unusable];
  const proof = prove();
  expect(left).toEqual([]);
  // Drawn five times, it is not what the first drawing gives.
  expect(isValid(proof)).toBe(false);
  left = [...unusable];
  expect(isValid(proof)).toBe(true);
  expect(left).toEqual([]);
});

test('a prover that knew α beforehand would make up for a limb of −5 by multiplicities', () => {
  const alpha = 0x123456789n;
  const term = (x: bigint) => inverse(alpha + x) - inverse(alpha);
  const cheat = {
    limbs: [{ limb: 1, row: EMPTY_ROW, add: -5n }],
    multiplicity: [{ row: 1, add: mod(term(-5n) * inverse(term(1n))) }],
  };
  const accounts = testAccounts(header, 3).map(({ id }) => ({ id, amounts: [3n, 4n] }));
  stubs.set('alpha', () => alpha);
  const forgery = forger.forgeBatches(header, toBatches(accounts), cheat);
  expect(forgery).toMatchObject({ failing: [], violations: [] });
  // The genuine transcript gives α only when the multiplicities are committed.
  stubs.clear();
  expect(failingClaims(forgery.proof, context)).toContain('zeta');
  expect(forger.forgeBatches(header, toBatches(accounts), cheat).failing).toEqual(['zero']);
});
