import { nobleVerifier, SolventError, utf8 } from '@solvent-por/kzg';
import { loadVectors, sealedSource } from '@solvent-por/dev/proofs';
import { parseManifest } from '../manifest';
import { joinFindings } from '../findings';
import { verifyInclusion } from '../inclusion-verifier';
import { hostView } from './host-view';
import { parseSealedIndex, verifySealedIndex } from './sealed-index';
import { readSealedBundle, SEALED, type SealedSource, type TrustedSealed } from './reader';

/**
 * What the vectors of `sealed` (libs/dev/proofs) do not say: what a reader asks of its caller and of its
 * source.
 */
const vector = loadVectors('sealed').find(({ name }) => name === 'spot-of-three-batches')!;
const given = vector.input as {
  readonly manifest: string;
  readonly index: string;
  readonly tree: string;
};
const manifest = parseManifest(utf8(given.manifest));
const key = new Uint8Array(32).fill(7);
const kzg = nobleVerifier();
const unhex = (digits: string) => Uint8Array.from(Buffer.from(digits.slice(2), 'hex'));
const nothing: SealedSource = () => Promise.resolve(undefined);

test.each<[string, object, string]>([
  ['no key', { manifest }, 'trusted.key'],
  ['a key that is undefined', { manifest, key: undefined }, 'trusted.key'],
  ['a key of 31 bytes', { manifest, key: key.slice(1) }, 'trusted.key'],
  ['a key as text', { manifest, key: '0x07' }, 'trusted.key'],
  ['no manifest', { key }, 'trusted.manifest'],
  ['an id, which is not asked for', { manifest, key, id: key }, 'trusted.id'],
])('%s is the caller’s mistake, and nothing is fetched', async (_name, trusted, member) => {
  const source = jest.fn(nothing);
  const reading = readSealedBundle(source, trusted as TrustedSealed, kzg);
  await expect(reading).rejects.toMatchObject({
    code: 'TRUSTED_MALFORMED',
    kind: 'usage',
    details: { member },
  });
  expect(source).not.toHaveBeenCalled();
});

test('a source that cannot be reached is no damage', async () => {
  const failure = new Error('no connection');
  await expect(readSealedBundle(() => Promise.reject(failure), { manifest, key }, kzg)).rejects.toBe(failure);
});

const read = (name: string, by = kzg) => {
  const { input } = loadVectors('sealed').find((one) => one.name === name)!;
  const { manifest: text, key: digits } = input as { manifest: string; key: string };
  const trusted = {
    manifest: parseManifest(utf8(text)),
    key: unhex(digits),
  };
  const source = sealedSource(input as Parameters<typeof sealedSource>[0], []);
  return readSealedBundle(source, trusted, by);
};

test('the files of a bundle beside its shards', () => {
  expect(SEALED).toEqual({ index: 'index.json', tree: 'tree.bin', manifest: 'manifest.json' });
});

test.each([new Error('out of memory'), new SolventError('KERNELS', 'internal', 'the kernels are gone')])(
  'what goes wrong inside the reader is no verdict on the bundle: %s',
  async (failure) => {
    const failing = {
      ...kzg,
      decodePoints: () => {
        throw failure;
      },
    };
    await expect(read('spot-of-three-batches', failing)).rejects.toBe(failure);
  },
);

test('what was found says what the index and the inclusion say, a refusal nothing but why', async () => {
  const found = await read('spot-of-three-batches');
  if (!found.valid) throw new Error(found.reason);
  const { inclusion } = found;
  const alone = verifyInclusion(
    inclusion,
    { manifest, key: unhex((vector.input as { key: string }).key) },
    kzg,
  );
  const index = verifySealedIndex(parseSealedIndex(utf8(given.index)), manifest);
  if (!alone.valid || !index.valid) throw new Error('it is valid');
  expect(found).toMatchObject(joinFindings(alone, index));
  const verdict = await read('invalid-another-row');
  expect(Object.keys(verdict).sort()).toEqual(['bits', 'code', 'outcome', 'reason', 'valid']);
});

test('a file of another length is told from what was asked for', async () => {
  const reasonOf = async (tree: Uint8Array) => {
    const source: SealedSource = (name) =>
      Promise.resolve({ 'index.json': utf8(given.index), 'tree.bin': tree }[name]);
    const verdict = await readSealedBundle(source, { manifest, key }, kzg);
    expect(verdict).toMatchObject({ code: 'SEALED_FILE_LENGTH', outcome: 'damaged', file: 'tree.bin' });
    return 'reason' in verdict ? verdict.reason : '';
  };
  expect(await reasonOf(new Uint8Array(399))).toContain('must have 400 bytes, it has 399;');
  expect(await reasonOf(new Uint8Array(401))).toContain('must have 400 bytes, it has more;');
});

test('every file is bounded before it is asked for', async () => {
  const asked: [string, number][] = [];
  const source: SealedSource = (name, limit) => {
    asked.push([name, limit]);
    const tree = Uint8Array.from(Buffer.from(given.tree.slice(2), 'hex'));
    return Promise.resolve({ 'index.json': utf8(given.index), 'tree.bin': tree }[name]);
  };
  expect(await readSealedBundle(source, { manifest, key }, kzg)).toMatchObject({
    outcome: 'damaged',
    code: 'SEALED_FILE_MISSING',
    file: asked[2]![0],
  });
  // 5 nodes of 80 bytes; 520 entries of 607 bytes and five hashes.
  expect(asked).toEqual([
    ['index.json', 1024],
    ['tree.bin', 400],
    [expect.stringMatching(/^shards\/00[01][0-9a-f]\.bin$/), 520 * 607 + 160],
  ]);
});

test('what the host could learn is said of this bundle’s shards, not of the rule’s', async () => {
  const less = loadVectors('sealed').find(({ name }) => name === 'with-one-bit-less')!.input as typeof given;
  const bitsOf = async ({ index, tree }: typeof given) => {
    const files = {
      'index.json': utf8(index),
      'tree.bin': Uint8Array.from(Buffer.from(tree.slice(2), 'hex')),
    };
    const source: SealedSource = (name) => Promise.resolve(files[name as keyof typeof files]);
    return (await readSealedBundle(source, { manifest: parseManifest(utf8(given.manifest)), key }, kzg)).bits;
  };
  expect(less.manifest).toBe(given.manifest);
  expect(await bitsOf(given)).toBe(5);
  expect(await bitsOf(less)).toBe(4);
  // Nothing was asked that says who asks.
  expect(await bitsOf({ ...given, tree: '0x' })).toBeUndefined();
});

test('what the host could learn is said in numbers', () => {
  expect(hostView(manifest, { bits: 5 })).toMatch(/one of the about 383 account rows .* one of 32;/);
});
