import { runInNewContext } from 'node:vm';
import { hexBytes, nobleVerifier, type SolventError, utf8 } from '@solvent-por/kzg';
import { loadVectors } from '@solvent-por/dev/proofs';
import { verifyManifestTrust, type ManifestTrust } from './chain';
import { verifyGlobalProof, type GlobalProofOptions } from './global-proof';
import { parseInclusion } from './inclusion';
import { verifyInclusion, type TrustedInclusion } from './inclusion-verifier';
import { parseManifest } from './manifest';

const { input } = loadVectors('inclusion').find(({ name }) => name === 'spot-with-key')!;
const vector = input as { document: string; key: string; manifest: string };
const inclusion = parseInclusion(utf8(vector.document));
const manifest = parseManifest(utf8(vector.manifest));
const key = hexBytes(vector.key, 32);
const operator = hexBytes(manifest.header.operator, 32);
const kzg = nobleVerifier();

const user = (trusted: unknown) => verifyInclusion(inclusion, trusted as TrustedInclusion, kzg);
const trust = (given: unknown) => verifyManifestTrust(manifest, given as ManifestTrust);
async function* file() {
  yield utf8(`${vector.manifest}\n`);
}
const whole = (options: object) =>
  verifyGlobalProof(file(), { kzg, ...options } as unknown as GlobalProofOptions);

const refused = (member: string) =>
  expect.objectContaining({ code: 'TRUSTED_MALFORMED', kind: 'usage', details: { member } }) as SolventError;

/** What JavaScript, a wrong type or `fromHex(x, 32)!` can put where 32 bytes belong. */
const NO_BYTES: readonly (readonly [string, unknown])[] = [
  ['undefined, as of hex in capital letters', undefined],
  ['null', null],
  ['NaN', NaN],
  ['false', false],
  ['an empty text', ''],
  ['hex text', vector.key],
  ['31 bytes', key.subarray(1)],
  ['33 bytes', new Uint8Array(33)],
  ['no bytes', new Uint8Array()],
  ['an array of numbers', [...key]],
  ['an object with a length', { length: 32 }],
  ['other words of 32 elements', new Uint16Array(32)],
  ['a buffer that is no view', key.buffer],
];

describe('a trusted value that is there and is none leaves no check out', () => {
  test.each(NO_BYTES)('bytes: %s', async (_what, value) => {
    expect(() => user({ key: value, manifest })).toThrow(refused('trusted.key'));
    expect(() => trust({ operator: value })).toThrow(refused('trust.operator'));
    await expect(whole({ operator: value })).rejects.toEqual(refused('options.operator'));
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['its text', vector.manifest],
    ['its bytes', utf8(vector.manifest)],
    ['nothing of one', {}],
    ['one without its signature', { ...manifest, signature: undefined }],
    ['one with a capital letter in it', { ...manifest, root: manifest.root.toUpperCase() }],
    ['one whose members are inherited', Object.create(manifest)],
  ])('a manifest: %s', async (_what, value) => {
    expect(() => user({ key, manifest: value })).toThrow(refused('trusted.manifest'));
    expect(() => trust({ previous: [manifest, value] })).toThrow(refused('trust.previous[1]'));
    await expect(whole({ previous: [value] })).rejects.toEqual(refused('options.previous[0]'));
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['one in place of a list', manifest],
    ['a set', new Set([manifest])],
  ])('earlier manifests: %s', async (_what, value) => {
    expect(() => trust({ previous: value })).toThrow(refused('trust.previous'));
    await expect(whole({ previous: value })).rejects.toEqual(refused('options.previous'));
  });

  test('a hole in a list', () => {
    expect(() => trust({ previous: new Array<unknown>(1) })).toThrow(refused('trust.previous[0]'));
  });

  test('a misspelt member', async () => {
    expect(() => user({ manifest, Key: key })).toThrow(refused('trusted.Key'));
    expect(() => trust({ operater: operator })).toThrow(refused('trust.operater'));
    await expect(whole({ operater: operator })).rejects.toEqual(refused('options.operater'));
    expect(() => trust({ [Symbol('operator')]: operator })).toThrow(refused('trust.Symbol(operator)'));
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['text', vector.key],
    ['the bytes themselves', key],
    ['a list', [key]],
    ['members that are inherited', Object.create({ manifest, key, operator })],
    ['a map', new Map([['key', key]])],
  ])('all of it: %s', (_what, value) => {
    expect(() => user(value)).toThrow(refused('trusted'));
    expect(() => trust(value)).toThrow(refused('trust'));
  });
});

test('absent is not checked, and said', () => {
  expect(user({ manifest })).toMatchObject({ valid: true, keyChecked: false });
  expect(trust({})).toMatchObject({ valid: true, notChecked: expect.arrayContaining([expect.objectContaining({ code: 'OPERATOR_KEY', message: expect.stringMatching(/NOT checked.*key/) })]) });
}); // prettier-ignore

test('bytes and objects of another realm are what they are', () => {
  const bytes = JSON.stringify([...key]);
  const foreign = runInNewContext(`({ manifest: ${vector.manifest}, key: Uint8Array.from(${bytes}) })`) as {
    key: unknown;
  };
  expect(foreign.key).not.toBeInstanceOf(Uint8Array);
  expect(user(foreign)).toMatchObject({ valid: true, keyChecked: true });
  expect(trust({ operator: Buffer.from(operator) })).toMatchObject({ valid: true });
  expect(trust(Object.assign(Object.create(null) as object, { operator }))).toMatchObject({ valid: true });
});

test('an id from an older version, or no manifest, is refused rather than left unchecked', () => {
  expect(() => user({ manifest, id: key })).toThrow(refused('trusted.id'));
  for (const without of [{}, { key }]) expect(() => user(without)).toThrow(refused('trusted.manifest'));
});

test('another month: its snapshot and date are named', () => {
  const other = { ...manifest, header: { ...manifest.header, snapshot: 'january', takenAt: '2031-01-31T00:00:00Z' } };
  expect(user({ key, manifest: other })).toMatchObject({
    valid: false,
    code: 'INCLUSION_MANIFEST',
    reason: expect.stringMatching(/january \(2031-01-31T00:00:00Z\).*take the manifest of the file's snapshot/),
  });
}); // prettier-ignore
