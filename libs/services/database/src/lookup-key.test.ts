import { createHash } from 'node:crypto';
import { lookupKey } from './lookup-key';

test('an account of a snapshot is known by SHA-256 of a domain and its id', () => {
  const id = Uint8Array.from({ length: 32 }, (_, i) => i);
  const expected = createHash('sha256').update('solvent/v1/lookup').update(id).digest();
  expect(lookupKey(id)).toEqual(expected);
  expect(lookupKey(id.slice().reverse())).not.toEqual(expected);
});
