import { utf8, type KzgVerifier } from '@solvent-por/kzg';
import { parseManifest, readSealedBundle, type SealedSource } from '@solvent-por/verifier';
import { createCipheriv } from 'node:crypto';
import type { SealedVectorInput, ShardDescription } from '../sealed-vector-parts';
import { unhex } from '../verify-file';

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

/**
 * Files of a `sealed` vector as they are served: undefined where one is missing.
 * @param asked gets the name of each that is asked for
 */
export function sealedSource({ index, tree, shard }: SealedVectorInput, asked: string[]): SealedSource {
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

export async function runSealed(input: SealedVectorInput, kzg: KzgVerifier): Promise<object> {
  const asked: string[] = [];
  const trusted = { manifest: parseManifest(utf8(input.manifest)), key: unhex(input.key) };
  const verdict = await readSealedBundle(sealedSource(input, asked), trusted, kzg);
  if (verdict.valid)
    return { outcome: verdict.outcome, asked, document: new TextDecoder().decode(verdict.document) };
  return { outcome: verdict.outcome, code: verdict.code, asked };
}
