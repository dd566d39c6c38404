import { claimScope, verifyClaim } from '@solvent-por/claims';
import { claimSnapshot, testHeader } from '@solvent-por/dev/proofs';
import { testClaimKeys } from '../../../../dev/proofs/testing/claim-keys';
import type { ClaimRequest } from './circuit-input';
import { proveClaim } from './prove-claim';
import { endSnarkjs } from './snarkjs';

afterAll(endSnarkjs);

/** More than a leaf takes as they are: two runs, the second of 4 values and padding. */
const VALUES = 20;

/** The first time its key is made, which took 140 s beside other work: the limit of all tests may not do. */
const TIME_TO_MAKE_THE_KEY = 900_000;

test(
  'a claim about one of twenty values, which a leaf holds as digests of runs',
  async () => {
    const keys = await testClaimKeys(VALUES);
    const snapshot = claimSnapshot(testHeader('spot', VALUES), 4, [keys.verifyingKey]);
    const { manifest } = snapshot;
    const file = snapshot.claimFile(3);
    const asked: ClaimRequest = {
      // In the second run, exactly what is held.
      ...{ value: 18, threshold: file.values[18]! },
      scope: claimScope('lender.example', 'loan'),
      challenge: new Uint8Array(31).fill(5),
    };
    const claim = await proveClaim(file, asked, { manifest, ...keys });
    const judged = (change: Partial<ClaimRequest> = {}) =>
      verifyClaim(
        { ...claim, ...change },
        { manifest, verifyingKey: keys.verifyingKey, ...asked, ...change, allowDevelopment: true },
      );
    expect(judged()).toMatchObject({ valid: true, threshold: file.values[18] });
    for (const change of [{ threshold: file.values[18]! + 1n }, { value: 17 }, { value: 2 }])
      expect(judged(change)).toMatchObject({ valid: false, code: 'CLAIM_PROOF' });
  },
  TIME_TO_MAKE_THE_KEY,
);
