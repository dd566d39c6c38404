import { makeClaims, madeClaims, testClaimKeys } from '@solvent-por/dev/proofs';

test('the development set-up is the same bytes wherever it is made', async () => {
  if (process.env.UPDATE_VECTORS === '1') await makeClaims();
  const keys = await testClaimKeys(2);
  expect(madeClaims().key).toEqual(keys.document);
});
