import { DEVELOPMENT_WARNING, parseVerifyingKey } from '@solvent-por/claims';
import { testClaimKeys } from '@solvent-por/dev/proofs';
import {
  applyBeacon,
  contribute,
  exportVerifyingKey,
  newCeremony,
  powersOfTau,
  verifyCeremony,
  verifyingKeyOf,
  type PowersOfTau,
} from './ceremony';
import type { ClaimKeys } from './development-key';
import { developmentPowers } from './development-powers';
import { constraintCount } from './r1cs-header';
import { endSnarkjs } from '../../prove/src/snarkjs';
import { zkeyHistory } from './zkey-file';

let keys: ClaimKeys;
let powers: PowersOfTau;
beforeAll(async () => {
  keys = await testClaimKeys(2);
  powers = await powersOfTau(await developmentPowers(constraintCount(keys.r1cs).exponent));
});
afterAll(endSnarkjs);

test('several parties contribute, a beacon ends it, and the key tells who', async () => {
  const [ada, bob] = [await contribute(keys.zkey, 'Ada', 'dice'), await contribute(keys.zkey, 'Bob')];
  expect(ada.hash).not.toBe(bob.hash);
  const both = await contribute(ada.zkey, 'Bob');
  const value = new Uint8Array(32).fill(9);
  const ended = await applyBeacon(both.zkey, 'Block 1', value);
  const { contributions } = zkeyHistory(ended.zkey);
  expect(contributions.map(({ name }) => name)).toEqual([DEVELOPMENT_WARNING, 'Ada', 'Bob', 'Block 1']);
  // As snarkjs showed them to their parties.
  expect(contributions.slice(1).map(({ hash }) => hash)).toEqual([ada.hash, both.hash, ended.hash]);
  expect(contributions[3]!.beacon).toEqual({ value: `0x${'09'.repeat(32)}`, iterations: 10 });

  const document = await exportVerifyingKey(2, keys, powers, ended.zkey);
  const { setUp } = parseVerifyingKey(document).document;
  expect(setUp).toEqual({ kind: 'development', powersOfTau: powers.digest, contributions });

  // One byte of a point that only provers use.
  const changed = ended.zkey.slice();
  changed[changed.length - 200_000]! ^= 1;
  await expect(verifyCeremony(keys, powers, changed)).rejects.toMatchObject({ code: 'CEREMONY_INVALID' });
});

test('a key that nobody has contributed to is refused: γ = δ', async () => {
  const begun = await newCeremony(keys, powers);
  expect(zkeyHistory(begun).contributions).toEqual([]);
  const setUp = { kind: 'development', powersOfTau: powers.digest, contributions: [] } as const;
  await expect(verifyingKeyOf(2, keys, setUp, begun)).rejects.toMatchObject({
    code: 'CLAIM_KEY_MALFORMED',
  });
  // And where it says that somebody did.
  const { contributions } = zkeyHistory(keys.zkey);
  await expect(verifyingKeyOf(2, keys, { ...setUp, contributions }, begun)).rejects.toThrow('is gamma');
});

test('what is no proving key, or no name, is refused', async () => {
  expect(() => zkeyHistory(new Uint8Array(10))).toThrow(expect.objectContaining({ code: 'ZKEY_MALFORMED' }));
  expect(() => zkeyHistory(keys.zkey.slice(0, -1))).toThrow(
    expect.objectContaining({ code: 'ZKEY_MALFORMED' }),
  );
  expect(() => constraintCount(keys.zkey)).toThrow(expect.objectContaining({ code: 'R1CS_MALFORMED' }));
  await expect(contribute(keys.zkey, '')).rejects.toMatchObject({ code: 'CEREMONY_NAME' });
  await expect(newCeremony(keys, await powersOfTau(await developmentPowers(4)))).rejects.toMatchObject({
    code: 'CEREMONY_POWERS',
  });
});
