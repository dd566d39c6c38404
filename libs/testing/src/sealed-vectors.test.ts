import { createCipheriv } from 'node:crypto';
import { nobleVerifier, SolventError, utf8, type KzgVerifier } from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import { parseManifest, readSealedBundle, type SealedSource } from '@solvent/proof/verify';
import { readSealedAgain } from './second-sealed-reader';
import type { SealedVectorInput, ShardDescription } from './sealed-vector-parts';
import { sealedVectors } from './sealed-vectors';
import { pinnedVectors, type Vector } from './vectors';
import { unhex } from './verify-file';

/** Vectors of section 15, read by the verifier's reader and by a second one, written apart. */
let vectors: Vector[];
beforeAll(async () => {
  vectors = pinnedVectors('sealed', await sealedVectors());
});

/** The bytes that a description stands for. */
function shardBytes({ entries, entryBytes, accounts, fill, path, changes }: ShardDescription): Buffer {
  const list = accounts.map((entry) => Buffer.from(unhex(entry)));
  const stream = createCipheriv('chacha20', unhex(fill), Buffer.alloc(16));
  while (list.length < entries) {
    const entry = stream.update(Buffer.alloc(entryBytes));
    if (!list.some((other) => other.subarray(0, 16).equals(entry.subarray(0, 16)))) list.push(entry);
  }
  list.sort((a, b) => a.subarray(0, 16).compare(b.subarray(0, 16)));
  return changes.reduce(
    (bytes, { at, remove, insert }) =>
      Buffer.concat([bytes.subarray(0, at), unhex(insert), bytes.subarray(at + remove)]),
    Buffer.concat([...list, unhex(path)]),
  );
}

/** Files as they are served: undefined where one is missing. */
function sourceOf({ index, tree, shard }: SealedVectorInput, asked: string[]): SealedSource {
  const fileOf = (name: string): Uint8Array | undefined => {
    if (name === 'index.json') return index === null ? undefined : utf8(index);
    if (name === 'tree.bin') return tree === null ? undefined : unhex(tree);
    return shard ? new Uint8Array(shardBytes(shard)) : undefined;
  };
  return (name, limit) => {
    asked.push(name);
    return Promise.resolve(fileOf(name)?.subarray(0, limit + 1));
  };
}

type Reader = (input: SealedVectorInput, kzg: KzgVerifier, asked: string[]) => Promise<object>;

const ours: Reader = async (input, kzg, asked) => {
  const trusted = { manifest: parseManifest(utf8(input.manifest)), key: unhex(input.key) };
  const verdict = await readSealedBundle(sourceOf(input, asked), trusted, kzg);
  if (verdict.valid)
    return { outcome: verdict.outcome, asked, document: new TextDecoder().decode(verdict.document) };
  return { outcome: verdict.outcome, code: verdict.code, asked };
};

const second: Reader = async (input, kzg, asked) => {
  const given = { manifest: input.manifest, key: unhex(input.key) };
  return { asked, ...(await readSealedAgain(sourceOf(input, asked), given, kzg)) };
};

test('there are vectors of every outcome', () => {
  const outcomes = (outcome: string) =>
    vectors.filter(({ expected }) => (expected as { outcome?: string }).outcome === outcome).length;
  expect(outcomes('included')).toBeGreaterThanOrEqual(6);
  expect(outcomes('damaged')).toBeGreaterThanOrEqual(25);
  expect(outcomes('absent')).toBeGreaterThanOrEqual(5);
  expect(outcomes('invalid')).toBeGreaterThanOrEqual(30);
  expect(vectors.filter(({ kind }) => kind === 'malformed').length).toBeGreaterThanOrEqual(20);
});

test.each([nativeVerifier(), nobleVerifier()])('$name: every vector', async (kzg) => {
  expect(await outcomesOf(ours, kzg)).toEqual(
    vectors.map(({ kind, name, expected }) => [kind, name, expected]),
  );
});

test('a second reader, written apart, says the same of every vector', async () => {
  const outcomes = await outcomesOf(second, nativeVerifier());
  expect(outcomes).toEqual(
    vectors.map(({ kind, name, expected }) => {
      // Codes are ours, the rest is the page's.
      const { code: _code, ...page } = expected as Record<string, unknown>;
      return [kind, name, page];
    }),
  );
});

async function outcomesOf(reader: Reader, kzg: KzgVerifier): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (const { name, input } of vectors)
    try {
      const found = await reader(input as SealedVectorInput, kzg, []);
      outcomes.push(['document' in found ? 'correct' : 'incorrect', name, found]);
    } catch (error) {
      if (!(error instanceof SolventError)) throw error;
      const { code, kind } = error;
      outcomes.push([kind, name, code === 'SECOND_READER' ? {} : { code }]);
    }
  return outcomes;
}
