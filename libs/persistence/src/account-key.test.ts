import { createHash } from 'node:crypto';
import { accountKey } from './account-key';

test('an account is known by SHA-256 of a domain and its id', () => {
  const id = Uint8Array.from({ length: 32 }, (_, i) => i);
  const expected = createHash('sha256').update('solvent/v1/lookup').update(id).digest();
  expect(accountKey(id)).toEqual(expected);
  expect(accountKey(id.slice().reverse())).not.toEqual(expected);
});
