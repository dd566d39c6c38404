import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { GlobalProofFile, type LineStore } from './global-proof-file';

function storeOf(lines: readonly Uint8Array[]) {
  const reads: number[] = [];
  const store: LineStore = {
    lengths: async () => lines.map((line, i) => ({ first: 2 * i, bytes: line.length })),
    lines: async (_id, first, count) => {
      reads.push(count);
      return lines.slice(first / 2, first / 2 + count).map((line, i) => ({ first: first + 2 * i, line }));
    },
  };
  return { store, reads };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function opened(store: LineStore, manifest: Uint8Array, lines: readonly Uint8Array[]) {
  return GlobalProofFile.open(store, 's', manifest, { manifest: sha256(manifest), lines: lines.map(sha256) });
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

test('any range is the slice of the whole file', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.array(bytes, { maxLength: 8 }),
      fc.nat(),
      fc.nat(),
      async (manifest, lines, a, b) => {
        const whole = Buffer.concat([manifest, ...lines].flatMap((line) => [line, Uint8Array.of(10)]));
        const { store } = storeOf(lines);
        const file = await opened(store, manifest, lines);
        expect(file.size).toBe(whole.length);
        expect(await collect(file.read())).toEqual(whole);
        const start = a % whole.length;
        const end = start + 1 + (b % (whole.length - start));
        expect(await collect(file.read({ start, end }))).toEqual(whole.subarray(start, end));
      },
    ),
  );
});

test('reads about 256 KiB at once, and only what is asked for', async () => {
  const lines = Array.from({ length: 40 }, (_, i) => new Uint8Array(80_000).fill(i));
  const { store, reads } = storeOf(lines);
  const file = await opened(store, Uint8Array.of(1), lines);
  for await (const piece of file.read()) expect(piece.length).toBeLessThanOrEqual(256 * 1024);
  expect(Math.max(...reads)).toBe(3);
  reads.length = 0;
  await collect(file.read({ start: 80_003 * 5, end: 80_003 * 5 + 10 }));
  expect(reads).toEqual([1]);
});

test('stops reading when its reader leaves', async () => {
  const lines = Array.from({ length: 10 }, () => new Uint8Array(1 << 20));
  const { store, reads } = storeOf(lines);
  const file = await opened(store, Uint8Array.of(1), lines);
  let pieces = 0;
  for await (const piece of file.read()) if (piece.length > 0 && ++pieces === 2) break;
  expect(reads).toHaveLength(1);
});

test('proofs that are not as they were end it, rather than giving a file that is none', async () => {
  const lines = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  const { store } = storeOf(lines);
  const file = await opened(store, Uint8Array.of(9), lines);
  for (const broken of [
    [],
    [
      { first: 0, line: Uint8Array.of(1) },
      { first: 2, line: Uint8Array.of(3) },
    ],
  ]) {
    store.lines = async () => broken;
    await expect(collect(file.read())).rejects.toMatchObject({ code: 'PUBLISHED_FILE_ALTERED' });
  }
});

test('an altered line is refused before a byte of it is handed out, whatever part is asked for', async () => {
  const lines = Array.from({ length: 4 }, (_, i) => new Uint8Array(1 << 20).fill(i));
  const { store } = storeOf(lines);
  const file = await opened(store, Uint8Array.of(9), lines);
  const same = await opened(store, Uint8Array.of(9), lines);
  expect(file.digest).toBe(same.digest);
  lines[2] = Uint8Array.from(lines[2]!).fill(7, 5, 6);
  const got: Uint8Array[] = [];
  const reading = (async () => {
    for await (const piece of file.read()) got.push(piece);
  })();
  await expect(reading).rejects.toMatchObject({
    code: 'PUBLISHED_FILE_ALTERED',
    message: expect.stringContaining('line 4 of global-proof.ndjson') as string,
  });
  expect(Buffer.concat(got)).toHaveLength(2 + 2 * ((1 << 20) + 1));
  const start = 2 + 2 * ((1 << 20) + 1) + 100;
  await expect(collect(file.read({ start, end: start + 1 }))).rejects.toMatchObject({
    code: 'PUBLISHED_FILE_ALTERED',
  });
  expect(await collect(file.read({ start: 0, end: 10 }))).toHaveLength(10);
  // A verification looks at what is stored: its verdict says what is wrong with it.
  expect(await collect(file.read(undefined, 'as stored'))).toHaveLength(file.size);
});

test('another manifest, or more proofs than were published, are refused', async () => {
  const lines = [Uint8Array.of(1)];
  const { store } = storeOf(lines);
  const digests = { manifest: sha256(Uint8Array.of(9)), lines: [] };
  await expect(GlobalProofFile.open(store, 's', Uint8Array.of(8), digests)).rejects.toMatchObject({
    code: 'PUBLISHED_FILE_ALTERED',
  });
  const file = await GlobalProofFile.open(store, 's', Uint8Array.of(9), digests);
  await expect(collect(file.read())).rejects.toMatchObject({ code: 'PUBLISHED_FILE_ALTERED' });
});
