import { toHex } from '@solvent-por/kzg';
import { vectors, type OwnershipVector } from '../testing/vectors';
import { readAddress, networkOf } from './addresses/networks';
import { bip322MessageHash, toSign, toSpend } from './schemes/bip322';
import { verifyOwnership } from './verify-ownership';

const FILES = ['okx-vectors.json', 'bip322-vectors.json', 'evm-message-vectors.json'];
const all = FILES.flatMap((file) => vectors<{ readonly vectors: readonly OwnershipVector[] }>(file).vectors);
const judged = all.flatMap(({ id, evidence, expected }) => (evidence ? [{ id, evidence, expected }] : []));

test('there are vectors of every verdict', () => {
  expect(judged.length).toBeGreaterThan(80);
  expect(new Set(judged.map(({ expected }) => expected))).toEqual(
    new Set(['right', 'wrong', 'unchecked', 'unsupported']),
  );
});

test.each(judged)('$id: $expected', ({ evidence, expected }) => {
  const { network, address, message, ownership } = evidence;
  expect(verifyOwnership(network, address, message, ownership)).toMatchObject({ verdict: expected });
});

const right = judged.filter(({ expected }) => expected === 'right');

test.each(right)('$id over another text, and for another address: wrong', ({ evidence }) => {
  const { network, address, message, ownership } = evidence;
  expect(verifyOwnership(network, address, `${message}.`, ownership)).toMatchObject({ verdict: 'wrong' });
  const other = right.find(
    ({ evidence: of }) =>
      of.network === network && of.address !== address && of.address.length === address.length,
  );
  if (other)
    expect(['wrong', 'malformed', 'unsupported']).toContain(
      verifyOwnership(network, other.evidence.address, message, ownership).verdict,
    );
});

const { hashes } = vectors<{ readonly hashes: readonly Readonly<Record<string, string>>[] }>(
  'bip322-vectors.json',
);

test.each(hashes)('BIP-322 hashes of "$message"', (vector) => {
  const text = new TextEncoder().encode(vector.message);
  const { payload } = readAddress(networkOf('bitcoin'), vector.address);
  const spent = toSpend(Uint8Array.of(0, payload.length, ...payload), text);
  const shown = (hash: Uint8Array) => toHex(Uint8Array.from(hash).reverse()).slice(2);
  expect(toHex(bip322MessageHash(text)).slice(2)).toBe(vector.message_hash);
  expect(shown(spent)).toBe(vector.to_spend_tx_hash);
  expect(shown(toSign(spent))).toBe(vector.to_sign_tx_hash);
});
