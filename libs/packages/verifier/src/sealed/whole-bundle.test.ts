import { concat, utf8 } from '@solvent-por/kzg';
import { loadVectors, sealedSource } from '@solvent-por/dev/proofs';
import { parseManifest } from '../manifest';
import type { SealedSource } from './reader';
import { verifySealedFiles } from './whole-bundle';

/** What of a bundle is there as signed; whole bundles are compared in apps/cli/src/sealed.test.ts. */
const given = loadVectors('sealed').find(({ name }) => name === 'spot-of-three-batches')!.input as {
  readonly manifest: string;
  readonly index: string;
  readonly tree: string;
};
const manifest = parseManifest(utf8(given.manifest));
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
const source =
  (files: Readonly<Record<string, Uint8Array>>): SealedSource =>
  (name) =>
    Promise.resolve(files[name]);
const shards = Array.from({ length: 32 }, (_, i) => `shards/00${i.toString(16).padStart(2, '0')}.bin`);

test('each file that is missing is named, and none is taken for another', async () => {
  const files = { 'index.json': utf8(given.index), 'tree.bin': bytesOf(given.tree) };
  expect(await verifySealedFiles(source(files), manifest)).toMatchObject({
    ...{ valid: true, count: 33, missing: shards, changed: [] },
  });
  const wrong = {
    ...files,
    'tree.bin': bytesOf(given.tree).fill(1, 0, 1),
    'shards/001f.bin': files['tree.bin'],
  };
  expect(await verifySealedFiles(source(wrong), manifest)).toMatchObject({
    missing: shards.slice(0, -1),
    changed: ['tree.bin', 'shards/001f.bin'],
  });
});

test('a shard is as it was signed where it leads to the root of shards and its tags ascend', async () => {
  type Input = Parameters<typeof sealedSource>[0];
  const comparedOf = async (name: string, change = (shard: Uint8Array) => shard) => {
    const vector = loadVectors('sealed').find((one) => one.name === name)!;
    const input = vector.input as Input;
    const { asked } = vector.expected as { asked: string[] };
    const own = asked[2]!;
    const files = sealedSource(input, []);
    const found = await verifySealedFiles(
      async (file, limit) => {
        if (file.startsWith('shards/') && file !== own) return undefined;
        const bytes = await files(file, limit);
        return file === own ? change(bytes!) : bytes;
      },
      parseManifest(utf8(input.manifest)),
    );
    if (!found.valid) throw new Error(found.reason);
    expect(found.missing).not.toContain(own);
    return found.changed.map((file) => (file === own ? 'own' : file));
  };
  expect(await comparedOf('spot-of-three-batches')).toEqual([]);
  expect(await comparedOf('spot-of-three-batches', (shard) => shard.fill(1, 40, 41))).toEqual(['own']);
  expect(await comparedOf('spot-of-three-batches', (shard) => concat(shard, shard.slice(0, 1)))).toEqual([
    'own',
  ]);
  expect(await comparedOf('damaged-signed-with-tags-unsorted')).toEqual(['own']);
});

test('an index that is not the operator’s says nothing about files, and none is asked for', async () => {
  const asked: string[] = [];
  const forged: SealedSource = (name) => {
    asked.push(name);
    return Promise.resolve(utf8(given.index.replace(/"tree":"0x../, '"tree":"0x00')));
  };
  const verdict = await verifySealedFiles(forged, manifest);
  expect(verdict).toMatchObject({ valid: false, code: 'SEALED_INDEX_SIGNATURE' });
  expect(asked).toEqual(['index.json']);
  expect(await verifySealedFiles(source({}), manifest)).toMatchObject({ code: 'SEALED_FILE_MISSING' });
});
