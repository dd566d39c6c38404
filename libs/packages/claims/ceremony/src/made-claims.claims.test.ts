import { makeClaims, madeClaims } from '@solvent-por/dev/proofs';
import { testClaimKeys } from '../../../../dev/proofs/testing/claim-keys';

test('the development set-up is the same bytes wherever it is made', async () => {
  const keys = await testClaimKeys(2);
  if (process.env.UPDATE_VECTORS === '1') await makeClaims(keys);
  expect(madeClaims().key).toEqual(keys.document);
});
