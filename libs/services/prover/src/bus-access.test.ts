import { BUS_ACCESS } from '@solvent-por/services/contracts';
import { CLAIMS_GROUP, PROVER_GROUP, RESERVES_GROUP, SIGNER_GROUPS } from './index';

test('brokers let provers and the signer read as the groups that they are', () => {
  const groups = (service: 'prover' | 'signer') => BUS_ACCESS[service].reads.map(({ group }) => group);
  expect(groups('prover')).toEqual([PROVER_GROUP, RESERVES_GROUP, CLAIMS_GROUP]);
  expect(groups('signer')).toEqual(Object.values(SIGNER_GROUPS));
});
