import { parseVerifyingKey } from '@solvent-por/claims';
import { endSnarkjs } from '@solvent-por/claims/prove';
import {
  contributeKnown,
  snarkjsVerifies,
  withIterations,
  withOtherTranscript,
} from '../testing/bad-contributions';
import { smallCircuit } from '../testing/small-circuit';
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
import { developmentPowers } from './development-powers';
import { constraintCount } from './r1cs-header';
import { zkeyHistory } from './zkey-file';

/** Of a small circuit: the claim's own goes this way in the tests of the command line. */
const circuit = smallCircuit();
const value = new Uint8Array(32).fill(9);
let phaseOne: Uint8Array;
let powers: PowersOfTau;
/** Nobody has contributed; then Ada. */
let begun: Uint8Array;
let ada: { readonly zkey: Uint8Array; readonly hash: string };

beforeAll(async () => {
  phaseOne = await developmentPowers(constraintCount(circuit.r1cs).exponent);
  powers = await powersOfTau(phaseOne);
  begun = await newCeremony(circuit, powers);
  ada = await contribute(begun, 'Ada', 'dice');
});
afterAll(endSnarkjs);

const invalid = (zkey: Uint8Array, message: RegExp) =>
  expect(verifyCeremony(circuit, powers, zkey)).rejects.toMatchObject({
    ...{ code: 'CEREMONY_INVALID', kind: 'invalid' },
    message: expect.stringMatching(message) as string,
  });

test('several parties contribute, a beacon ends it, and the key tells who', async () => {
  const [both, bob] = [await contribute(ada.zkey, 'Bob'), await contribute(begun, 'Bob')];
  expect(both.hash).not.toBe(bob.hash);
  const ended = await applyBeacon(both.zkey, 'Block 1', value);
  const { contributions } = zkeyHistory(ended.zkey);
  expect(contributions.map(({ name }) => name)).toEqual(['Ada', 'Bob', 'Block 1']);
  // As snarkjs showed them to their parties.
  expect(contributions.map(({ hash }) => hash)).toEqual([ada.hash, both.hash, ended.hash]);
  expect(contributions[2]!.beacon).toEqual({ value: `0x${'09'.repeat(32)}`, iterations: 10 });

  const document = await exportVerifyingKey(2, circuit, powers, ended.zkey);
  const { setUp } = parseVerifyingKey(document).document;
  expect(setUp).toEqual({ kind: 'development', powersOfTau: powers.digest, contributions });

  // One byte of a point that only provers use: of H, before the transcript.
  const changed = ended.zkey.slice();
  changed[changed.length - 2000]! ^= 1;
  await invalid(changed, /do not use it/);
});

test('a key that nobody has contributed to is refused: γ = δ', async () => {
  expect(zkeyHistory(begun).contributions).toEqual([]);
  const setUp = { kind: 'development', powersOfTau: powers.digest, contributions: [] } as const;
  await expect(verifyingKeyOf(2, circuit, setUp, begun)).rejects.toMatchObject({
    code: 'CLAIM_KEY_MALFORMED',
  });
  // And where it says that somebody did.
  const { contributions } = zkeyHistory(ada.zkey);
  await expect(verifyingKeyOf(2, circuit, { ...setUp, contributions }, begun)).rejects.toThrow('is gamma');
});

test.each([
  ['is 1, which changes nothing', 1],
  ['is −1, which everybody knows as well', -1],
] as const)('a contribution whose secret %s: snarkjs takes it, it is refused', async (_, secret) => {
  for (const from of [begun, ada.zkey]) {
    const idle = await contributeKnown(from, 'Nobody', secret);
    expect(await snarkjsVerifies(circuit.r1cs, phaseOne, idle)).toBe(true);
    await invalid(idle, /changes nothing/);
  }
  // The key itself, too, however it came about.
  const idle = await contributeKnown(begun, 'Nobody', secret);
  const { contributions } = zkeyHistory(idle);
  const setUp = { kind: 'development', powersOfTau: powers.digest, contributions } as const;
  await expect(verifyingKeyOf(2, circuit, setUp, idle)).rejects.toThrow('is gamma or its negative');
});

test('a beacon that would be hashed for ever is refused before it is hashed', async () => {
  const { zkey } = await applyBeacon(ada.zkey, 'Block 1', value);
  for (const iterations of [0, 21, 40, 63, 255])
    await invalid(withIterations(zkey, iterations), /2\^10 to 2\^20/);
  await expect(applyBeacon(ada.zkey, 'Block 1', value, 40)).rejects.toMatchObject({
    code: 'CEREMONY_BEACON',
  });
});

test('what a beacon has ended goes on no more', async () => {
  const { zkey } = await applyBeacon(ada.zkey, 'Block 1', value);
  for (const more of [contribute(zkey, 'Eve'), applyBeacon(zkey, 'Block 2', value)])
    await expect(more).rejects.toMatchObject({ code: 'CEREMONY_ENDED', kind: 'usage' });
  const eve = await contributeKnown(zkey, 'Eve', -1);
  await invalid(eve, /changes nothing|does not end/);
});

test('what snarkjs says of a contribution on the console stands in the message, and nowhere else', async () => {
  const said = jest.spyOn(globalThis.console, 'log').mockImplementation(() => {});
  const wrong = withOtherTranscript(ada.zkey, 'Ada');
  // Two at a time, too: each gives back what it took.
  await Promise.all([1, 2].map(() => invalid(wrong, /Inconsistent transcript/)));
  expect(said).not.toHaveBeenCalled();
  globalThis.console.log('mine');
  expect(said).toHaveBeenCalledWith('mine');
  said.mockRestore();
});

test('what is no proving key, or no name, is refused', async () => {
  const malformed = expect.objectContaining({ code: 'ZKEY_MALFORMED' }) as Error;
  for (const bytes of [new Uint8Array(10), ada.zkey.slice(0, -1), circuit.r1cs]) {
    expect(() => zkeyHistory(bytes)).toThrow(malformed);
    await expect(contribute(bytes, 'Ada')).rejects.toEqual(malformed);
    await expect(applyBeacon(bytes, 'Block 1', value)).rejects.toEqual(malformed);
  }
  expect(() => constraintCount(ada.zkey)).toThrow(expect.objectContaining({ code: 'R1CS_MALFORMED' }));
  await expect(contribute(ada.zkey, '')).rejects.toMatchObject({ code: 'CEREMONY_NAME' });
  await expect(newCeremony(circuit, await powersOfTau(await developmentPowers(2)))).rejects.toMatchObject({
    code: 'CEREMONY_POWERS',
  });
});
