import { looseDocuments } from './loose-documents';

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function documents(source: AsyncIterable<Uint8Array>, limit = 1000): Promise<string[]> {
  const found: string[] = [];
  for await (const one of looseDocuments(source, limit)) found.push(one);
  return found;
}

test.each([1, 2, 3, 1000])(
  'brackets and quotes within strings end no document, however it is cut (%d bytes)',
  async (size) => {
    const [a, b, c] = ['{"a":"}]\\"{\\\\"}', '[ {"é":[1,\n2]},\r\n"[" ]', '{}'];
    expect(await documents(pieces(`\ufeff\n ${a}\t${b}${c}\r\n\n`, size))).toEqual([a, b, c]);
  },
);

test('what is no JSON comes as its line, and what is cut off as what is there', async () => {
  expect(await documents(pieces('{"a":1}\nid,BTC\n{"b":"', 4))).toEqual(['{"a":1}', 'id,BTC', '{"b":"']);
});

test.each([['{"a":1}\n'], [' \n']])(
  'memory does not grow with the file: %j again and again',
  async (text) => {
    let [read, found] = [0, 0];
    async function* long(): AsyncGenerator<Uint8Array> {
      for (; read < 2000; read++) yield new TextEncoder().encode(text.repeat(100));
    }
    // A limit far below what is read: nothing but the document under way is kept.
    for await (const _ of looseDocuments(long(), 1000)) found++;
    expect(found).toBe(text.trim() === '' ? 0 : 200_000);
  },
);

test('a document without an end is refused before more is read', async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read += 100;
      yield new Uint8Array(100).fill(0x5b);
    }
  }
  await expect(documents(endless())).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE', kind: 'malformed' });
  expect(read).toBe(1100);
});
