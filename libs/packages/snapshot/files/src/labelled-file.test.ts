import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat } from '@solvent-por/kzg';
import fc from 'fast-check';
import { writeAtomic } from './atomic';
import type { Label } from './label';
import {
  decodeLabelled,
  digestsIn,
  encodeLabelled,
  labelDigest,
  LabelledFile,
  labelledParts,
} from './labelled-file';

const folder = mkdtempSync(join(tmpdir(), 'solvent-labelled-'));
const file = join(folder, 'index.bin');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const origin = { snapshot: 'nov-2026', takenAt: '2026-11-30T00:00:00Z', digest: new Uint8Array(32).fill(7) };
const label: Label = { kind: 'index', origin, count: 3 };
const expected = { kind: 'index', origin, name: 'index.bin' };
const damaged = (message: RegExp) =>
  expect.objectContaining({
    code: 'WITNESS_FILE_DAMAGED',
    kind: 'invalid',
    message: expect.stringMatching(message) as string,
    details: { file: 'index.bin' },
  }) as Error;
const foreign = (message: RegExp) =>
  expect.objectContaining({
    code: 'WITNESS_FILE_FOREIGN',
    kind: 'invalid',
    message: expect.stringMatching(message) as string,
  }) as Error;

async function* pieces(content: Uint8Array, size: number) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function readAll(): Promise<Uint8Array> {
  const opened = await LabelledFile.open(file, expected);
  try {
    const blocks: Uint8Array[] = [];
    for (let i = 0; i < opened.blocks; i++) blocks.push(await opened.block(i));
    const content = concat(...blocks);
    expect(content).toHaveLength(opened.bytes);
    return content;
  } finally {
    await opened.close();
  }
}

test('written whole or in pieces it is the same file; read whole or by blocks, the same content', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 100 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      async (content, blockBytes, pieceBytes) => {
        const bytes = encodeLabelled(content, label, blockBytes);
        await writeAtomic(
          file,
          labelledParts(pieces(content, pieceBytes), () => label, blockBytes),
        );
        expect(new Uint8Array(readFileSync(file))).toEqual(bytes);
        expect(decodeLabelled(bytes, expected)).toEqual({ content, count: 3 });
        expect(await readAll()).toEqual(content);
      },
    ),
    { numRuns: 60 },
  );
});

test('any other bytes are damaged, read whole or by blocks', async () => {
  const bytes = encodeLabelled(new Uint8Array(100).fill(1), label, 16);
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    expect(() => decodeLabelled(changed, expected)).toThrow(
      damaged(/index\.bin is damaged: .*put the right file back/),
    );
    writeFileSync(file, changed);
    await expect(readAll()).rejects.toMatchObject({ code: 'WITNESS_FILE_DAMAGED' });
    expect(() => decodeLabelled(bytes.slice(0, at), expected)).toThrow(damaged(/cut off/));
  }
  writeFileSync(file, bytes);
  for (const size of [bytes.length - 1, 100, 22, 0]) {
    truncateSync(file, size);
    await expect(LabelledFile.open(file, expected)).rejects.toThrow(damaged(/cut off/));
  }
  expect(() => decodeLabelled(concat(bytes, Uint8Array.of(0)), expected)).toThrow(
    damaged(/something was added/),
  );
  expect(() => decodeLabelled(concat(Uint8Array.of(0), bytes), expected)).toThrow(damaged(/put into it/));
});

test('a whole file of another snapshot, run or place is foreign, and both are named', () => {
  const bytes = encodeLabelled(new Uint8Array(9), label);
  const other = {
    ...origin,
    snapshot: 'oct-2026',
    takenAt: '2026-10-31T00:00:00Z',
    digest: new Uint8Array(32),
  };
  expect(() => decodeLabelled(bytes, { ...expected, origin: other })).toThrow(
    foreign(
      /^index\.bin belongs to snapshot nov-2026 \(taken at 2026-11-30T00:00:00Z\), this is snapshot oct-2026 \(taken at 2026-10-31T00:00:00Z\); put/,
    ),
  );
  expect(() =>
    decodeLabelled(bytes, { ...expected, origin: { ...origin, digest: new Uint8Array(32) } }),
  ).toThrow(foreign(/belongs to another run of snapshot nov-2026 .*: 0x07070707…, this is 0x00000000…/));
  expect(() => decodeLabelled(bytes, { ...expected, kind: 'leaves' })).toThrow(
    foreign(/another place: it holds index, not leaves/),
  );
});

test('its digest stands for every byte', () => {
  const one = encodeLabelled(Uint8Array.of(1), label);
  expect(labelDigest(one)).not.toEqual(labelDigest(encodeLabelled(Uint8Array.of(2), label)));
  expect(labelDigest(one)).not.toEqual(labelDigest(encodeLabelled(Uint8Array.of(1), { ...label, count: 4 })));
});

test('a look-up in a large file reads little of it', async () => {
  writeFileSync(file, encodeLabelled(new Uint8Array(1 << 22), label, 1 << 16));
  const { open } = fsPromises;
  let bytes = 0;
  const spy = jest.spyOn(fsPromises, 'open').mockImplementation(async (...args) => {
    const handle = await open(...args);
    const read = handle.read.bind(handle) as (...given: unknown[]) => Promise<{ bytesRead: number }>;
    handle.read = (async (...given: unknown[]) => {
      const result = await read(...given);
      bytes += result.bytesRead;
      return result;
    }) as never;
    return handle;
  });
  const opened = await LabelledFile.open(file, expected);
  await opened.block(5);
  await opened.close();
  spy.mockRestore();
  expect(bytes).toBeLessThan((1 << 16) + 5000);
  expect(statSync(file).size).toBeGreaterThan(1 << 22);
});

test('a list of digests that is shorter than its count is damaged, not a short digest', () => {
  const name = 'batches.bin';
  expect(digestsIn(new Uint8Array(70), 2, { name }).map(({ length }) => length)).toEqual([32, 32]);
  expect(() => digestsIn(new Uint8Array(63), 2, { name })).toThrow(
    expect.objectContaining({ code: 'WITNESS_FILE_DAMAGED', details: { file: name } }) as Error,
  );
});
