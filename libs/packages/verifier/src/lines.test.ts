import { splitLines } from './lines';

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function lines(text: string, size: number, limit = 100): Promise<string[]> {
  const found: string[] = [];
  for await (const line of splitLines(pieces(text, size), () => limit))
    found.push(new TextDecoder().decode(line));
  return found;
}

test.each([1, 2, 3, 1000])('lines do not depend on how the stream is cut (%d bytes)', async (size) => {
  expect(await lines('abc\n\nde\n', size)).toEqual(['abc', '', 'de']);
});

test('a line without its line feed is a file cut off', async () => {
  await expect(lines('abc\nde', 2)).rejects.toMatchObject({ code: 'FILE_CUT_OFF', kind: 'malformed' });
});

test('a long line is refused before it is read to its end', async () => {
  let read = 0;
  async function* garbage(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read += 1000;
      yield new Uint8Array(1000).fill(65);
    }
  }
  const all = async () => {
    for await (const _ of splitLines(garbage(), () => 5000));
  };
  await expect(all()).rejects.toMatchObject({ code: 'LINE_TOO_LONG' });
  expect(read).toBe(6000);
  expect(await lines('12345\n', 3, 5)).toEqual(['12345']);
  await expect(lines('123456\n', 3, 5)).rejects.toMatchObject({ code: 'LINE_TOO_LONG' });
});
