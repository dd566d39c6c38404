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
        const file = await GlobalProofFile.open(store, 's', manifest);
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
  const file = await GlobalProofFile.open(store, 's', Uint8Array.of(1));
  for await (const piece of file.read()) expect(piece.length).toBeLessThanOrEqual(256 * 1024);
  expect(Math.max(...reads)).toBe(3);
  reads.length = 0;
  await collect(file.read({ start: 80_003 * 5, end: 80_003 * 5 + 10 }));
  expect(reads).toEqual([1]);
});

test('stops reading when its reader leaves', async () => {
  const { store, reads } = storeOf(Array.from({ length: 10 }, () => new Uint8Array(1 << 20)));
  const file = await GlobalProofFile.open(store, 's', Uint8Array.of(1));
  let pieces = 0;
  for await (const piece of file.read()) if (piece.length > 0 && ++pieces === 2) break;
  expect(reads).toHaveLength(1);
});

test('proofs that are not as they were end it, rather than giving a file that is none', async () => {
  const { store } = storeOf([Uint8Array.of(1, 2), Uint8Array.of(3)]);
  const file = await GlobalProofFile.open(store, 's', Uint8Array.of(9));
  for (const broken of [
    [],
    [
      { first: 0, line: Uint8Array.of(1) },
      { first: 2, line: Uint8Array.of(3) },
    ],
  ]) {
    store.lines = async () => broken;
    await expect(collect(file.read())).rejects.toThrow('not as they were');
  }
});
